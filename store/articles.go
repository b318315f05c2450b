package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"exportwatch/crawler"
)

const articleColumns = `SELECT id, url, source, title, authors, text, published, lang, kind, first_seen, events FROM v_articles`

// Articles returns the articles that a filter lets through, the latest seen first.
func (s *Store) Articles(ctx context.Context, f Filter) ([]ArticleRow, error) {
	var w where
	if err := f.ofArticles(&w, "id"); err != nil {
		return nil, fmt.Errorf("articles: %w", err)
	}
	if !f.Since.IsZero() {
		w.add(`first_seen >= ?`, stamp(f.Since))
	}
	var events where
	f.kinds(&events)
	if f.CurrentOnly {
		events.add(`current`)
	}
	if f.Authority != "" {
		events.add(`authority = ?`, f.Authority)
	}
	for _, slot := range f.slots() {
		events.add(`id IN (SELECT event_id FROM event_slots WHERE slot = ? AND value = ?)`, slot.name, slot.value)
	}
	if len(events.conditions) > 0 {
		if !f.Withdrawn {
			events.add(`withdrawn_at IS NULL`)
		}
		w.add(`id IN (SELECT article_id FROM events`+events.String()+`)`, events.args...)
	}
	rows, err := collect(ctx, s.reader, scanArticle, articleColumns+w.String()+` ORDER BY first_seen DESC, id DESC`+f.limit(&w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("articles: %w", err)
	}
	return rows, nil
}

// Article returns one article by its number, the id that an import gave it, or an address that leads to it. It
// returns [ErrNotFound] when there is none.
func (s *Store) Article(ctx context.Context, idOrURL string) (ArticleRow, error) {
	id, _ := strconv.ParseInt(idOrURL, 10, 64) // 0 is nobody's
	key, err := crawler.Key(idOrURL)
	if err != nil {
		key = "" // not an address; no page has this key
	}
	rows, err := collect(ctx, s.reader, scanArticle, articleColumns+` WHERE id = coalesce(
			(SELECT id FROM articles WHERE id = ?),
			(SELECT id FROM articles WHERE key = ?),
			(SELECT article_id FROM pages WHERE key = ?),
			(SELECT min(id) FROM articles WHERE external_id = ? AND external_id <> ''))`, id, key, key, idOrURL)
	if err != nil {
		return ArticleRow{}, fmt.Errorf("article %s: %w", idOrURL, err)
	}
	if len(rows) == 0 {
		return ArticleRow{}, fmt.Errorf("article %s: %w", idOrURL, ErrNotFound)
	}
	return rows[0], nil
}

func scanArticle(rows *sql.Rows) (r ArticleRow, err error) {
	err = rows.Scan(&r.ID, &r.URL, &r.Source, &r.Title, list{&r.Authors}, &r.Text, &r.Published, &r.Lang, &r.Kind, &r.FirstSeen, &r.Events)
	return r, err
}
