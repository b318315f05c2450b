package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"exportwatch/crawler"
)

func TestMemory(t *testing.T) {
	s, run := open(t)
	state := crawler.PageState{
		Key: "k", URL: "https://harbour.test/feed", SourceID: "harbour", ETag: `W/"x"`, LastModified: "Sat, 09 Aug 2025 06:00:00 GMT",
		BodyHash: "abc", FetchedAt: now, Status: 200, Failures: 2, NextTry: now.Add(time.Hour), Settled: true,
	}
	robots := crawler.Robots{Origin: "https://harbour.test", Status: 200, Body: []byte("User-agent: *\nDisallow: /private\x00\n"), FetchedAt: now}
	v := crawler.Visit{
		Fetch: crawler.Fetch{
			SourceID: "harbour", URL: "https://harbour.test/feed", Purpose: crawler.PurposeFeed, At: now, Duration: 1500 * time.Millisecond,
			Outcome: crawler.OutcomeTimeout, Error: "no answer in 30s", NextTry: now.Add(time.Hour),
		},
		State: &state, Robots: &robots,
	}
	for range 2 { // the second replaces what the first remembered
		if err := s.SaveVisit(t.Context(), run, v); err != nil {
			t.Fatal(err)
		}
		gotState, err := s.PageState(t.Context(), "k")
		if err != nil {
			t.Fatal(err)
		}
		gotRobots, err := s.Robots(t.Context(), "https://harbour.test")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(state, gotState); diff != "" {
			t.Errorf("page state (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(robots, gotRobots); diff != "" {
			t.Errorf("robots (-want +got):\n%s", diff)
		}
		state = crawler.PageState{Key: "k", URL: "https://harbour.test/feed2", SourceID: "atlas"}
		robots = crawler.Robots{Origin: "https://harbour.test", Body: []byte{}, FetchedAt: now.Add(time.Hour)}
	}
	want := "harbour https://harbour.test/feed feed 2025-08-09T06:30:00Z 1500 0 timeout no answer in 30s 0 2025-08-09T07:30:00Z"
	got := column(t, s, `SELECT source_id || ' ' || url || ' ' || purpose || ' ' || at || ' ' || duration_ms || ' ' || status || ' ' || outcome
		|| ' ' || error || ' ' || bytes || ' ' || next_try FROM fetches`)
	if len(got) != 2 || got[0] != want {
		t.Errorf("fetches %q, want %q twice", got, want)
	}
}

func TestMemoryOfTheUnknown(t *testing.T) {
	s, _ := open(t)
	if got, err := s.PageState(t.Context(), "nothing"); err != nil || got != (crawler.PageState{}) {
		t.Errorf("PageState: %+v, %v", got, err)
	}
	if got, err := s.Robots(t.Context(), "nothing"); err != nil || got.Origin != "" {
		t.Errorf("Robots: %+v, %v", got, err)
	}
}

// A page that leads to an article still does after it was fetched again without news.
func TestVisitKeepsThePagesArticle(t *testing.T) {
	s, run := open(t)
	a := article(run, "harbour", "/h20", sentence, now)
	save(t, s, a)
	state := crawler.PageState{Key: key(t, a.Article.URL), URL: a.Article.URL, SourceID: "harbour", Status: 304, Settled: true}
	if err := s.SaveVisit(t.Context(), run, crawler.Visit{Fetch: a.Visit.Fetch, State: &state}); err != nil {
		t.Fatal(err)
	}
	if got := column(t, s, `SELECT article_id || ' ' || status FROM pages`); len(got) != 1 || got[0] != "1 304" {
		t.Errorf("pages %q", got)
	}
}
