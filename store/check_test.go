package store

import (
	"strings"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, s *Store, run int64)
		want    string // level, what: detail; of the finding that matters
	}{
		{"a new database", nil, "ok file: whole, schema 1"},
		{"references", nil, "ok references: "},
		{"rows", nil, "ok rows: "},
		{"a run that is going", nil, "ok last run: started 2025-08-09T06:30:00Z and is still going"},
		{"sources", nil, "ok sources: 3, none failing or quiet"},
		{"mail", nil, "ok mail: nothing waits"},
		{"no run", plain(`DELETE FROM runs`), "warn last run: there was none yet"},
		{"a killed run", plain(`UPDATE runs SET outcome = 'interrupted'`), "warn last run: started 2025-08-09T06:30:00Z and was killed"},
		{"a failed run", plain(`UPDATE runs SET outcome = 'failed'`), "error last run: started 2025-08-09T06:30:00Z and failed"},
		{"a failing source", func(t *testing.T, s *Store, _ int64) {
			visit(t, s, now, SourceReport{Outcome: "failed", Error: "feed: 404"})
		}, "warn source harbour: failed at its last visit, last success never: feed: 404"},
		{"a source that fails and fails", func(t *testing.T, s *Store, _ int64) {
			visit(t, s, now, SourceReport{Outcome: "failed", Error: "feed: 404"})
			visit(t, s, now.Add(time.Hour), SourceReport{Outcome: "failed", Error: "feed: 404"})
		}, "warn source harbour: failed 2 times in a row, last success never: feed: 404"},
		{"a quiet source", func(t *testing.T, s *Store, _ int64) {
			visit(t, s, now.AddDate(0, 0, 20), SourceReport{Outcome: "ok"})
		}, "warn source harbour: answers, but its last new article came never"},
		{"mail that waits", func(t *testing.T, s *Store, run int64) {
			save(t, s, article(run, "harbour", "/h20", sentence, now, granted(true)))
			if _, err := s.Subscribe(t.Context(), "desk", now); err != nil {
				t.Fatal(err)
			}
			err := s.Queue(t.Context(), "desk", 1, []Delivery{{ChangeID: 1, Recipient: "a@desk.test", QueuedAt: now, NextTry: now, MessageID: "<1>"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.MarkAttempt(t.Context(), 1, "450 later", now.Add(time.Hour), false); err != nil {
				t.Fatal(err)
			}
		}, "warn mail: 1 queued since 2025-08-09: 450 later"},
		{"a dangling reference", broken(`UPDATE articles SET source_id = 'gone'`), "error references: 1 rows refer to rows that are not there"},
		{"an article without text", broken(`UPDATE articles SET extraction_id = NULL`), "error rows: 1 articles without a text"},
		{"a quote that is not there", broken(`UPDATE extractions SET text = 'Nothing.'`), "error rows: 1 events whose sentence is not in their text"},
		{"an event in the wrong place", broken(`UPDATE developments SET status = 'denied'`), "error rows: 1 events in a development of another kind"},
		{
			"a development of nothing", broken(`DELETE FROM event_slots; DELETE FROM changes; UPDATE developments SET best_event = NULL; DELETE FROM events`),
			"error rows: 1 developments without any event",
		},
		{
			"a text that cannot be found", broken(`INSERT INTO extractions (version_id, extractor, extracted_at, kind, title, authors, text) VALUES (1, 'x', '', '', '', '[]', '')`),
			"error rows: 1 texts that cannot be searched",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, run := open(t)
			if test.prepare != nil {
				test.prepare(t, s, run)
			}
			findings, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, f := range findings {
				line := string(f.Level) + " " + f.What + ": " + f.Detail
				if (f.Level == LevelOK) != (f.Fix == "") {
					t.Errorf("%s: what to do: %q", line, f.Fix)
				}
				if strings.HasPrefix(line, test.want) {
					return
				}
				all = append(all, line)
			}
			t.Errorf("no finding %q in:\n%s", test.want, strings.Join(all, "\n"))
		})
	}
}

// plain runs a statement on a database.
func plain(statement string) func(*testing.T, *Store, int64) {
	return func(t *testing.T, s *Store, _ int64) {
		t.Helper()
		if _, err := s.writer.ExecContext(t.Context(), `PRAGMA foreign_keys = off; `+statement); err != nil {
			t.Fatal(err)
		}
	}
}

// broken does what only a defect could do, to a database with one article and one event.
func broken(statement string) func(*testing.T, *Store, int64) {
	return func(t *testing.T, s *Store, run int64) {
		t.Helper()
		save(t, s, article(run, "harbour", "/h20", sentence, now, granted(true)))
		plain(statement)(t, s, run)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	s, run := open(t)
	for i := range 50 {
		save(t, s, article(run, "harbour", "/"+strings.Repeat("x", i+1), strings.Repeat(sentence, 20), now))
	}
	plain(`PRAGMA writable_schema = on; UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'articles_by_day'`)(t, s, run)
	damaged := reopen(t, s.path, Options{ReadOnly: true})
	findings, err := damaged.Check(t.Context())
	if err == nil && (len(findings) == 0 || findings[0].Level != LevelError || findings[0].What != "file") {
		t.Errorf("%+v", findings)
	}
	if err != nil && !strings.Contains(err.Error(), "damaged") {
		t.Errorf("error %q does not say that the file is damaged", err)
	}
}
