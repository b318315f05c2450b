package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Subscribe registers a subscription and returns its cursor, the id of the last change that it has looked at. A new
// one starts at now: what was known before is no news to it.
func (s *Store) Subscribe(ctx context.Context, name string, now time.Time) (cursor int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO subscriptions (name, created_at, cursor)
			VALUES (?, ?, (SELECT coalesce(max(id), 0) FROM changes)) ON CONFLICT DO NOTHING`, name, stamp(now))
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT cursor FROM subscriptions WHERE name = ?`, name).Scan(&cursor)
	})
	if err != nil {
		return 0, fmt.Errorf("subscribe %s: %w", name, err)
	}
	return cursor, nil
}

// Changes returns the changes after an id, oldest first; limit 0 is all.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	if limit <= 0 {
		limit = -1 // SQLite's word for all
	}
	changes, err := s.changes(ctx, `SELECT id FROM changes WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("changes after %d: %w", after, err)
	}
	return changes, nil
}

// Change returns one change, or [ErrNotFound].
func (s *Store) Change(ctx context.Context, id int64) (Change, error) {
	changes, err := s.changes(ctx, `SELECT ?`, id)
	if err != nil {
		return Change{}, fmt.Errorf("change %d: %w", id, err)
	}
	if len(changes) == 0 {
		return Change{}, fmt.Errorf("change %d: %w", id, ErrNotFound)
	}
	return changes[0], nil
}

// changes returns the changes whose ids a query yields, with their developments and events as of one moment.
func (s *Store) changes(ctx context.Context, ids string, args ...any) (changes []Change, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		changes, err = collect(ctx, tx, scanChange, `SELECT id, kind, at, development_id, event_id FROM changes
			WHERE id IN (`+ids+`) ORDER BY id`, args...)
		if err != nil {
			return err
		}
		rows, err := collect(ctx, tx, scanDevelopment, developmentColumns+` WHERE id IN
			(SELECT development_id FROM changes WHERE id IN (`+ids+`))`, args...)
		if err != nil {
			return fmt.Errorf("developments: %w", err)
		}
		events, err := collect(ctx, tx, scanEvent, eventColumns+` WHERE id IN
			(SELECT event_id FROM changes WHERE id IN (`+ids+`))`, args...)
		if err != nil {
			return fmt.Errorf("events: %w", err)
		}
		for i, c := range changes {
			d := slices.IndexFunc(rows, func(r DevelopmentRow) bool { return r.ID == c.Development.ID })
			if d < 0 {
				return fmt.Errorf("change %d: no row %d of its development: run `exportwatch doctor`", c.ID, c.Development.ID)
			}
			e := slices.IndexFunc(events, func(r EventRow) bool { return r.ID == c.Event.ID })
			if e < 0 {
				return fmt.Errorf("change %d: no row %d of its event: run `exportwatch doctor`", c.ID, c.Event.ID)
			}
			changes[i].Development, changes[i].Event = rows[d], events[e]
		}
		return nil
	})
	return changes, err
}

func scanChange(rows *sql.Rows) (c Change, err error) {
	err = rows.Scan(&c.ID, &c.Kind, instant{&c.At}, &c.Development.ID, &c.Event.ID)
	return c, err
}
