package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func due(t testing.TB, s *Store, at time.Time) []string {
	t.Helper()
	ids, err := s.DueSources(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

func health(t testing.TB, s *Store, id string) SourceRow {
	t.Helper()
	rows, err := s.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rows, func(r SourceRow) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("no source %s", id)
	}
	return rows[i]
}

// visit runs once over the source harbour, for a minute and a few seconds.
func visit(t testing.TB, s *Store, started time.Time, r SourceReport) {
	t.Helper()
	run, err := s.BeginRun(t.Context(), Run{Kind: "run", Started: started})
	if err != nil {
		t.Fatal(err)
	}
	r.SourceID = "harbour"
	report := Report{Outcome: "ok", Finished: started.Add(63 * time.Second), Counts: map[string]int{"pages": r.Pages}, Sources: []SourceReport{r}}
	if err := s.FinishRun(t.Context(), run, report); err != nil {
		t.Fatal(err)
	}
}

func TestSyncSources(t *testing.T) {
	s, _ := open(t)
	everything := []string{"atlas", "commerce", "harbour"}
	if got := due(t, s, now); !slices.Equal(got, everything) {
		t.Errorf("new ones due: %q", got)
	}
	visit(t, s, now, SourceReport{Outcome: "ok"})
	later := now.Add(10 * time.Minute)
	sources := slices.Clone(press)
	sync := func() {
		t.Helper()
		if err := s.SyncSources(t.Context(), sources, later); err != nil {
			t.Fatal(err)
		}
	}
	sync()
	if got := due(t, s, later); !slices.Equal(got, []string{"atlas", "commerce"}) {
		t.Errorf("due after the same settings again: %q", got)
	}
	sources[0].Homepage = "https://harbour.test/en/"
	sync()
	if got := due(t, s, later); !slices.Equal(got, everything) {
		t.Errorf("due after a change of settings: %q", got)
	}
	sources[0].Disabled = true
	sync()
	if got := due(t, s, later); !slices.Equal(got, []string{"atlas", "commerce"}) || health(t, s, "harbour").State != "disabled" {
		t.Errorf("due with one disabled: %q, %+v", got, health(t, s, "harbour"))
	}
	sources = press
	sync()
	visit(t, s, later, SourceReport{Outcome: "ok"})
	sources = press[1:]
	sync()
	if got := health(t, s, "harbour"); got.State != "removed" {
		t.Errorf("after it was removed: %+v", got)
	}
	sources = press
	sync()
	if got := due(t, s, later); !slices.Equal(got, everything) {
		t.Errorf("due after it came back: %q", got)
	}
	whole(t, s)
}

func TestRhythmAndBackOff(t *testing.T) {
	s, _ := open(t)
	started := now.Add(3 * time.Second) // cron is never on the second
	for _, step := range []struct {
		outcome string
		wait    time.Duration
	}{
		{"ok", time.Hour},
		{"failed", time.Hour},
		{"failed", 2 * time.Hour},
		{"failed", 4 * time.Hour},
		{"failed", 8 * time.Hour},
		{"failed", 16 * time.Hour},
		{"failed", 24 * time.Hour},
		{"failed", 24 * time.Hour},
		{"ok", time.Hour},
	} {
		visit(t, s, started, SourceReport{Outcome: step.outcome, Error: "why"})
		at := started.Truncate(time.Minute).Add(step.wait)
		if slices.Contains(due(t, s, at.Add(-time.Second)), "harbour") || !slices.Contains(due(t, s, at), "harbour") {
			t.Errorf("after %s at %s: due %s, want %s", step.outcome, stamp(started), health(t, s, "harbour").NextDue, stamp(at))
		}
		started = at.Add(5 * time.Second)
	}
	if got := backOff(48*time.Hour, 3); got != 48*time.Hour {
		t.Errorf("a slow rhythm became %s after failures", got)
	}
}

func TestStoppedSourceIsDueAtOnce(t *testing.T) {
	s, _ := open(t)
	visit(t, s, now, SourceReport{Outcome: "stopped"})
	if got := health(t, s, "harbour"); got.State != "new" || got.NextDue != stamp(now) {
		t.Errorf("%+v", got)
	}
}

func TestSourceHealth(t *testing.T) {
	s, _ := open(t)
	day := 24 * time.Hour
	for _, step := range []struct {
		after  time.Duration
		report SourceReport
		want   SourceRow
	}{
		{0, SourceReport{Outcome: "ok", Articles: 2}, SourceRow{State: "ok", LastVisit: "2025-08-09T06:31:03Z", LastSuccess: "2025-08-09T06:31:03Z", LastNew: "2025-08-09T06:31:03Z"}},
		{
			day,
			SourceReport{Outcome: "failed", Error: "feed: 503"},
			SourceRow{State: "failing", LastVisit: "2025-08-10T06:31:03Z", LastSuccess: "2025-08-09T06:31:03Z", LastNew: "2025-08-09T06:31:03Z", Failures: 1, LastError: "feed: 503"},
		},
		{13 * day, SourceReport{Outcome: "ok"}, SourceRow{State: "ok", LastVisit: "2025-08-22T06:31:03Z", LastSuccess: "2025-08-22T06:31:03Z", LastNew: "2025-08-09T06:31:03Z"}},
		{14 * day, SourceReport{Outcome: "ok"}, SourceRow{State: "quiet", LastVisit: "2025-08-23T06:31:03Z", LastSuccess: "2025-08-23T06:31:03Z", LastNew: "2025-08-09T06:31:03Z"}},
		{15 * day, SourceReport{Outcome: "ok", Articles: 1}, SourceRow{State: "ok", LastVisit: "2025-08-24T06:31:03Z", LastSuccess: "2025-08-24T06:31:03Z", LastNew: "2025-08-24T06:31:03Z"}},
	} {
		visit(t, s, now.Add(step.after), step.report)
		got := health(t, s, "harbour")
		step.want.ID, step.want.Name, step.want.Language, step.want.NextDue = "harbour", "Harbour Wire", "en", got.NextDue
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", step.after, diff)
		}
	}
}

func TestRunsAreRecords(t *testing.T) {
	s, killed := open(t)
	visit(t, s, now, SourceReport{Outcome: "ok", Pages: 4, Articles: 2, Failed: 1})
	want := []string{
		"1 run test r1 2025-08-09T06:30:00Z NULL interrupted {}",
		`2 run   2025-08-09T06:30:00Z 2025-08-09T06:31:03Z ok {"pages":4}`,
	}
	got := column(t, s, `SELECT id || ' ' || kind || ' ' || version || ' ' || ruleset || ' ' || started_at || ' ' ||
		coalesce(finished_at, 'NULL') || ' ' || outcome || ' ' || counts FROM runs`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("run %d was killed (-want +got):\n%s", killed, diff)
	}
	if err := s.FinishRun(context.WithoutCancel(t.Context()), 99, Report{}); err == nil {
		t.Error("a run that never began was finished")
	}
}
