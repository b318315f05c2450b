package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// migrations bring a schema from one version to the next: the file NNNN_name.sql leads to version NNNN, which
// SQLite keeps as user_version. They are never edited once released, only added.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID stands in the header of each database of ours (PRAGMA application_id): "expw".
const applicationID = 0x65787077

// migrate brings the database up to the newest of the migrations. All steps run in one immediate transaction, so
// two processes that start together migrate once, and a process that is killed leaves the old schema whole. A
// database that already has a schema is first copied to path.bak-vN.
func migrate(ctx context.Context, db *sql.DB, path string, files fs.FS) error {
	names, err := fs.Glob(files, "migrations/*.sql") // sorted
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	version, err := schemaVersion(ctx, db, len(names))
	if err != nil || version == len(names) {
		return err
	}
	if version > 0 {
		if err := backup(ctx, db, fmt.Sprintf("%s.bak-v%d", path, version)); err != nil {
			return fmt.Errorf("back up before the migration to schema %d: %w", len(names), err)
		}
	}
	return transact(ctx, db, func(tx *sql.Tx) error {
		version, err := schemaVersion(ctx, tx, len(names)) // another process may have been first
		if err != nil {
			return err
		}
		for _, name := range names[version:] {
			script, err := fs.ReadFile(files, name)
			if err != nil {
				return fmt.Errorf("migration %s: %w", name, err)
			}
			if _, err := tx.ExecContext(ctx, string(script)); err != nil {
				return fmt.Errorf("migration %s: %w", name, err)
			}
		}
		// A pragma takes no bound values; this one is a number of ours.
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(names))); err != nil {
			return fmt.Errorf("note schema version: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO meta (key, value) VALUES ('installation', ?) ON CONFLICT DO NOTHING`,
			strings.ToLower(rand.Text()))
		return err
	})
}

// checkSchema tells a reader whether it can understand the database.
func checkSchema(ctx context.Context, db *sql.DB) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	version, err := schemaVersion(ctx, db, len(names))
	switch {
	case err != nil:
		return err
	case version == 0:
		return errors.New("the database is empty: run `exportwatch run` first, or name another with --db")
	case version < len(names):
		return fmt.Errorf("the database has schema %d and this exportwatch reads schema %d: run `exportwatch run` once, which brings it up to date",
			version, len(names))
	}
	return nil
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// schemaVersion returns the version of the schema, 0 for an empty database. A database of another program and one
// that is newer than this one are errors.
func schemaVersion(ctx context.Context, db queryer, newest int) (int, error) {
	var application, version, tables int
	err := db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_schema)`).Scan(&application, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case application == applicationID && version > newest:
		return 0, fmt.Errorf("the database has schema %d and this exportwatch knows up to %d: use the newer exportwatch that wrote it", version, newest)
	case application == applicationID:
		return version, nil
	case application == 0 && tables == 0:
		return 0, nil
	}
	return 0, errors.New("it is a SQLite database of another program: name another file with --db")
}

// backup copies the database to another file, replacing an older copy only once the new one is whole.
func backup(ctx context.Context, db *sql.DB, to string) error {
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, part); err != nil {
		return err
	}
	return os.Rename(part, to)
}
