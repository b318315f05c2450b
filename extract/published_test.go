package extract_test

import (
	"testing"
	"time"

	"exportwatch/extract"
)

func TestParsePublished(t *testing.T) {
	tests := []struct {
		in, tz               string
		want, day, precision string
	}{
		{"2025-08-08T18:42:10+02:00", "Europe/Paris", "2025-08-08T16:42:10Z", "2025-08-08", "time"},
		{"2025-08-08T23:30:00Z", "Asia/Tokyo", "2025-08-08T23:30:00Z", "2025-08-09", "time"}, // already tomorrow there
		{"2025-08-08T18:42:10.123+0200", "", "2025-08-08T16:42:10Z", "2025-08-08", "time"},
		{"2025-08-08 18:42:10", "Europe/Paris", "2025-08-08T16:42:10Z", "2025-08-08", "time"},
		{"2025-01-08T18:42", "Europe/Paris", "2025-01-08T17:42:00Z", "2025-01-08", "time"}, // winter
		{"2025-08-08T18:42+0200", "", "2025-08-08T16:42:00Z", "2025-08-08", "time"},
		{"20250808T184210Z", "", "2025-08-08T18:42:10Z", "2025-08-08", "time"},
		{"2025-08-08", "America/New_York", "2025-08-08", "2025-08-08", "day"},
		{" 2025-08-08 ", "", "2025-08-08", "2025-08-08", "day"},
		{"", "", "", "", "unknown"},
	}
	for _, tt := range tests {
		p, err := extract.ParsePublished(tt.in, tt.tz)
		if err != nil {
			t.Errorf("ParsePublished(%q, %q): %v", tt.in, tt.tz, err)
			continue
		}
		if p.String() != tt.want || p.Day != tt.day || p.Precision() != tt.precision || p.Known() != (tt.want != "") {
			t.Errorf("ParsePublished(%q, %q) = %q, day %q, %s, known %v; want %q, %q, %s",
				tt.in, tt.tz, p, p.Day, p.Precision(), p.Known(), tt.want, tt.day, tt.precision)
		}
	}
	for _, bad := range []string{"yesterday", "2025-02-31", "2025-13-01", "08/08/2025", "2025-08-08T25:00:00Z"} {
		if p, err := extract.ParsePublished(bad, ""); err == nil {
			t.Errorf("ParsePublished(%q) = %q, want an error", bad, p)
		}
	}
	if _, err := extract.ParsePublished("2025-08-08", "Nowhere"); err == nil {
		t.Error("a time zone that does not exist is no error")
	}
}

func TestPublishedVote(t *testing.T) {
	const linked = `<script type="application/ld+json">{"@type":"Article","datePublished":"2025-03-03T10:00:00Z"}</script>`
	tests := []struct {
		name, head, body string
		url              string
		hints            extract.Hints
		want             string
	}{
		{name: "JSON-LD before meta", head: linked + `<meta name="date" content="2025-03-02">`, want: "2025-03-03T10:00:00Z"},
		{name: "two that agree outvote one", head: linked + `<meta name="date" content="2025-03-02"><meta property="article:published_time" content="2025-03-02T08:00:00Z">`, want: "2025-03-02T08:00:00Z"},
		{name: "a time beats the day of the same day", head: `<meta name="date" content="2025-03-02">`, body: `<time datetime="2025-03-02T08:00:00Z">`, want: "2025-03-02T08:00:00Z"},
		{name: "modified is not published", head: `<meta property="article:modified_time" content="2025-03-02T08:00:00Z">`, want: ""},
		{name: "midnight is a day", head: `<meta name="date" content="2025-03-02T00:00:00">`, want: "2025-03-02"},
		{name: "midnight in UTC of an eastern page is its day", head: `<meta name="date" content="2025-03-02T00:00:00Z">`, hints: extract.Hints{Timezone: "America/New_York"}, want: "2025-03-02"},
		{name: "midnight at the source is a day", head: `<meta name="date" content="2025-03-01T23:00:00Z">`, hints: extract.Hints{Timezone: "Europe/Paris"}, want: "2025-03-02"},
		{name: "the epoch is implausible", head: `<meta name="date" content="1970-01-01T01:00:00Z">`, want: ""},
		{name: "next year is implausible", head: `<meta name="date" content="2026-03-02">`, body: `<p class="date">1 March 2025</p>`, want: "2025-03-01"},
		{name: "microdata", body: `<span itemprop="datePublished" content="2025-03-02T08:00:00+01:00">today</span>`, want: "2025-03-02T07:00:00Z"},
		{name: "mail date", head: `<meta name="pubdate" content="Sun, 02 Mar 2025 08:00:00 GMT">`, want: "2025-03-02T08:00:00Z"},
		{name: "zone names are no offsets", head: `<meta name="pubdate" content="Sun, 02 Mar 2025 08:00:00 EST">`, want: "2025-03-02"},
		{name: "the feed", hints: extract.Hints{Published: time.Date(2025, 3, 2, 8, 0, 0, 0, time.UTC)}, want: "2025-03-02T08:00:00Z"},
		{name: "the feed in words", hints: extract.Hints{Date: "dim. 2 mars 2025"}, want: "2025-03-02"},
		{name: "French", body: `<p class="date">Publié le 1er août 2025 à 18h</p>`, want: "2025-08-01"},
		{name: "German", body: `<span class="article-date">8. August 2025</span>`, want: "2025-08-08"},
		{name: "American", body: `<span class="published">Aug. 8, 2025</span>`, want: "2025-08-08"},
		{name: "Spanish", body: `<span class="fecha date">8 de agosto de 2025</span>`, want: "2025-08-08"},
		{name: "Japanese", body: `<span class="date">2025年8月8日</span>`, want: "2025-08-08"},
		{name: "Korean", body: `<span class="date">2025년 8월 8일</span>`, want: "2025-08-08"},
		{name: "day first", body: `<span class="date">08.07.2025</span>`, want: "2025-07-08"},
		{name: "month first in America", hints: extract.Hints{Language: "en-US"}, body: `<span class="date">07/08/2025</span>`, want: "2025-07-08"},
		{name: "no 25th month anywhere", body: `<span class="date">07/25/2025</span>`, want: "2025-07-25"},
		{name: "day first in Britain", hints: extract.Hints{Language: "en-GB"}, body: `<span class="date">08/07/2025</span>`, want: "2025-07-08"},
		{name: "under the title", body: `<h1>T</h1><div>Paris, 8 August 2025</div>`, want: "2025-08-08"},
		{name: "not of another article", body: `<div class="related"><time datetime="2025-03-02T08:00:00Z">x</time></div>`, want: ""},
		{name: "the address", url: "https://a.test/2025/03/02/x.html", want: "2025-03-02"},
		{name: "31 February", body: `<span class="date">31.02.2025</span>`, want: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extractPage(t, tt.url, "<head>"+tt.head+"</head><body>"+tt.body+"</body>", tt.hints)
			if got := a.Published.String(); got != tt.want {
				t.Errorf("published %q, want %q", got, tt.want)
			}
		})
	}
}

func extractPage(t *testing.T, url, html string, h extract.Hints) extract.Article {
	t.Helper()
	if url == "" {
		url = "https://a.test/news/x"
	}
	a, err := extract.Extract(page(url, []byte("<!doctype html><html>"+html+"</html>")), h)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
