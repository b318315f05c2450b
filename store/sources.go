package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"exportwatch/crawler"
)

// SyncSources makes the table of sources follow the configuration, of which sources is the whole. A source that is
// new or whose settings changed becomes due at once; one that is gone is no longer due and stays, as its articles do.
func (s *Store) SyncSources(ctx context.Context, sources []crawler.Source, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		ids := make([]string, 0, len(sources))
		for _, src := range sources {
			if err := syncSource(ctx, tx, src, now); err != nil {
				return fmt.Errorf("sync source %s: %w", src.ID, err)
			}
			ids = append(ids, src.ID)
		}
		_, err := tx.ExecContext(ctx, `UPDATE sources SET removed_at = ?
			WHERE removed_at IS NULL AND id NOT IN (SELECT value FROM json_each(?))`, stamp(now), array(ids))
		if err != nil {
			return fmt.Errorf("sync sources: %w", err)
		}
		return nil
	})
}

func syncSource(ctx context.Context, tx *sql.Tx, src crawler.Source, now time.Time) error {
	settings, err := json.Marshal(src)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(settings)
	_, err = tx.ExecContext(ctx, `INSERT INTO sources
			(id, name, homepage, country, language, kind, timezone, settings_hash, every_s, disabled, first_seen, next_due)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET
			next_due = CASE WHEN settings_hash = excluded.settings_hash AND removed_at IS NULL THEN next_due ELSE excluded.next_due END,
			name = excluded.name, homepage = excluded.homepage, country = excluded.country, language = excluded.language,
			kind = excluded.kind, timezone = excluded.timezone, settings_hash = excluded.settings_hash,
			every_s = excluded.every_s, disabled = excluded.disabled, removed_at = NULL`,
		src.ID, src.Name, src.Homepage, src.Country, src.Language, src.Kind, src.Timezone,
		hex.EncodeToString(sum[:]), int64(time.Duration(src.Every).Seconds()), src.Disabled, stamp(now), stamp(now))
	return err
}

// DueSources returns the ids of the sources whose next visit is due, those first that have waited longest.
func (s *Store) DueSources(ctx context.Context, now time.Time) ([]string, error) {
	ids, err := collect(ctx, s.reader, scanText, `SELECT id FROM sources
		WHERE next_due <= ? AND NOT disabled AND removed_at IS NULL ORDER BY next_due, id`, stamp(now))
	if err != nil {
		return nil, fmt.Errorf("due sources: %w", err)
	}
	return ids, nil
}

const sourceColumns = `SELECT id, name, language, disabled, next_due, last_visit, last_success, last_new, failures, last_error,
	articles, state FROM v_source_health`

// Sources returns all sources that were ever configured, with their health.
func (s *Store) Sources(ctx context.Context) ([]SourceRow, error) {
	rows, err := collect(ctx, s.reader, scanSource, sourceColumns+` ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	return rows, nil
}

func scanSource(rows *sql.Rows) (r SourceRow, err error) {
	err = rows.Scan(&r.ID, &r.Name, &r.Language, &r.Disabled, &r.NextDue, &r.LastVisit, &r.LastSuccess,
		&r.LastNew, &r.Failures, &r.LastError, &r.Articles, &r.State)
	return r, err
}
