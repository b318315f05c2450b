package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mattn/go-sqlite3"
)

func TestOpenRefuses(t *testing.T) {
	for _, test := range []struct {
		name     string
		prepare  func(t *testing.T, path string) // nil: the file does not exist
		readOnly bool
		want     []string
	}{
		{"nothing there, for reading", nil, true, []string{"no database at ", "exportwatch run"}},
		{"no folder", func(t *testing.T, path string) {
			if err := os.Remove(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
		}, false, []string{"the folder ", "does not exist", "create it"}},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, false, []string{"it is a folder", "name a file in it"}},
		{
			"not a database", text("From: somebody\n\nThis is a mail, and long enough to be a page of a database, or so it seems." + strings.Repeat(".", 4096)), false,
			[]string{"not a SQLite database", "--db"},
		},
		{"not a database, for reading", text("short"), true, []string{"not a database", "--db"}},
		{"an empty file, for reading", text(""), true, []string{"is empty", "exportwatch run"}},
		{"of another program", schema(`CREATE TABLE visits (url TEXT)`), false, []string{"another program", "--db"}},
		{"of another program with an id", schema(`PRAGMA application_id = 7`), false, []string{"another program", "--db"}},
		{"newer", schema(`PRAGMA application_id = 0x65787077; PRAGMA user_version = 99`), false, []string{"schema 99", "newer exportwatch"}},
		{"newer, for reading", schema(`PRAGMA application_id = 0x65787077; PRAGMA user_version = 99`), true, []string{"schema 99", "newer exportwatch"}},
		{"truncated", func(t *testing.T, path string) {
			s, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, 5000); err != nil {
				t.Fatal(err)
			}
		}, false, []string{"damaged", "restore a backup"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "news.db")
			if test.prepare != nil {
				test.prepare(t, path)
			}
			s, err := Open(t.Context(), path, Options{ReadOnly: test.readOnly})
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			for _, want := range append(test.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}

func text(content string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func schema(script string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		db := connect(path, 1, "")
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), script); err != nil {
			t.Fatal(err)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for code, want := range map[sqlite3.ErrNo]string{
		sqlite3.ErrReadonly: "permissions",
		sqlite3.ErrCantOpen: "permissions",
		sqlite3.ErrFull:     "free some space",
		sqlite3.ErrBusy:     "another program holds the database",
		sqlite3.ErrCorrupt:  "restore a backup",
	} {
		err := explain(fmt.Errorf("save article: %w", sqlite3.Error{Code: code}))
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "save article") {
			t.Errorf("%d: %q does not say %q", code, err, want)
		}
	}
	once := explain(sqlite3.Error{Code: sqlite3.ErrFull})
	if twice := explain(fmt.Errorf("save article: %w", once)); twice.Error() != "save article: "+once.Error() {
		t.Errorf("explained twice: %q", twice)
	}
	if err := explain(sql.ErrNoRows); err != sql.ErrNoRows {
		t.Errorf("an error that is not SQLite's became %q", err)
	}
}

func TestFileNames(t *testing.T) {
	for _, name := range []string{"plain.db", "a question?.db", "50% off.db", "%41.db", "hash#tag.db", "ünï 出口.db", "a&b=c;d+e.db", "'quotes\".db", ":memory:"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			id, err := reopen(t, path, Options{}).Installation(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got, err := reopen(t, path, Options{ReadOnly: true}).Installation(t.Context()); err != nil || got != id {
				t.Errorf("read again: installation %q, %v; want %q", got, err, id)
			}
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), name) {
					t.Errorf("stray file %q", e.Name())
				}
			}
		})
	}
}

func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	reopen(t, "exportwatch.db", Options{})
	if _, err := os.Stat("exportwatch.db"); err != nil {
		t.Error(err)
	}
}

func TestPragmas(t *testing.T) {
	s, _ := open(t)
	for _, test := range []struct {
		pool *sql.DB
		want string
	}{
		{s.writer, "wal 1 1 5000 0"},
		{s.durable, "wal 2 1 5000 0"},
		{s.reader, "wal 1 0 5000 1"},
	} {
		var mode string
		var synchronous, keys, timeout, queryOnly int
		err := test.pool.QueryRowContext(t.Context(), `SELECT (SELECT journal_mode FROM pragma_journal_mode), (SELECT synchronous FROM pragma_synchronous),
			(SELECT foreign_keys FROM pragma_foreign_keys), (SELECT timeout FROM pragma_busy_timeout), (SELECT query_only FROM pragma_query_only)`).
			Scan(&mode, &synchronous, &keys, &timeout, &queryOnly)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(mode, " ", synchronous, " ", keys, " ", timeout, " ", queryOnly); got != test.want {
			t.Errorf("journal_mode, synchronous, foreign_keys, busy_timeout, query_only: %s, want %s", got, test.want)
		}
	}
}

func TestReadOnlyStoreWritesNothing(t *testing.T) {
	s, run := open(t)
	reader := reopen(t, s.path, Options{ReadOnly: true})
	for name, err := range map[string]error{
		"BeginRun":  second(reader.BeginRun(t.Context(), Run{Kind: "run", Started: now})),
		"Save":      second(reader.SaveArticle(t.Context(), article(run, "harbour", "/a", "A.", now))),
		"Subscribe": second(reader.Subscribe(t.Context(), "desk", now)),
		"MarkSent":  reader.MarkSent(t.Context(), 1, now),
	} {
		if err == nil || !strings.Contains(err.Error(), errReadOnly.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := reader.reader.ExecContext(t.Context(), `DELETE FROM runs`); err == nil {
		t.Error("a reader's connection deleted rows")
	}
	if got := column(t, reader, `SELECT count(*) FROM runs`); got[0] != "1" {
		t.Errorf("%s runs, want 1", got[0])
	}
}

func second[T any](_ T, err error) error { return err }

func TestMigration(t *testing.T) {
	s, run := open(t)
	save(t, s, article(run, "harbour", "/h20", "Commerce granted Nvidia licences.", now, granted(true)))
	newest := schemaNow(t)
	files := fstest.MapFS{"migrations/9999_next.sql": {Data: []byte(`ALTER TABLE articles ADD COLUMN words INTEGER NOT NULL DEFAULT 0`)}}
	for i := range newest {
		files[fmt.Sprintf("migrations/%04d.sql", i+1)] = &fstest.MapFile{Data: []byte(`SELECT not_run_again`)}
	}
	for range 2 { // the second finds nothing to do
		if err := migrate(t.Context(), s.writer, s.path, files); err != nil {
			t.Fatal(err)
		}
	}
	if got := column(t, s, `SELECT words FROM articles`); len(got) != 1 || got[0] != "0" {
		t.Errorf("after the migration: %q", got)
	}

	// An exportwatch that does not know the new schema leaves it alone, and the backup opens in it.
	if _, err := Open(t.Context(), s.path, Options{}); err == nil || !strings.Contains(err.Error(), "newer exportwatch") {
		t.Errorf("the old program on the new schema: %v", err)
	}
	old := reopen(t, fmt.Sprintf("%s.bak-v%d", s.path, newest), Options{ReadOnly: true})
	if got := column(t, old, `SELECT url FROM v_articles`); len(got) != 1 {
		t.Errorf("articles in the backup: %q", got)
	}
	whole(t, old)
}

func TestMigrationThatFailsChangesNothing(t *testing.T) {
	s, _ := open(t)
	newest := schemaNow(t)
	files := fstest.MapFS{"migrations/9999_bad.sql": {Data: []byte(`CREATE TABLE half (x TEXT); CREATE TABLE half (x TEXT)`)}}
	for i := range newest {
		files[fmt.Sprintf("migrations/%04d.sql", i+1)] = &fstest.MapFile{}
	}
	err := migrate(t.Context(), s.writer, s.path, files)
	if err == nil || !strings.Contains(err.Error(), "9999_bad.sql") {
		t.Fatalf("error %v does not name the migration", err)
	}
	if got := column(t, s, `SELECT count(*) FROM sqlite_schema WHERE name = 'half'`); got[0] != "0" {
		t.Error("half a migration stayed")
	}
	if got := schemaNow(t); got != newest {
		t.Errorf("schema %d, want %d", got, newest)
	}
	whole(t, s)
}

// schemaNow is the schema that this program writes.
func schemaNow(t *testing.T) int {
	t.Helper()
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "exportwatch.db")
	failed := make(chan error, 8)
	for range cap(failed) {
		go func() {
			s, err := Open(t.Context(), path, Options{})
			if err == nil {
				err = s.Close()
			}
			failed <- err
		}()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	whole(t, reopen(t, path, Options{}))
}

// A user who may read the file and may not write beside it needs the files of the write-ahead log; and a backup that is
// put in the place of the database must not meet an old log.
func TestCloseLeavesAnEmptyLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "exportwatch.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SyncSources(t.Context(), press, now); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("write-ahead log: %v, %v; want one of 0 bytes", info, err)
	}
	if _, err := os.Stat(path + "-shm"); err != nil {
		t.Error(err)
	}
}
