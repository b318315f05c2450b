package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"exportwatch/developments"
	"exportwatch/extract"
	"exportwatch/rules"
)

// storedEvent is an event of an article that was not withdrawn.
type storedEvent struct {
	rules.Event
	id          int64
	development int64
}

// saveEvents makes the events of the article those of an extraction. An event with the same type, status and slots, and as much news,
// as one that is there already is that one, now with its evidence in the new text.
func (w *articleWriter) saveEvents(ctx context.Context, tx *sql.Tx, extraction int64) error {
	old, err := liveEvents(ctx, tx, w.saved.ArticleID)
	if err != nil {
		return fmt.Errorf("load events: %w", err)
	}
	events := w.Events
	if w.Article.Kind != extract.KindArticle {
		events = nil
	}
	for _, e := range events {
		e.Evidence.Quote = clean(e.Evidence.Quote)
		if i := slices.IndexFunc(old, func(o storedEvent) bool { return same(o.Event, e) }); i >= 0 {
			if err := w.keepEvent(ctx, tx, old[i].id, extraction, e); err != nil {
				return fmt.Errorf("keep event %d: %w", old[i].id, err)
			}
			old = slices.Delete(old, i, i+1)
			continue
		}
		if err := w.addEvent(ctx, tx, extraction, e); err != nil {
			return fmt.Errorf("add event %s/%s: %w", e.Type, e.Status, err)
		}
	}
	for _, o := range old {
		if err := w.withdrawEvent(ctx, tx, o, "no longer in the article"); err != nil {
			return fmt.Errorf("withdraw event %d: %w", o.id, err)
		}
	}
	return nil
}

func liveEvents(ctx context.Context, tx *sql.Tx, article int64) ([]storedEvent, error) {
	return collect(ctx, tx, func(rows *sql.Rows) (e storedEvent, err error) {
		err = rows.Scan(&e.id, &e.development, &e.Type, &e.Status, &e.Current, list{&e.Companies}, &e.Authority, list{&e.Items}, list{&e.Destinations})
		return e, err
	}, `SELECT id, development_id, type, status, current, companies, authority, items, destinations FROM v_events
		WHERE article_id = ? AND withdrawn_at = '' ORDER BY id`, article)
}

func same(a, b rules.Event) bool {
	return a.Type == b.Type && a.Status == b.Status && a.Current == b.Current && a.Authority == b.Authority &&
		slices.Equal(distinct(a.Companies), distinct(b.Companies)) &&
		slices.Equal(distinct(a.Items), distinct(b.Items)) &&
		slices.Equal(distinct(a.Destinations), distinct(b.Destinations))
}

// distinct is a slot as the tables hold it: sorted, each value once.
func distinct(values []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

func (w *articleWriter) keepEvent(ctx context.Context, tx *sql.Tx, id, extraction int64, e rules.Event) error {
	_, err := tx.ExecContext(ctx, `UPDATE events SET extraction_id = ?, attribution = ?, date = ?, rule = ?, ruleset = ?, score = ?, cues = ?,
			field = ?, start_byte = ?, end_byte = ?, quote = ? WHERE id = ?`,
		extraction, e.Attribution, e.Date, e.Rule, w.Ruleset, e.Score, array(e.Cues),
		e.Evidence.Field, e.Evidence.Start, e.Evidence.End, e.Evidence.Quote, id)
	return err
}

func (w *articleWriter) addEvent(ctx context.Context, tx *sql.Tx, extraction int64, e rules.Event) error {
	decision, err := w.assign(ctx, tx, e)
	if err != nil {
		return err
	}
	development, err := saveDevelopment(ctx, tx, decision.Development, w.Now)
	if err != nil {
		return fmt.Errorf("save development: %w", err)
	}
	if decision.Development.ID == 0 {
		w.saved.Developments++
	}
	var id int64
	err = tx.QueryRowContext(ctx, `INSERT INTO events (article_id, extraction_id, development_id, run_id, type, status, authority, current,
			attribution, date, rule, ruleset, score, cues, field, start_byte, end_byte, quote, known_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		w.saved.ArticleID, extraction, development, w.RunID, e.Type, e.Status, e.Authority, e.Current,
		e.Attribution, e.Date, e.Rule, w.Ruleset, e.Score, array(e.Cues),
		e.Evidence.Field, e.Evidence.Start, e.Evidence.End, e.Evidence.Quote, stamp(w.Now)).Scan(&id)
	if err != nil {
		return err
	}
	w.saved.Events++
	if err := saveSlots(ctx, tx, `INSERT INTO event_slots (event_id, slot, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		id, e.Companies, e.Items, e.Destinations); err != nil {
		return err
	}
	if err := w.noteCopy(ctx, tx, development); err != nil {
		return fmt.Errorf("look for copies: %w", err)
	}
	if err := chooseBestEvent(ctx, tx, development); err != nil {
		return err
	}
	for _, kind := range decision.Changes {
		if err := w.addChange(ctx, tx, development, id, kind); err != nil {
			return err
		}
	}
	return nil
}

// noteCopy notes whether another article of the development has the same text: copies are no independent origins.
func (w *articleWriter) noteCopy(ctx context.Context, tx *sql.Tx, development int64) error {
	type other struct {
		article int64 // the first with this text
		print   developments.Fingerprint
	}
	others, err := collect(ctx, tx, func(rows *sql.Rows) (o other, err error) {
		err = rows.Scan(&o.article, fingerprint{&o.print})
		return o, err
	}, `SELECT DISTINCT coalesce(a.copy_of, a.id), a.fingerprint FROM events e JOIN articles a ON a.id = e.article_id
		WHERE e.development_id = ? AND a.id <> ? AND a.copy_of IS NOT ? ORDER BY a.id`,
		development, w.saved.ArticleID, w.saved.ArticleID)
	if err != nil {
		return err
	}
	for _, o := range others {
		if w.print.IsCopy(o.print) {
			_, err := tx.ExecContext(ctx, `UPDATE articles SET copy_of = ? WHERE id = ?`, o.article, w.saved.ArticleID)
			return err
		}
	}
	return nil
}

// assign asks developments which development an event is about, among those that it could be.
func (w *articleWriter) assign(ctx context.Context, tx *sql.Tx, e rules.Event) (developments.Decision, error) {
	m := developments.Mention{
		Event:     e,
		Published: w.Article.Published,
		SeenAt:    w.Now,
		Official:  w.official,
	}
	candidates, err := loadCandidates(ctx, tx, m)
	if err != nil {
		return developments.Decision{}, fmt.Errorf("load developments: %w", err)
	}
	country := ""
	if w.Country != nil {
		country = w.Country(e.Authority)
	}
	return developments.Assign(m, country, candidates), nil
}

func (w *articleWriter) addChange(ctx context.Context, tx *sql.Tx, development, event int64, kind developments.ChangeKind) error {
	w.saved.Changes++
	_, err := tx.ExecContext(ctx, `INSERT INTO changes (development_id, event_id, run_id, kind, at) VALUES (?, ?, ?, ?, ?)`,
		development, event, w.RunID, kind, stamp(w.Now))
	return err
}

// withdrawEvent marks an event that is not said any more. It stays, and so does its development; one of which no
// other mention is left is no longer news, so that it is told again should it come back.
func (w *articleWriter) withdrawEvent(ctx context.Context, tx *sql.Tx, e storedEvent, reason string) error {
	_, err := tx.ExecContext(ctx, `UPDATE events SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ?`, stamp(w.Now), reason, e.id)
	if err != nil {
		return err
	}
	if err := chooseBestEvent(ctx, tx, e.development); err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `UPDATE developments SET current = 0
		WHERE id = ? AND current AND NOT EXISTS (SELECT 1 FROM events WHERE development_id = developments.id AND withdrawn_at IS NULL)`, e.development)
	if err != nil {
		return err
	}
	if gone, err := result.RowsAffected(); err != nil || gone == 0 {
		return err
	}
	return w.addChange(ctx, tx, e.development, e.id, developments.ChangeWithdrawn)
}
