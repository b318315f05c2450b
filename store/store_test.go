package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"exportwatch/crawler"
	"exportwatch/extract"
	"exportwatch/rules"
)

// now is the time of the first run of a test.
var now = time.Date(2025, 8, 9, 6, 30, 0, 0, time.UTC)

// press are the sources of the tests.
var press = []crawler.Source{
	{ID: "harbour", Name: "Harbour Wire", Homepage: "https://harbour.test/", Country: "GB", Language: "en", Kind: "wire", Timezone: "UTC", Every: crawler.Duration(time.Hour)},
	{ID: "atlas", Name: "Dépêche Atlas", Homepage: "https://atlas.test/", Country: "FR", Language: "fr", Kind: "newspaper", Timezone: "Europe/Paris", Every: crawler.Duration(2 * time.Hour)},
	{ID: "commerce", Name: "Commerce Department", Homepage: "https://commerce.test/", Country: "US", Language: "en", Kind: "official", Timezone: "America/New_York", Every: crawler.Duration(time.Hour)},
}

// open opens a new database with the sources of the press and a run that has begun.
func open(t testing.TB) (s *Store, run int64) {
	t.Helper()
	s = reopen(t, filepath.Join(t.TempDir(), "exportwatch.db"), Options{})
	if err := s.SyncSources(t.Context(), press, now); err != nil {
		t.Fatal(err)
	}
	run, err := s.BeginRun(t.Context(), Run{Kind: "run", Started: now, Version: "test", Ruleset: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	return s, run
}

func reopen(t testing.TB, path string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// country is what a ruleset knows of authorities.
func country(authority string) string {
	code, _, _ := strings.Cut(authority, "-")
	return strings.ToUpper(code)
}

// article is one that a source published, fetched at a time; the sentence is its text and the evidence of its events.
func article(run int64, source, path, sentence string, at time.Time, events ...rules.Event) Save {
	address := "https://" + source + ".test" + path
	for i := range events {
		events[i].Evidence = rules.Evidence{Field: "text", End: len(sentence), Quote: sentence}
	}
	return Save{
		RunID: run, Now: at, Ruleset: "r1", Country: country, Events: events,
		Article: extract.Article{
			URL: address, SourceID: source, Title: "Title of " + path, Authors: []string{"Ada Wong"}, Lang: "en",
			Kind: extract.KindArticle, Text: sentence,
			Published: extract.Published{At: at.Add(-time.Hour), Day: at.Add(-time.Hour).Format(time.DateOnly)},
		},
		Visit: crawler.Visit{
			Fetch: crawler.Fetch{
				SourceID: source, URL: address, FinalURL: address, Purpose: crawler.PurposeArticle, At: at,
				Duration: 120 * time.Millisecond, Status: 200, Outcome: crawler.OutcomeOK, Bytes: int64(len(sentence)),
			},
			Page: &crawler.Page{
				SourceID: source, URL: address, RequestURL: address, FetchedAt: at, Status: 200,
				Header: http.Header{"Etag": {`"v1"`}, "Set-Cookie": {"secret=1"}}, ContentType: "text/html", Charset: "utf-8",
				Body: []byte("<p>" + sentence + "</p>"),
			},
		},
	}
}

// granted is the licence of the tests.
func granted(current bool) rules.Event {
	return rules.Event{
		Type: "license", Status: "granted", Companies: []string{"nvidia"}, Authority: "us-commerce",
		Items: []string{"nvidia-h20"}, Destinations: []string{"CN"}, Current: current, Attribution: "reported", Rule: "license-granted",
		Score: 0.9, Cues: []string{"news"},
	}
}

func save(t testing.TB, s *Store, a Save) Saved {
	t.Helper()
	saved, err := s.SaveArticle(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// column returns the first column of a plain query, as an analyst would see it.
func column(t testing.TB, s *Store, query string, args ...any) []string {
	t.Helper()
	out, err := collect(t.Context(), s.reader, func(rows *sql.Rows) (string, error) {
		var value any
		err := rows.Scan(&value)
		return fmt.Sprint(value), err
	}, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// whole fails the test if the database has any defect.
func whole(t testing.TB, s *Store) {
	t.Helper()
	if got := column(t, s, `PRAGMA integrity_check`); len(got) != 1 || got[0] != "ok" {
		t.Errorf("integrity_check: %q", got)
	}
	findings, err := s.Check(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Level == LevelError {
			t.Errorf("check: %+v", f)
		}
	}
}
