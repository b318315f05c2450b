package store

import (
	"context"
	"database/sql"
	"fmt"
)

const developmentColumns = `SELECT id, type, status, companies, items, authority, destinations, date, current, official,
	first_seen, last_seen, articles, origins, matter_id, quote, source, url, article_ids, urls FROM v_developments`

// Developments returns the developments that a filter lets through, the latest seen first. Those of which all
// mentions were withdrawn are among them only if the filter includes withdrawn events.
func (s *Store) Developments(ctx context.Context, f Filter) ([]DevelopmentRow, error) {
	var w where
	f.kinds(&w)
	if !f.Withdrawn {
		w.add(`EXISTS (SELECT 1 FROM events WHERE development_id = v_developments.id AND withdrawn_at IS NULL)`)
	}
	if f.CurrentOnly {
		w.add(`current`)
	}
	for _, slot := range f.slots() {
		w.add(`id IN (SELECT development_id FROM development_slots WHERE slot = ? AND value = ?)`, slot.name, slot.value)
	}
	if f.Authority != "" {
		w.add(`authority = ?`, f.Authority)
	}
	if !f.Since.IsZero() {
		w.add(`first_seen >= ?`, stamp(f.Since))
	}
	var articles where
	if err := f.ofArticles(&articles, "article_id"); err != nil {
		return nil, fmt.Errorf("developments: %w", err)
	}
	if len(articles.conditions) > 0 {
		if !f.Withdrawn {
			articles.add(`withdrawn_at IS NULL`)
		}
		w.add(`id IN (SELECT development_id FROM events`+articles.String()+`)`, articles.args...)
	}
	rows, err := collect(ctx, s.reader, scanDevelopment,
		developmentColumns+w.String()+` ORDER BY first_seen DESC, id DESC`+f.limit(&w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("developments: %w", err)
	}
	return rows, nil
}

func scanDevelopment(rows *sql.Rows) (r DevelopmentRow, err error) {
	err = rows.Scan(&r.ID, &r.Type, &r.Status, list{&r.Companies}, list{&r.Items}, &r.Authority, list{&r.Destinations},
		&r.Date, &r.Current, &r.Official, &r.FirstSeen, &r.LastSeen, &r.Articles, &r.Origins, &r.MatterID,
		&r.Quote, &r.Source, &r.URL, list{&r.ArticleIDs}, list{&r.URLs})
	return r, err
}
