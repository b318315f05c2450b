package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"exportwatch/crawler"
)

// PageState returns what is remembered of the address with this key; the zero PageState when nothing is.
func (s *Store) PageState(ctx context.Context, key string) (crawler.PageState, error) {
	var p crawler.PageState
	err := s.reader.QueryRowContext(ctx, `SELECT key, url, source_id, etag, last_modified, body_hash, fetched_at, status,
			failures, next_try, settled
		FROM pages WHERE key = ?`, key).
		Scan(&p.Key, &p.URL, &p.SourceID, &p.ETag, &p.LastModified, &p.BodyHash, instant{&p.FetchedAt}, &p.Status,
			&p.Failures, instant{&p.NextTry}, &p.Settled)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return crawler.PageState{}, fmt.Errorf("page state of %s: %w", key, explain(err))
	}
	return p, nil
}

// Robots returns the robots.txt last fetched from an origin; the zero Robots when none was.
func (s *Store) Robots(ctx context.Context, origin string) (crawler.Robots, error) {
	var r crawler.Robots
	err := s.reader.QueryRowContext(ctx, `SELECT origin, robots_status, robots_body, robots_fetched_at FROM hosts WHERE origin = ?`, origin).
		Scan(&r.Origin, &r.Status, &r.Body, instant{&r.FetchedAt})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return crawler.Robots{}, fmt.Errorf("robots of %s: %w", origin, explain(err))
	}
	return r, nil
}

// SaveVisit writes down a fetch, with the page state and robots.txt that it brought. An article goes through
// [Store.SaveArticle], which does the same and more.
func (s *Store) SaveVisit(ctx context.Context, runID int64, v crawler.Visit) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return saveVisit(ctx, tx, runID, v) })
	if err != nil {
		return fmt.Errorf("save visit to %s: %w", v.Fetch.URL, err)
	}
	return nil
}

func saveVisit(ctx context.Context, tx *sql.Tx, runID int64, v crawler.Visit) error {
	f := v.Fetch
	_, err := tx.ExecContext(ctx, `INSERT INTO fetches
			(run_id, source_id, url, final_url, purpose, at, duration_ms, status, outcome, error, bytes, next_try)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		runID, f.SourceID, clean(f.URL), clean(f.FinalURL), f.Purpose, stamp(f.At), f.Duration.Milliseconds(), f.Status,
		f.Outcome, clean(f.Error), f.Bytes, optional(f.NextTry))
	if err != nil {
		return err
	}
	if v.State != nil {
		if err := savePage(ctx, tx, *v.State); err != nil {
			return err
		}
	}
	if v.Robots == nil {
		return nil
	}
	body := v.Robots.Body
	if body == nil {
		body = []byte{} // an empty file, not NULL
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO hosts (origin, robots_status, robots_body, robots_fetched_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (origin) DO UPDATE SET robots_status = excluded.robots_status, robots_body = excluded.robots_body,
			robots_fetched_at = excluded.robots_fetched_at`,
		v.Robots.Origin, v.Robots.Status, body, stamp(v.Robots.FetchedAt))
	return err
}

func savePage(ctx context.Context, tx *sql.Tx, p crawler.PageState) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO pages
			(key, url, source_id, etag, last_modified, body_hash, fetched_at, status, failures, next_try, settled)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET url = excluded.url, source_id = excluded.source_id, etag = excluded.etag,
			last_modified = excluded.last_modified, body_hash = excluded.body_hash, fetched_at = excluded.fetched_at,
			status = excluded.status, failures = excluded.failures, next_try = excluded.next_try, settled = excluded.settled`,
		p.Key, clean(p.URL), p.SourceID, clean(p.ETag), clean(p.LastModified), p.BodyHash, optional(p.FetchedAt), p.Status,
		p.Failures, optional(p.NextTry), p.Settled)
	return err
}
