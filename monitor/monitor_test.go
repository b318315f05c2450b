package monitor_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"exportwatch/crawler"
	"exportwatch/demopress"
	"exportwatch/extract"
	"exportwatch/monitor"
	"exportwatch/rules"
	"exportwatch/store"
	"exportwatch/testdata"
)

var start = time.Date(2025, 8, 12, 9, 0, 0, 0, time.UTC)

// world is a press, a database and a clock.
type world struct {
	t     *testing.T
	press *demopress.Press
	st    *store.Store
	path  string
	now   time.Time
	log   bytes.Buffer
	o     monitor.Options
}

func newWorld(t *testing.T, press fs.FS) *world {
	t.Helper()
	w := &world{t: t, now: start, path: filepath.Join(t.TempDir(), "exportwatch.db")}
	var err error
	if w.press, err = demopress.Serve(press); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.press.Close() })
	if w.st, err = store.Open(t.Context(), w.path, store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.st.Close() })
	if w.o.Sources, err = crawler.LoadSources(w.press.Sources()); err != nil {
		t.Fatal(err)
	}
	w.o.Crawler = crawler.Options{
		Dial: w.press.Dial, RootCAs: w.press.RootCAs, Clock: func() time.Time { return w.now },
	}
	w.o.Log = slog.New(slog.NewTextHandler(&w.log, nil))
	return w
}

func (w *world) run(ctx context.Context) (monitor.Result, error) {
	w.t.Helper()
	rs, err := rules.Default()
	if err != nil {
		w.t.Fatal(err)
	}
	return monitor.Run(ctx, w.st, rs, w.o)
}

func (w *world) mustRun() monitor.Result {
	w.t.Helper()
	r, err := w.run(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) articles() []store.ArticleRow {
	w.t.Helper()
	rows, err := w.st.Articles(w.t.Context(), store.Filter{})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

func outcomes(r monitor.Result) map[string]string {
	out := map[string]string{}
	for _, s := range r.Sources {
		out[s.SourceID] = s.Outcome
	}
	return out
}

func TestRun(t *testing.T) {
	w := newWorld(t, testdata.Press)
	var last monitor.Counts
	w.o.Progress = func(c monitor.Counts) { last = c }
	first := w.mustRun()
	if first.Outcome != monitor.OutcomeOK || first.Counts.Due != len(w.o.Sources) || first.Counts.Done != first.Counts.Due {
		t.Errorf("first run: %+v", first)
	}
	rows := w.articles()
	if len(rows) == 0 || first.Counts.Articles != len(rows) {
		t.Errorf("counted %d new articles, stored %d", first.Counts.Articles, len(rows))
	}
	events, err := w.st.Events(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) == 0 || first.Counts.Events != len(events) {
		t.Errorf("counted %d events, stored %d", first.Counts.Events, len(events))
	}
	developments, err := w.st.Developments(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(developments) == 0 || first.Counts.Developments != len(developments) {
		t.Errorf("counted %d developments, stored %d", first.Counts.Developments, len(developments))
	}
	if last != first.Counts {
		t.Errorf("the last progress is %+v, the result %+v", last, first.Counts)
	}
	perSource := 0
	for _, s := range first.Sources {
		perSource += s.Articles
	}
	if perSource != len(rows) {
		t.Errorf("the sources report %d new articles, stored %d", perSource, len(rows))
	}

	requests := len(w.press.Requests())
	if again := w.mustRun(); again.RunID != 0 || len(w.press.Requests()) != requests {
		t.Errorf("nothing is due, and yet: %+v, %d requests", again, len(w.press.Requests())-requests)
	}

	w.now = w.now.Add(time.Hour)
	second := w.mustRun()
	if second.RunID == 0 || second.Counts.Articles+second.Counts.Events+second.Counts.Changes != 0 {
		t.Errorf("an hour later the press has not changed, and yet: %+v", second.Counts)
	}
	if second.Counts.NotModified == 0 {
		t.Error("no feed was asked conditionally")
	}
	if w.log.Len() > 0 && strings.Contains(w.log.String(), "level=WARN") {
		t.Errorf("a healthy run warns:\n%s", w.log.String())
	}
}

// What reaches the database is what a reader of the sites would call their articles, each once and under its own name,
// whatever the rules make of it.
func TestRunStoresTheArticlesOfThePress(t *testing.T) {
	type row struct{ URL, Source, Title, Day, Lang, Kind string }
	expected, w := crawledPress(t)
	var want, got []row
	for _, a := range expected.Articles {
		want = append(want, row{a.URL, a.Source, a.Title, day(a.Published), a.Lang, string(extract.KindArticle)})
	}
	for _, a := range w.articles() {
		got = append(got, row{a.URL, a.Source, a.Title, day(a.Published), a.Lang, a.Kind})
	}
	byURL := func(a, b row) int { return strings.Compare(a.URL, b.URL) }
	slices.SortFunc(want, byURL)
	slices.SortFunc(got, byURL)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
}

func day(published string) string { return published[:min(len(published), len(time.DateOnly))] }

func TestRunOnly(t *testing.T) {
	w := newWorld(t, testdata.Press)
	w.o.Only = []string{"chipwire"}
	if got := outcomes(w.mustRun()); !cmp.Equal(got, map[string]string{"chipwire": "ok"}) {
		t.Errorf("visited %v", got)
	}
	if got := w.mustRun(); got.RunID != 0 {
		t.Errorf("chipwire is not due again, and yet: %+v", got)
	}
	w.o.Force = true
	if got := outcomes(w.mustRun()); !cmp.Equal(got, map[string]string{"chipwire": "ok"}) {
		t.Errorf("forced, but visited %v", got)
	}
	w.o.Only = []string{"chipwire", "nobody"}
	if _, err := w.run(t.Context()); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("unknown id: error %v", err)
	}
}

func TestRunDisabled(t *testing.T) {
	w := newWorld(t, testdata.Press)
	i := slices.IndexFunc(w.o.Sources, func(s crawler.Source) bool { return s.ID == "chipwire" })
	w.o.Sources[i].Disabled = true
	w.o.Force = true
	if got := outcomes(w.mustRun()); got["chipwire"] != "" || len(got) != len(w.o.Sources)-1 {
		t.Errorf("visited %v", got)
	}
}

// small is a press of two sites with one article each.
func small(body string) fstest.MapFS {
	press := fstest.MapFS{}
	for _, site := range []string{"one", "two"} {
		host := "www." + site + ".test"
		press["press/sources/"+site+".yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, `id: %s
name: Site %s
homepage: https://%s/
country: US
language: en
kind: trade_press
interval: 1ms
every: 1h
discover:
  - feed: https://%s/feed.xml
`, site, site, host, host)}
		press["press/"+host+"/feed.xml"] = &fstest.MapFile{Data: fmt.Appendf(nil, `<?xml version="1.0"?><rss version="2.0"><channel>
<title>%s</title><link>https://%s/</link><description>News</description>
<item><title>Story of site %s</title><link>https://%s/story.html</link><pubDate>Tue, 12 Aug 2025 08:00:00 GMT</pubDate></item>
</channel></rss>`, site, host, site, host)}
		press["press/"+host+"/story.html"] = &fstest.MapFile{Data: []byte("<!doctype html><title>Story of site " + site + "</title>" + body)}
	}
	press["press/press.yaml"] = &fstest.MapFile{Data: []byte("{}\n")}
	return press
}

// story is long enough to be an article.
var story = "<article><h1>A licence at last</h1>" + strings.Repeat(
	"<p>The Commerce Department has granted Nvidia a licence to export its H20 chips to China, the company said on Tuesday. "+
		"Shipments may begin within weeks, and the customers have waited for them since April of this year.</p>", 4) + "</article>"

func TestRunWithAFailedSource(t *testing.T) {
	press := small(story)
	press["press/press.yaml"] = &fstest.MapFile{Data: []byte("paths:\n  www.one.test/feed.xml:\n    status: 503\n")}
	w := newWorld(t, press)
	r := w.mustRun()
	if want := map[string]string{"one": "failed", "two": "ok"}; r.Outcome != monitor.OutcomePartial || !cmp.Equal(outcomes(r), want) {
		t.Errorf("outcome %s, sources %v", r.Outcome, outcomes(r))
	}
	if failed := r.Failed(); len(failed) != 1 || failed[0].SourceID != "one" || !strings.Contains(failed[0].Error, "503") {
		t.Errorf("failed: %+v", failed)
	}
	if !strings.Contains(w.log.String(), `level=WARN msg="source failed" source=one`) {
		t.Errorf("the log does not tell:\n%s", w.log.String())
	}
	if len(w.articles()) != 1 {
		t.Errorf("the other source brought %d articles", len(w.articles()))
	}
}

func TestRunWithAllSourcesFailed(t *testing.T) {
	w := newWorld(t, small(story))
	w.o.Crawler.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }
	if r := w.mustRun(); r.Outcome != monitor.OutcomeFailed || len(r.Failed()) != 2 {
		t.Errorf("result %+v", r)
	}
}

// A page that no parser can read is a failed fetch that is tried again, and no reason to stop.
func TestRunWithAnUnreadablePage(t *testing.T) {
	press := small(story)
	press["press/www.one.test/story.html"] = &fstest.MapFile{Data: []byte(strings.Repeat("<div>", 1000))}
	w := newWorld(t, press)
	r := w.mustRun()
	if r.Outcome != monitor.OutcomeOK || r.Counts.Failed != 1 || r.Counts.Articles != 1 {
		t.Fatalf("result %+v", r)
	}
	key, err := crawler.Key("https://www.one.test/story.html")
	if err != nil {
		t.Fatal(err)
	}
	state := func() crawler.PageState {
		s, err := w.st.PageState(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := state(); s.Failures != 1 || s.Settled || !s.NextTry.Equal(start.Add(6*time.Hour)) || s.BodyHash+s.ETag+s.LastModified != "" {
		t.Errorf("after the first failure: %+v", s)
	}
	if !strings.Contains(w.log.String(), "outcome=malformed") {
		t.Errorf("the log does not tell:\n%s", w.log.String())
	}

	// Its site mends it: the next try brings the article, although the feed has not changed.
	press["press/www.one.test/story.html"] = press["press/www.two.test/story.html"]
	w.now = start.Add(time.Hour)
	if r := w.mustRun(); r.Counts.Articles != 0 {
		t.Errorf("tried again before its time: %+v", r)
	}
	w.now = start.Add(6 * time.Hour)
	if r := w.mustRun(); r.Counts.Articles != 1 || !state().Settled {
		t.Errorf("mended, but: %+v, %+v", r, state())
	}
}

func TestRunGivesUpOnAnUnreadablePage(t *testing.T) {
	press := small(story)
	press["press/www.one.test/story.html"] = &fstest.MapFile{Data: []byte(strings.Repeat("<div>", 1000))}
	w := newWorld(t, press)
	w.o.Only = []string{"one"}
	var failedAt []time.Duration
	for w.now.Before(start.Add(30 * 24 * time.Hour)) {
		if r := w.mustRun(); r.Counts.Failed > 0 {
			failedAt = append(failedAt, w.now.Sub(start))
		}
		w.now = w.now.Add(3 * time.Hour)
	}
	want := []time.Duration{0, 6 * time.Hour, 30 * time.Hour, 126 * time.Hour}
	if !slices.Equal(failedAt, want) {
		t.Errorf("tried at %v, want %v", failedAt, want)
	}
}

func TestRunStopsWhenTheStoreFails(t *testing.T) {
	w := newWorld(t, testdata.Press)
	var once sync.Once
	w.o.Progress = func(monitor.Counts) { once.Do(func() { w.st.Close() }) }
	r, err := w.run(t.Context())
	if err == nil || r.Outcome != monitor.OutcomeFailed {
		t.Errorf("outcome %s, error %v", r.Outcome, err)
	}
}

// A pack that does not hold together must not pass for one that finds nothing.
func TestRunNeedsItsRules(t *testing.T) {
	w := newWorld(t, testdata.Press)
	rs, err := rules.Load(fstest.MapFS{"packs/en/broken.yaml": {Data: []byte("rules:\n  - {id: en.a, event: license/given, patterns: [\"{x}\"]}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = monitor.Run(t.Context(), w.st, rs, w.o)
	if err == nil || !strings.Contains(err.Error(), "packs/en/broken.yaml:2:") || len(w.press.Requests()) != 0 {
		t.Errorf("error %v after %d requests", err, len(w.press.Requests()))
	}
}

// A site that never answers holds the run until it is told to stop; what the other site brought is stored.
func TestRunIsStopped(t *testing.T) {
	w := newWorld(t, small(story))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dial := w.press.Dial
	w.o.Crawler.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if strings.HasPrefix(addr, "www.one.test") {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return dial(ctx, network, addr)
	}
	w.o.Progress = func(c monitor.Counts) {
		if c.Done == 1 {
			cancel()
		}
	}
	r, err := w.run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"one": "stopped", "two": "ok"}; r.Outcome != monitor.OutcomeStopped || r.Reason != "interrupted" || !cmp.Equal(outcomes(r), want) {
		t.Errorf("outcome %s, reason %q, sources %v", r.Outcome, r.Reason, outcomes(r))
	}
	if len(w.articles()) != 1 {
		t.Errorf("%d articles are stored, want that of the other site", len(w.articles()))
	}
	due, err := w.st.DueSources(t.Context(), w.now)
	if err != nil || !slices.Equal(due, []string{"one"}) {
		t.Errorf("due after the stop: %v, %v", due, err)
	}
}

func TestRunStopsAfterMaxDuration(t *testing.T) {
	w := newWorld(t, small(story))
	w.o.MaxDuration = time.Nanosecond
	r := w.mustRun()
	if r.Outcome != monitor.OutcomeStopped || r.Reason != "time limit" {
		t.Errorf("outcome %s, reason %q", r.Outcome, r.Reason)
	}
}
