package store

import (
	"context"
	"database/sql"
	"fmt"
)

const eventColumns = `SELECT id, type, status, companies, authority, items, destinations, date, current, attribution, rule, ruleset, score,
	field, start_byte, end_byte, quote, development_id, article_id, url, title, source, source_name, lang, published,
	known_from, withdrawn_at, withdrawn_reason FROM v_events`

// Events returns the events that a filter lets through, the latest known first.
func (s *Store) Events(ctx context.Context, f Filter) ([]EventRow, error) {
	var w where
	f.kinds(&w)
	if !f.Withdrawn {
		w.add(`withdrawn_at = ''`)
	}
	if f.CurrentOnly {
		w.add(`current`)
	}
	for _, slot := range f.slots() {
		w.add(`id IN (SELECT event_id FROM event_slots WHERE slot = ? AND value = ?)`, slot.name, slot.value)
	}
	if f.Authority != "" {
		w.add(`authority = ?`, f.Authority)
	}
	if !f.Since.IsZero() {
		w.add(`known_from >= ?`, stamp(f.Since))
	}
	if err := f.ofArticles(&w, "article_id"); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	rows, err := collect(ctx, s.reader, scanEvent, eventColumns+w.String()+` ORDER BY known_from DESC, id DESC`+f.limit(&w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return rows, nil
}

func scanEvent(rows *sql.Rows) (r EventRow, err error) {
	err = rows.Scan(&r.ID, &r.Type, &r.Status, list{&r.Companies}, &r.Authority, list{&r.Items}, list{&r.Destinations},
		&r.Date, &r.Current, &r.Attribution, &r.Rule, &r.Ruleset, &r.Score,
		&r.Evidence.Field, &r.Evidence.Start, &r.Evidence.End, &r.Evidence.Quote, &r.DevelopmentID, &r.ArticleID, &r.URL, &r.Title,
		&r.Source, &r.SourceName, &r.Lang, &r.Published, &r.KnownFrom, &r.WithdrawnAt, &r.WithdrawnReason)
	return r, err
}
