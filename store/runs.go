package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// BeginRun writes down that a run started and returns its id. Runs that never finished are marked as interrupted:
// the caller holds the lock of the database, so whoever began them is gone.
func (s *Store) BeginRun(ctx context.Context, r Run) (id int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE runs SET outcome = 'interrupted' WHERE finished_at IS NULL AND outcome = ''`); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `INSERT INTO runs (kind, started_at, version, ruleset) VALUES (?, ?, ?, ?) RETURNING id`,
			r.Kind, stamp(r.Started), r.Version, r.Ruleset).Scan(&id)
	})
	if err != nil {
		return 0, fmt.Errorf("begin run: %w", err)
	}
	return id, nil
}

// FinishRun writes down how a run ended, and for each source that it visited its health and when it is due again:
// one rhythm after the minute in which the run started (so that an hourly cron job finds it due each hour, some
// seconds early or late). A source that fails is left alone for longer each time: twice the rhythm after the second
// failure in a row, then four times and so on, up to a day. A source that the run did not get through is due at once.
func (s *Store) FinishRun(ctx context.Context, runID int64, r Report) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		counts, err := json.Marshal(r.Counts)
		if err != nil {
			return err
		}
		if r.Counts == nil {
			counts = []byte("{}")
		}
		var started time.Time
		err = tx.QueryRowContext(ctx, `UPDATE runs SET finished_at = ?, outcome = ?, counts = ? WHERE id = ? RETURNING started_at`,
			stamp(r.Finished), r.Outcome, string(counts), runID).Scan(instant{&started})
		if err != nil {
			return err
		}
		for _, visit := range r.Sources {
			if err := finishSource(ctx, tx, runID, started, r.Finished, visit); err != nil {
				return fmt.Errorf("source %s: %w", visit.SourceID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("finish run %d: %w", runID, err)
	}
	return nil
}

func finishSource(ctx context.Context, tx *sql.Tx, runID int64, started, finished time.Time, r SourceReport) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO run_sources (run_id, source_id, outcome, error, pages, articles, failed) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		runID, r.SourceID, r.Outcome, clean(r.Error), r.Pages, r.Articles, r.Failed)
	if err != nil || r.Outcome == "stopped" {
		return err
	}
	var seconds int64
	var failures int
	err = tx.QueryRowContext(ctx, `SELECT every_s, failures FROM sources WHERE id = ?`, r.SourceID).Scan(&seconds, &failures)
	if err != nil {
		return err
	}
	var newest, success any
	if r.Articles > 0 {
		newest = stamp(finished)
	}
	if failures++; r.Outcome == "ok" {
		failures = 0
		success = stamp(finished)
	}
	due := started.Truncate(time.Minute).Add(backOff(time.Duration(seconds)*time.Second, failures))
	_, err = tx.ExecContext(ctx, `UPDATE sources SET next_due = ?, last_visit = ?, failures = ?, last_error = ?,
			last_success = coalesce(?, last_success), last_new = coalesce(?, last_new) WHERE id = ?`,
		stamp(due), stamp(finished), failures, clean(r.Error), success, newest, r.SourceID)
	return err
}

// backOff is the time to the next visit after so many failures in a row.
func backOff(every time.Duration, failures int) time.Duration {
	limit := max(every, 24*time.Hour)
	wait := every
	for range failures - 1 {
		if wait *= 2; wait >= limit {
			return limit
		}
	}
	return wait
}
