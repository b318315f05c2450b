// Package store keeps everything that lasts in one SQLite file: what was fetched, what it said, what follows from
// it, and what was told to whom. All SQL of exportwatch stands here, beside its method. Readers see the last
// committed state while one writer works; an article is written with all that follows from it in one transaction,
// so a process that is killed leaves a whole database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/klauspost/compress/zstd"
	"github.com/mattn/go-sqlite3"

	"exportwatch/crawler"
)

// ErrNotFound is what a lookup by id, address or name returns when there is no such row.
var ErrNotFound = errors.New("not found")

// errReadOnly is what a method that writes returns on a store opened with Options.ReadOnly.
var errReadOnly = errors.New("the database was opened for reading only")

// Store is an open database. Its methods may be called from many goroutines.
type Store struct {
	path    string
	reader  *sql.DB
	writer  *sql.DB // one connection; nil when read-only
	durable *sql.DB // one connection that waits for the disk at each commit; nil when read-only
	zip     *zstd.Encoder
}

var _ crawler.Memory = (*Store)(nil)

// Options say how to open a database. The zero value reads and writes.
type Options struct {
	ReadOnly bool // never writes, not even to migrate; the file must exist
}

const (
	readers     = 4               // queries that can run at the same time
	busyTimeout = 5 * time.Second // patience with other processes that write
)

// Open opens the database at path. Unless it is read-only, it creates a missing file and brings an older schema up
// to date, after a backup beside it. Every error names the file and what to do.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := inspect(path, o.ReadOnly); err != nil {
		return nil, err
	}
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) // takes its memory at its first use
	if err != nil {
		return nil, fmt.Errorf("open %s: start compression: %w", path, err)
	}
	s := &Store{path: path, zip: zip}
	if !o.ReadOnly {
		s.writer = connect(path, 1, "_txlock=immediate&_journal_mode=WAL&_synchronous=NORMAL&_foreign_keys=on")
		s.durable = connect(path, 1, "_txlock=immediate&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on")
		if err := patiently(ctx, func() error { return migrate(ctx, s.writer, path, migrations) }); err != nil {
			s.Close()
			return nil, fmt.Errorf("open %s: %w", path, explain(err))
		}
	}
	s.reader = connect(path, readers, "mode=ro&_query_only=true")
	if err := checkSchema(ctx, s.reader); err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: %w", path, explain(err))
	}
	return s, nil
}

// patiently tries again what finds the database locked. SQLite waits by itself (_busy_timeout), but not where two
// processes switch a new file to the write-ahead log at the same moment: there one is refused at once.
func patiently(ctx context.Context, do func() error) error {
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := do()
		if failure, ok := errors.AsType[sqlite3.Error](err); err != nil && !(ok && failure.Code == sqlite3.ErrBusy) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(backoff.NewConstantBackOff(20*time.Millisecond)), backoff.WithMaxElapsedTime(busyTimeout))
	return err
}

// inspect finds what SQLite would report badly or not at all.
func inspect(path string, readOnly bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && readOnly:
		return fmt.Errorf("no database at %s: run `exportwatch run` first, or name another with --db", path)
	case errors.Is(err, fs.ErrNotExist):
		dir := filepath.Dir(path)
		if _, err := os.Stat(dir); err != nil {
			return fmt.Errorf("open %s: the folder %s does not exist: create it, or name another file with --db", path, dir)
		}
		return nil
	case err != nil:
		return fmt.Errorf("open database: %w", err)
	case info.IsDir():
		return fmt.Errorf("open %s: it is a folder: name a file in it, such as %s", path, filepath.Join(path, "exportwatch.db"))
	case !info.Mode().IsRegular():
		return fmt.Errorf("open %s: it is not a regular file: name another with --db", path)
	}
	return nil
}

// driverName is that of SQLite with a write-ahead log that stays when the last connection closes: a user who may read
// the file and may not write beside it cannot open it otherwise. It stays empty, so that a backup which is put in the
// place of the file does not meet pages of another.
const driverName = "exportwatch"

func init() {
	sql.Register(driverName, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		if _, err := c.Exec(`PRAGMA journal_size_limit = 0`, nil); err != nil {
			return err
		}
		return c.SetFileControlInt("", sqlite3.SQLITE_FCNTL_PERSIST_WAL, 1)
	}})
}

// connect prepares a pool; the file is opened by the first query. Each connection keeps the statements that it has
// prepared: parsing them anew took two fifths of the time of a write.
func connect(path string, size int, parameters string) *sql.DB {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	address := url.URL{Scheme: "file", Path: path, RawQuery: fmt.Sprintf("_busy_timeout=%d&_stmt_cache_size=64&%s", busyTimeout.Milliseconds(), parameters)}
	db, err := sql.Open(driverName, address.String())
	if err != nil { // only when the driver is not registered
		panic(err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// Close closes the database. The writer goes last: it folds the write-ahead log into the file.
func (s *Store) Close() error {
	errs := []error{s.zip.Close()}
	for _, db := range []*sql.DB{s.reader, s.durable, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close %s: %w", s.path, explain(err))
	}
	return nil
}

// write runs do in one transaction of the writer.
func (s *Store) write(ctx context.Context, do func(*sql.Tx) error) error {
	return transact(ctx, s.writer, do)
}

// read runs do in one read transaction: all its queries see the same state.
func (s *Store) read(ctx context.Context, do func(*sql.Tx) error) error {
	return transact(ctx, s.reader, do)
}

func transact(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	if db == nil {
		return errReadOnly
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback() // does nothing after a commit
	if err := do(tx); err != nil {
		return explain(err)
	}
	return explain(tx.Commit())
}
