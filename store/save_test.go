package store

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"exportwatch/crawler"
	"exportwatch/extract"
	"exportwatch/rules"
)

const sentence = "Commerce granted Nvidia licences to sell H20 chips to China."

func TestSaveArticle(t *testing.T) {
	s, run := open(t)
	a := article(run, "harbour", "/h20", sentence, now, granted(true))
	if diff := cmp.Diff(Saved{ArticleID: 1, New: true, Events: 1, Developments: 1, Changes: 1}, save(t, s, a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	events, err := s.Events(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	wantEvent := EventRow{
		ID: 1, Type: "license", Status: "granted", Companies: []string{"nvidia"}, Authority: "us-commerce", Items: []string{"nvidia-h20"},
		Destinations: []string{"CN"}, Current: true, Attribution: "reported", Rule: "license-granted", Ruleset: "r1", Score: 0.9,
		Evidence:      rules.Evidence{Field: "text", End: len(sentence), Quote: sentence},
		DevelopmentID: 1, ArticleID: 1, URL: "https://harbour.test/h20", Title: "Title of /h20", Source: "harbour", SourceName: "Harbour Wire",
		Lang: "en", Published: "2025-08-09T05:30:00Z", KnownFrom: "2025-08-09T06:30:00Z",
	}
	if diff := cmp.Diff([]EventRow{wantEvent}, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	developments, err := s.Developments(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	wantDevelopment := DevelopmentRow{
		ID: 1, Type: "license", Status: "granted", Companies: []string{"nvidia"}, Items: []string{"nvidia-h20"}, Authority: "us-commerce",
		Destinations: []string{"CN"}, Current: true, FirstSeen: "2025-08-09T06:30:00Z", LastSeen: "2025-08-09T06:30:00Z",
		Articles: 1, Origins: 1, MatterID: 1, Quote: sentence, Source: "harbour", URL: "https://harbour.test/h20",
		ArticleIDs: []string{"1"}, URLs: []string{"https://harbour.test/h20"},
	}
	if diff := cmp.Diff([]DevelopmentRow{wantDevelopment}, developments); diff != "" {
		t.Errorf("developments (-want +got):\n%s", diff)
	}
	articles, err := s.Articles(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	wantArticle := ArticleRow{
		ID: 1, URL: "https://harbour.test/h20", Source: "harbour", Title: "Title of /h20", Authors: []string{"Ada Wong"}, Text: sentence,
		Published: "2025-08-09T05:30:00Z", Lang: "en", Kind: "article", FirstSeen: "2025-08-09T06:30:00Z", Events: 1,
	}
	if diff := cmp.Diff([]ArticleRow{wantArticle}, articles); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
	changes, err := s.Changes(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{ID: 1, Kind: "new", At: now, Development: wantDevelopment, Event: wantEvent}}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	whole(t, s)
}

func TestSaveKeepsThePage(t *testing.T) {
	s, run := open(t)
	a := article(run, "harbour", "/h20", sentence, now)
	save(t, s, a)
	var zipped []byte
	var headers string
	err := s.reader.QueryRowContext(t.Context(), `SELECT html, headers FROM versions`).Scan(&zipped, &headers)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer zip.Close()
	if html, err := zip.DecodeAll(zipped, nil); err != nil || string(html) != string(a.Visit.Page.Body) {
		t.Errorf("page %q, %v; want %q", html, err, a.Visit.Page.Body)
	}
	if want := `{"Etag":"\"v1\""}`; headers != want {
		t.Errorf("headers %s, want %s", headers, want)
	}
	state, err := s.PageState(t.Context(), key(t, "https://harbour.test/h20"))
	if err != nil {
		t.Fatal(err)
	}
	if !state.Settled || state.ETag != `"v1"` || !state.FetchedAt.Equal(now) || len(state.BodyHash) != 64 {
		t.Errorf("page state %+v", state)
	}
}

func key(t testing.TB, address string) string {
	t.Helper()
	k, err := crawler.Key(address)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSaveTheSameAgainAddsOnlyTheFetch(t *testing.T) {
	s, run := open(t)
	a := article(run, "harbour", "/h20", sentence, now, granted(true))
	save(t, s, a)
	before := rowCounts(t, s)
	a.Now = now.Add(time.Hour)
	a.Visit.Fetch.At = a.Now
	a.Events = nil // rules that have changed since are the business of reclassify
	if diff := cmp.Diff(Saved{ArticleID: 1}, save(t, s, a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	before["fetches"]++
	if diff := cmp.Diff(before, rowCounts(t, s)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func rowCounts(t testing.TB, s *Store) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, table := range column(t, s, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'article_search%' AND name NOT LIKE 'sqlite_%'`) {
		counts[table] = len(column(t, s, `SELECT 1 FROM `+table))
	}
	return counts
}

// One article, whatever the address by which it is reached.
func TestOneArticleOfManyAddresses(t *testing.T) {
	s, run := open(t)
	a := article(run, "harbour", "/h20", sentence, now, granted(true))
	save(t, s, a)

	feed := article(run, "harbour", "/h20", sentence, now, granted(true))
	feed.Visit.Fetch.URL = "https://harbour.test/feed/redirect?item=12"
	feed.Visit.Page.RequestURL = feed.Visit.Fetch.URL
	if got := save(t, s, feed); got.ArticleID != 1 || got.New {
		t.Errorf("by its canonical address: %+v", got)
	}
	feed.Article.URL = "https://harbour.test/2025/h20-moved"
	if got := save(t, s, feed); got.ArticleID != 1 || got.New {
		t.Errorf("by the address visited: %+v", got)
	}
	for _, id := range []string{"1", "https://harbour.test/h20", "https://harbour.test/feed/redirect?item=12", "https://harbour.test/h20?utm_source=mail"} {
		if got, err := s.Article(t.Context(), id); err != nil || got.ID != 1 {
			t.Errorf("Article(%s) = %d, %v", id, got.ID, err)
		}
	}
	for _, id := range []string{"", "0", "2", "https://harbour.test/other", "no such", "-1"} {
		if got, err := s.Article(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("Article(%q) = %+v, %v; want ErrNotFound", id, got, err)
		}
	}
	whole(t, s)
}

func TestEditedArticle(t *testing.T) {
	s, run := open(t)
	denied := granted(true)
	denied.Status = "denied"
	pending := granted(false)
	pending.Status = "pending"
	save(t, s, article(run, "harbour", "/h20", sentence, now, granted(true), denied))

	later := now.Add(2 * time.Hour)
	edit := article(run, "harbour", "/h20", "Correction: "+sentence, later, granted(true), pending)
	if diff := cmp.Diff(Saved{ArticleID: 1, Events: 1, Developments: 1, Changes: 1}, save(t, s, edit)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{
		"1 granted from 2025-08-09T06:30:00Z: Correction: " + sentence,
		"2 denied from 2025-08-09T06:30:00Z: " + sentence + " withdrawn 2025-08-09T08:30:00Z, no longer in the article",
		"3 pending from 2025-08-09T08:30:00Z: Correction: " + sentence,
	}
	history := `SELECT id || ' ' || status || ' from ' || known_from || ': ' || quote ||
		iif(withdrawn_at <> '', ' withdrawn ' || withdrawn_at || ', ' || withdrawn_reason, '') FROM v_events ORDER BY id`
	if diff := cmp.Diff(want, column(t, s, history)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	wantChanges := []string{"1 new 1", "2 new 2", "2 withdrawn 3"}
	if diff := cmp.Diff(wantChanges, column(t, s, `SELECT development_id || ' ' || kind || ' ' || id FROM changes ORDER BY id`)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := column(t, s, `SELECT text FROM v_articles`); got[0] != "Correction: "+sentence {
		t.Errorf("text shown: %q", got)
	}
	for _, test := range []struct {
		filter Filter
		events int
	}{{Filter{}, 2}, {Filter{Withdrawn: true}, 3}} {
		events, err := s.Events(t.Context(), test.filter)
		if err != nil {
			t.Fatal(err)
		}
		developments, err := s.Developments(t.Context(), test.filter)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) != test.events || len(developments) != test.events {
			t.Errorf("%+v: %d events and %d developments, want %d of each", test.filter, len(events), len(developments), test.events)
		}
	}

	// The site takes its correction back: what was withdrawn is told again, as a new event.
	back := article(run, "harbour", "/h20", sentence, later.Add(time.Hour), granted(true), denied)
	if diff := cmp.Diff(Saved{ArticleID: 1, Events: 1, Changes: 1}, save(t, s, back)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := column(t, s, `SELECT count(*) FROM versions`); got[0] != "2" {
		t.Errorf("%s versions, want 2", got[0])
	}
	whole(t, s)
}

// An edit that turns a recap into news tells of the news.
func TestEditThatMakesNews(t *testing.T) {
	s, run := open(t)
	save(t, s, article(run, "harbour", "/h20", sentence, now, granted(false)))
	save(t, s, article(run, "harbour", "/h20", "Update: "+sentence, now.Add(time.Hour), granted(true)))
	if diff := cmp.Diff([]string{"new"}, column(t, s, `SELECT kind FROM changes`)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"0 withdrawn", "1 live"}, column(t, s, `SELECT current || iif(withdrawn_at <> '', ' withdrawn', ' live') FROM v_events ORDER BY id`)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	whole(t, s)
}

func TestPagesThatAreNoArticles(t *testing.T) {
	s, run := open(t)
	wall := func(path string, at time.Time) Save {
		a := article(run, "harbour", path, "We value your privacy.", at, granted(true))
		a.Article.Kind = extract.KindConsent
		a.Article.URL = "https://harbour.test/consent"
		a.Article.Published = extract.Published{}
		return a
	}
	if diff := cmp.Diff(Saved{ArticleID: 1, New: true}, save(t, s, wall("/a", now))); diff != "" {
		t.Errorf("a wall (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Saved{ArticleID: 2, New: true}, save(t, s, wall("/b", now))); diff != "" {
		t.Errorf("the same wall elsewhere (-want +got):\n%s", diff)
	}
	real := article(run, "harbour", "/a", sentence, now.Add(time.Hour), granted(true))
	real.Article.URL = "https://harbour.test/2025/a"
	if diff := cmp.Diff(Saved{ArticleID: 1, New: true, Events: 1, Developments: 1, Changes: 1}, save(t, s, real)); diff != "" {
		t.Errorf("the article behind it (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Saved{ArticleID: 1}, save(t, s, wall("/a", now.Add(2*time.Hour)))); diff != "" {
		t.Errorf("the wall again (-want +got):\n%s", diff)
	}
	got, err := s.Article(t.Context(), "https://harbour.test/2025/a")
	if err != nil || got.Text != sentence || got.Kind != "article" || got.Events != 1 || got.URL != "https://harbour.test/2025/a" {
		t.Errorf("the article after the wall: %+v, %v", got, err)
	}
	whole(t, s)
}

func TestDateOfPublicationIsKept(t *testing.T) {
	s, run := open(t)
	day := extract.Published{Day: "2025-08-08"}
	for i, step := range []struct {
		published extract.Published
		want      string
	}{
		{extract.Published{}, "|unknown"},
		{day, "2025-08-08|day"},
		{extract.Published{At: now, Day: "2025-08-09"}, "2025-08-08|day"},
		{extract.Published{At: now.Add(-24 * time.Hour), Day: "2025-08-08"}, "2025-08-08T06:30:00Z|time"},
		{extract.Published{At: now, Day: "2025-08-09"}, "2025-08-08T06:30:00Z|time"},
		{extract.Published{}, "2025-08-08T06:30:00Z|time"},
	} {
		a := article(run, "harbour", "/h20", fmt.Sprint(sentence, i), now)
		a.Article.Published = step.published
		save(t, s, a)
		if got := column(t, s, `SELECT v.published || '|' || a.precision FROM v_articles v JOIN articles a USING (id)`); got[0] != step.want {
			t.Errorf("step %d: %s, want %s", i, got[0], step.want)
		}
	}
}

func TestCopiesFollowUpsAndRecaps(t *testing.T) {
	s, run := open(t)
	long := strings.Repeat("The department said that it had reviewed the applications with care. ", 5)
	first := article(run, "harbour", "/h20", sentence+" "+long, now, granted(true))
	first.ExternalID = "dev-s-001"
	save(t, s, first)
	second := article(run, "atlas", "/copie", sentence+" "+long, now.Add(time.Hour), granted(true))
	second.Article.Title = "Other headline"
	if diff := cmp.Diff(Saved{ArticleID: 2, New: true, Events: 1}, save(t, s, second)); diff != "" {
		t.Errorf("a copy (-want +got):\n%s", diff)
	}
	own := article(run, "commerce", "/press", "Today the Department of Commerce issued licences to Nvidia for the export of H20 chips.", now.Add(2*time.Hour), granted(true))
	own.Events[0].Attribution = "official"
	if diff := cmp.Diff(Saved{ArticleID: 3, New: true, Events: 1, Changes: 1}, save(t, s, own)); diff != "" {
		t.Errorf("the authority's own word (-want +got):\n%s", diff)
	}
	recap := article(run, "atlas", "/bilan", "Last summer Washington let Nvidia sell its chips to China again.", now.AddDate(0, 8, 0), granted(false))
	if diff := cmp.Diff(Saved{ArticleID: 4, New: true, Events: 1}, save(t, s, recap)); diff != "" {
		t.Errorf("a recap (-want +got):\n%s", diff)
	}
	rows, err := s.Developments(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 {
		t.Fatalf("%d developments, want 1", len(rows))
	}
	d := rows[0]
	if d.Source != "commerce" {
		t.Errorf("the best sentence is that of %s, want the authority's", d.Source)
	}
	if d.Articles != 4 || d.Origins != 3 || !d.Official || d.LastSeen != "2026-04-09T06:30:00Z" || d.FirstSeen != "2025-08-09T06:30:00Z" {
		t.Errorf("%+v", d)
	}
	if want := []string{"dev-s-001", "2", "3", "4"}; !slices.Equal(d.ArticleIDs, want) {
		t.Errorf("article ids %q, want %q", d.ArticleIDs, want)
	}
	if want := []string{"new", "confirmed"}; !slices.Equal(column(t, s, `SELECT kind FROM changes ORDER BY id`), want) {
		t.Errorf("changes %q, want %q", column(t, s, `SELECT kind FROM changes ORDER BY id`), want)
	}
	if got := column(t, s, `SELECT first_day || '..' || last_day FROM v_developments`); got[0] != "2025-08-09..2025-08-09" {
		t.Errorf("days %s", got[0])
	}
	if got := column(t, s, `SELECT party || ' ' || item || ' ' || destination || ' ' || country FROM matters`); len(got) != 1 || got[0] != "nvidia nvidia-h20 CN US" {
		t.Errorf("matters %q", got)
	}
	if got, err := s.Article(t.Context(), "dev-s-001"); err != nil || got.ID != 1 {
		t.Errorf("by the id of the import: %d, %v", got.ID, err)
	}
	whole(t, s)
}

// Mentions that follow one another closely are one development, however long it goes on, and whatever slots they fill.
func TestLongDevelopment(t *testing.T) {
	s, run := open(t)
	e := granted(true)
	e.Status, e.Items = "pending", nil
	for i, days := range []int{0, 12, 24, 36} {
		got := save(t, s, article(run, "harbour", fmt.Sprint("/", i), fmt.Sprint(sentence, i), now.AddDate(0, 0, days), e))
		if first := i == 0; (got.Developments == 1) != first || (got.Changes == 1) != first {
			t.Errorf("after %d days: %+v", days, got)
		}
	}
	bare := rules.Event{Type: "license", Status: "pending", Current: true, Attribution: "reported"}
	for i, developments := range []int{1, 0} {
		if got := save(t, s, article(run, "harbour", fmt.Sprint("/bare/", i), fmt.Sprint(sentence, "bare", i), now, bare)); got.Developments != developments {
			t.Errorf("mention %d with no slot at all: %+v", i, got)
		}
	}
	whole(t, s)
}

func TestSaveHostileText(t *testing.T) {
	s, run := open(t)
	hostile := "Nul \x00 in the middle, \x1b[31mcolour\x1b[0m, '); DROP TABLE events; --, \"quotes\", ☃ and \u202ereversed\u202c."
	e := granted(true)
	a := article(run, "harbour", "/h20", hostile, now, e)
	a.Article.Title = hostile
	a.Article.Authors = []string{"A\x00B", `C"D`}
	a.Visit.Fetch.Error = hostile
	a.Visit.Page.Header.Set("Link", "<x>\x00")
	save(t, s, a)
	rows, err := s.Events(t.Context(), Filter{Match: hostile})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d events found, %v", len(rows), err)
	}
	want := strings.ReplaceAll(hostile, "\x00", " ")
	if rows[0].Evidence.Quote != want || rows[0].Title != want {
		t.Errorf("quote %q, want %q", rows[0].Evidence.Quote, want)
	}
	got, err := s.Article(t.Context(), "1")
	if err != nil || got.Text[rows[0].Evidence.Start:rows[0].Evidence.End] != rows[0].Evidence.Quote {
		t.Errorf("offsets do not lead to the quote: %v", err)
	}
	if want := []string{"A B", `C"D`}; !slices.Equal(got.Authors, want) {
		t.Errorf("authors %q, want %q", got.Authors, want)
	}
	whole(t, s)
}

func TestSaveThatFailsLeavesNothing(t *testing.T) {
	for name, breakIt := range map[string]func(*Save){
		"unknown source": func(a *Save) { a.Visit.Fetch.SourceID = "nobody" },
		"unknown run":    func(a *Save) { a.RunID = 99 },
		"no page":        func(a *Save) { a.Visit.Page = nil },
		"no address":     func(a *Save) { a.Article.URL = "::::" },
		"late failure": func(a *Save) { // SQLite stores NaN as NULL, which the column refuses
			a.Events = append(a.Events, rules.Event{Type: "control", Status: "imposed", Score: math.NaN()})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, run := open(t)
			before := rowCounts(t, s)
			a := article(run, "harbour", "/h20", sentence, now, granted(true))
			breakIt(&a)
			_, err := s.SaveArticle(t.Context(), a)
			if err == nil || !strings.Contains(err.Error(), "https://harbour.test/h20") {
				t.Errorf("error %v does not name the article", err)
			}
			if diff := cmp.Diff(before, rowCounts(t, s)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// Eight writers and two readers at once: nothing is lost, nothing is told twice, and a reader never sees half an article.
func TestConcurrentSaves(t *testing.T) {
	s, run := open(t)
	const writers, each = 8, 20
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				e := granted(true)
				e.Items = []string{fmt.Sprintf("item-%d", i)} // all writers report the same things
				a := article(run, "harbour", fmt.Sprintf("/%d/%d", w, i), fmt.Sprintf("%s (%d/%d)", sentence, w, i), now, e)
				if _, err := s.SaveArticle(t.Context(), a); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				changes, err := s.Changes(t.Context(), 0, 0)
				if err != nil {
					t.Error(err)
					return
				}
				for _, c := range changes {
					if c.Event.Evidence.Quote == "" || c.Development.Articles == 0 || c.Event.DevelopmentID != c.Development.ID {
						t.Errorf("half a change: %+v", c)
						return
					}
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	want := map[string]string{
		`SELECT count(*) FROM articles`:     fmt.Sprint(writers * each),
		`SELECT count(*) FROM events`:       fmt.Sprint(writers * each),
		`SELECT count(*) FROM developments`: fmt.Sprint(each),
		`SELECT count(*) FROM changes`:      fmt.Sprint(each),
	}
	for query, n := range want {
		if got := column(t, s, query); got[0] != n {
			t.Errorf("%s: %s, want %s", query, got[0], n)
		}
	}
	whole(t, s)
}
