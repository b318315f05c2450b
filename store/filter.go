package store

import "strings"

// kinds narrows to the types and statuses of a filter; "license" alone is every status of it.
func (f Filter) kinds(w *where) {
	if len(f.Types) == 0 {
		return
	}
	var choices []string
	var args []any
	for _, kind := range f.Types {
		name, status, found := strings.Cut(kind, "/")
		if !found {
			choices, args = append(choices, `type = ?`), append(args, name)
			continue
		}
		choices, args = append(choices, `type = ? AND status = ?`), append(args, name, status)
	}
	w.add(`(`+strings.Join(choices, ` OR `)+`)`, args...)
}

// slot is one value that the filter asks for, named as in the tables of slots.
type slot struct{ name, value string }

func (f Filter) slots() []slot {
	var out []slot
	for _, s := range []slot{{"company", f.Company}, {"item", f.Item}, {"destination", f.Destination}} {
		if s.value != "" {
			out = append(out, s)
		}
	}
	return out
}

// ofArticles narrows to articles: column holds their ids.
func (f Filter) ofArticles(w *where, column string) error {
	var articles where
	if f.Source != "" {
		articles.add(`source_id = ?`, f.Source)
	}
	if f.Lang != "" {
		articles.add(`lang = ?`, f.Lang)
	}
	if f.Kind != "" {
		articles.add(`kind = ?`, f.Kind)
	}
	if f.PublishedSince != "" {
		articles.add(`published_day >= ?`, f.PublishedSince)
	}
	if f.Match != "" {
		query, err := match(f.Match)
		if err != nil {
			return err
		}
		articles.add(`extraction_id IN (SELECT rowid FROM article_search WHERE article_search MATCH ?)`, query)
	}
	if len(articles.conditions) > 0 {
		w.add(column+` IN (SELECT id FROM articles`+articles.String()+`)`, articles.args...)
	}
	return nil
}

// limit ends a query; it adds its value to those of w, so it comes last.
func (f Filter) limit(w *where) string {
	if f.Limit <= 0 {
		return ""
	}
	w.args = append(w.args, f.Limit)
	return ` LIMIT ?`
}
