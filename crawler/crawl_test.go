package crawler

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func wantRows(t testing.TB, n *notebook, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, n.rows()); diff != "" {
		t.Errorf("fetches (-want +got):\n%s", diff)
	}
}

func TestCrawl(t *testing.T) {
	p, n, c := newPress(t), newNotebook(), newClock()
	p.page("news.test/robots.txt", "text/plain", "User-agent: *\nDisallow: /private")
	p.feed("news.test/feed", "/a?utm_source=rss", "http://news.test/a", "/private/b", "http://other.test/c", "javascript:x")
	p.page("news.test/a", "Text/HTML; Charset=windows-1252", "<p>Gr\xf6\xdfe</p>")
	p.article("other.test/c")
	p.page("list.test/news", "text/html", `<ul><li><a href="/d">Story d</a><li><a href="/e">Story e</a></ul><a href="/about">About</a>`)
	p.article("list.test/d")
	p.article("list.test/e")
	crawler := newCrawler(t, p, Options{Clock: c.Now})
	sources := []Source{
		feedSource("news", "http://news.test/feed"),
		{ID: "list", Interval: Duration(1), Discover: []Discovery{{Listing: "http://list.test/news", Links: "li a"}}},
		{ID: "off", Disabled: true, Discover: []Discovery{{Feed: "http://off.test/feed"}}},
	}

	results := crawl(t, crawler, n, sources...)
	wantResults := []SourceResult{
		{SourceID: "news", Outcome: SourceOK, Pages: 3, Articles: 2, Failed: 1},
		{SourceID: "list", Outcome: SourceOK, Pages: 3, Articles: 2},
	}
	if diff := cmp.Diff(wantResults, results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Visit{
		Fetch: Fetch{
			SourceID: "news", URL: "http://news.test/a?utm_source=rss", FinalURL: "http://news.test/a?utm_source=rss",
			Purpose: PurposeArticle, At: c.now, Status: 200, Outcome: OutcomeOK, Bytes: 12,
		},
		Page: &Page{
			SourceID: "news", URL: "http://news.test/a?utm_source=rss", RequestURL: "http://news.test/a?utm_source=rss",
			FetchedAt: c.now, Status: 200, ContentType: "text/html", Charset: "windows-1252", Body: []byte("<p>Gr\xf6\xdfe</p>"),
		},
		Link: Link{URL: "http://news.test/a?utm_source=rss", Title: "About /a?utm_source=rss"},
		State: &PageState{
			Key: "https://news.test/a", URL: "http://news.test/a?utm_source=rss", SourceID: "news", ETag: `"12"`,
			LastModified: "Tue, 15 Jul 2025 08:30:00 GMT", FetchedAt: c.now, Status: 200, Settled: true,
			BodyHash: "3a5e2ea4cd1b16db25d5c34c2b1d2ce3da5f8c4f8a6cc2dd62bc4e2f0a2c4d4c",
		},
	}, n.visit(t, "http://news.test/a?utm_source=rss"), cmp.FilterPath(func(path cmp.Path) bool {
		switch path.Last().String() {
		case ".Duration", ".Header", ".BodyHash":
			return true
		}
		return false
	}, cmp.Ignore())); diff != "" {
		t.Errorf("visit to an article (-want +got):\n%s", diff)
	}
	page := n.visit(t, "http://news.test/a?utm_source=rss").Page
	if got := page.Header.Get("Content-Type"); got != "Text/HTML; Charset=windows-1252" {
		t.Errorf("the page's Content-Type is %q, want it as it was sent", got)
	}
	if got := n.visit(t, "http://news.test/robots.txt").Robots; got == nil || string(got.Body) != "User-agent: *\nDisallow: /private" || got.Origin != "http://news.test" {
		t.Errorf("robots.txt to remember: %+v", got)
	}
	refused := n.visit(t, "http://news.test/private/b")
	if want := c.now.Add(24 * time.Hour); !refused.Fetch.NextTry.Equal(want) || !refused.State.NextTry.Equal(want) || refused.Fetch.Error == "" {
		t.Errorf("a disallowed article: %+v, %+v; want the next try at %s", refused.Fetch, refused.State, want)
	}
	if feed := n.visit(t, "http://news.test/feed"); feed.State.ETag != "" || feed.State.Settled {
		t.Errorf("state of a feed with an open link: %+v; want no validators", feed.State)
	}
	if list := n.visit(t, "http://list.test/news"); list.State.ETag == "" || !list.State.Settled {
		t.Errorf("state of a listing with no open link: %+v; want validators", list.State)
	}
	wantRows(
		t, n,
		"article list.test/d ok 200",
		"article list.test/e ok 200",
		"article news.test/a?utm_source=rss ok 200",
		"article news.test/private/b disallowed 0",
		"article other.test/c ok 200",
		"feed news.test/feed ok 200",
		"listing list.test/news ok 200",
		"robots list.test/robots.txt http_error 404",
		"robots news.test/robots.txt ok 200",
		"robots other.test/robots.txt http_error 404",
	)
	if asked := p.asked(); slices.Contains(asked, "news.test/private/b") || slices.Contains(asked, "off.test/feed") {
		t.Errorf("asked for %v", asked)
	}

	// An hour later nothing is new: the settled listing by a conditional request, the open feed by its bytes.
	c.move(time.Hour)
	crawl(t, crawler, n, sources...)
	wantRows(t, n, "feed news.test/feed ok 200", "listing list.test/news not_modified 304")

	// A day later robots.txt is read again, by a new process too.
	c.move(24 * time.Hour)
	p.page("news.test/robots.txt", "text/plain", "")
	p.article("news.test/private/b")
	crawl(t, newCrawler(t, p, Options{Clock: c.Now}), n, sources[0])
	wantRows(
		t, n,
		"article news.test/private/b ok 200",
		"feed news.test/feed ok 200",
		"robots news.test/robots.txt ok 200",
	)
	crawl(t, crawler, n, sources[0])
	wantRows(t, n, "feed news.test/feed not_modified 304")
}

// What dies between a feed and its last article finds all of them again.
func TestCrawlSurvivesInterruption(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.feed("news.test/feed", "/a", "/b", "/c")
	p.article("news.test/a")
	p.article("news.test/b")
	p.article("news.test/c")
	crawler := newCrawler(t, p, Options{})
	source := feedSource("news", "http://news.test/feed")

	full := errors.New("disk full")
	n.before = func(v Visit) error {
		if strings.HasSuffix(v.Fetch.URL, "/b") {
			return full
		}
		return nil
	}
	results, err := crawler.Crawl(t.Context(), []Source{source}, n, n.handle)
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "hand over article http://news.test/b") {
		t.Errorf("crawl: %v, want the error of handle", err)
	}
	if len(results) != 1 || results[0].Outcome != SourceStopped {
		t.Errorf("results %+v, want the source stopped", results)
	}
	wantRows(t, n, "article news.test/a ok 200", "robots news.test/robots.txt http_error 404")

	n.before = nil
	crawl(t, crawler, n, source)
	wantRows(t, n, "article news.test/b ok 200", "article news.test/c ok 200", "feed news.test/feed ok 200")
	crawl(t, crawler, n, source)
	wantRows(t, n, "feed news.test/feed not_modified 304")
}

func TestCrawlStopsWhenMemoryFails(t *testing.T) {
	p, n := newPress(t), newNotebook()
	n.recall = errors.New("database is locked")
	_, err := newCrawler(t, p, Options{}).Crawl(t.Context(), []Source{feedSource("news", "http://news.test/feed")}, n, n.handle)
	if !errors.Is(err, n.recall) || len(p.asked()) != 0 {
		t.Errorf("crawl: %v, want the error of memory and no request", err)
	}
}

func TestCrawlSurvivesPanic(t *testing.T) {
	p, n := newPress(t), newNotebook()
	results, err := newCrawler(t, p, Options{Workers: 1}).Crawl(t.Context(), []Source{feedSource("news", "http://news.test/feed")}, n,
		func(context.Context, Visit) error { panic("unreadable") })
	if err != nil || len(results) != 1 || results[0].Outcome != SourceFailed || !strings.Contains(fmt.Sprint(results[0].Err), "unreadable") {
		t.Errorf("crawl: %+v, %v, want a failed source", results, err)
	}
}

func TestCrawlCancelled(t *testing.T) {
	p, n := newPress(t), newNotebook()
	ctx, cancel := context.WithCancel(t.Context())
	p.feed("news.test/feed", "/a", "/b", "/c")
	p.article("news.test/a")
	p.handle("news.test/b", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done() // until the crawler gives up
	})
	results, err := newCrawler(t, p, Options{Workers: 1}).Crawl(ctx, []Source{
		feedSource("news", "http://news.test/feed", "http://news.test/feed2"),
		feedSource("later", "http://later.test/feed"),
	}, n, n.handle)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("crawl: %v, want %v", err, context.Canceled)
	}
	if len(results) != 1 || results[0].Outcome != SourceStopped || results[0].Articles != 1 {
		t.Errorf("results %+v, want one source, stopped, with an article", results)
	}
	if v := n.visit(t, "http://news.test/b"); v.State != nil || v.Page != nil || v.Fetch.Error == "" {
		t.Errorf("a request that was given up: %+v, want its row alone", v)
	}
	if v := n.visit(t, "http://news.test/feed"); v.State.Settled || v.State.ETag != "" {
		t.Errorf("the state of its feed: %+v, want no validators", v.State)
	}
	wantRows(
		t, n,
		"article news.test/a ok 200",
		"article news.test/b cancelled 0",
		"feed news.test/feed ok 200",
		"robots news.test/robots.txt http_error 404",
	)
}

func TestCrawlOutcomes(t *testing.T) {
	type want struct {
		outcome Outcome
		status  int
		settled bool
		wait    time.Duration // until the next try
		text    string        // in Fetch.Error
	}
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
		}
	}
	body := func(text string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			fmt.Fprint(w, text)
		}
	}
	const limit = 200
	full := strings.Repeat("x", limit)
	for _, test := range []struct {
		name string
		h    http.HandlerFunc
		want want
	}{
		{"ok", body("x"), want{OutcomeOK, 200, true, 0, ""}},
		{"empty", body(""), want{OutcomeOK, 200, true, 0, ""}},
		{"at the limit", body(full), want{OutcomeOK, 200, true, 0, ""}},
		{"too large", body(full + "!"), want{OutcomeTooLarge, 200, false, retryFirst, "more than 200 bytes"}},
		{"bomb", body(string(encode(t, "gzip", make([]byte, 100000))), "Content-Encoding", "gzip"), want{OutcomeTooLarge, 200, false, retryFirst, "more than 200 bytes"}},
		{"not found", status(404), want{OutcomeHTTP, 404, false, retryFirst, "status 404 Not Found"}},
		{"gone", status(410), want{OutcomeHTTP, 410, true, 0, "status 410 Gone"}},
		{"server error", status(500), want{OutcomeHTTP, 500, false, retryFirst, "status 500"}},
		{"no content", status(204), want{OutcomeHTTP, 204, false, retryFirst, "status 204"}},
		{"an unasked 304", status(304), want{OutcomeHTTP, 304, false, retryFirst, "status 304"}},
		{"odd status", status(599), want{OutcomeHTTP, 599, false, retryFirst, "status 599"}},
		{"unavailable, no word for how long", status(503), want{OutcomeHTTP, 503, false, retryFirst, "status 503"}},
		{"unavailable for an hour", status(503, "Retry-After", "3600"), want{OutcomeHTTP, 503, false, time.Hour, "status 503"}},
		{"unavailable until a date", status(503, "Date", "Wed, 16 Jul 2025 07:00:00 GMT", "Retry-After", "Wed, 16 Jul 2025 09:00:00 GMT"), want{OutcomeHTTP, 503, false, 2 * time.Hour, "status 503"}},
		{"too many requests", status(429, "Retry-After", "1"), want{OutcomeHTTP, 429, false, retryFirst, "status 429"}},
		{"too many requests, for a year", status(429, "Retry-After", "31536000"), want{OutcomeHTTP, 429, false, retryMost, "status 429"}},
		{"an image", body("x", "Content-Type", "image/png"), want{OutcomeNotPage, 200, true, 0, `"image/png"`}},
		{"a PDF", body("x", "Content-Type", "application/pdf; charset=binary"), want{OutcomeNotPage, 200, true, 0, `"application/pdf"`}},
		{"an error that is an image", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			w.WriteHeader(404)
		}, want{OutcomeHTTP, 404, false, retryFirst, "status 404"}},
		{"XHTML", body("x", "Content-Type", "application/xhtml+xml"), want{OutcomeOK, 200, true, 0, ""}},
		{"broken encoding", body("x", "Content-Encoding", "gzip"), want{OutcomeMalformed, 200, false, retryFirst, "content encoding"}},
		{"unknown encoding", body("xx", "Content-Encoding", "rot13"), want{OutcomeMalformed, 200, false, retryFirst, "rot13"}},
		{"redirect loop", status(302, "Location", "/page"), want{OutcomeRedirect, 302, false, retryFirst, "leads back to itself"}},
		{"redirect to nothing", status(302), want{OutcomeHTTP, 302, false, retryFirst, "status 302"}},
		{"redirect to another scheme", status(302, "Location", "ftp://x.test/"), want{OutcomeRedirect, 302, false, retryFirst, "ftp://x.test/"}},
		{"redirect to no address", status(302, "Location", "http://[::1"), want{OutcomeRedirect, 302, false, retryFirst, "bad redirect"}},
		{"redirect to a long address", status(302, "Location", "/"+strings.Repeat("a", maxAddress)), want{OutcomeRedirect, 302, false, retryFirst, "longer than"}},
		{"redirect without host", status(302, "Location", "http:///x"), want{OutcomeRedirect, 302, false, retryFirst, "bad redirect"}},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "50")
			fmt.Fprint(w, "short")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, want{OutcomeNetwork, 200, false, retryFirst, "EOF"}},
		{"hung up on", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, want{OutcomeNetwork, 0, false, retryFirst, "EOF"}},
		{"endless headers", status(200, "X", strings.Repeat("x", maxHeaderBytes)), want{OutcomeNetwork, 0, false, retryFirst, "header"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, n, c := newPress(t), newNotebook(), newClock()
			p.feed("news.test/feed", "/page")
			p.handle("news.test/page", test.h)
			crawl(t, newCrawler(t, p, Options{Clock: c.Now, MaxBody: limit}), n, feedSource("news", "http://news.test/feed"))
			visit, feed := n.visit(t, "http://news.test/page"), n.visit(t, "http://news.test/feed")
			f := visit.Fetch
			if f.Outcome != test.want.outcome || f.Status != test.want.status || !strings.Contains(f.Error, test.want.text) || (f.Error == "") != (f.Outcome == OutcomeOK) {
				t.Errorf("fetch %+v; want %+v", f, test.want)
			}
			if visit.State.Settled != test.want.settled || feed.State.Settled != test.want.settled {
				t.Errorf("settled: %v, the feed: %v; want %v", visit.State.Settled, feed.State.Settled, test.want.settled)
			}
			if (visit.Page != nil) != (f.Outcome == OutcomeOK) {
				t.Errorf("page: %+v", visit.Page)
			}
			var next time.Time
			if test.want.wait > 0 {
				next = c.now.Add(test.want.wait)
			}
			if !f.NextTry.Equal(next) || !visit.State.NextTry.Equal(next) {
				t.Errorf("next try %s, in the state %s; want %s", f.NextTry, visit.State.NextTry, next)
			}
			if failures := visit.State.Failures; (failures == 1) != (f.Outcome != OutcomeOK) {
				t.Errorf("%d failures", failures)
			}
		})
	}
}

// An article that keeps failing is tried at growing intervals and given up in the end.
func TestArticleGivenUp(t *testing.T) {
	p, n, c := newPress(t), newNotebook(), newClock()
	p.feed("news.test/feed", "/missing", "/broken")
	p.handle("news.test/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	crawler := newCrawler(t, p, Options{Clock: c.Now})
	tries := make(map[string][]time.Duration)
	start := c.now
	n.before = func(v Visit) error {
		if v.Fetch.Purpose == PurposeArticle {
			tries[v.Fetch.URL] = append(tries[v.Fetch.URL], v.Fetch.At.Sub(start))
		}
		return nil
	}
	for range 7 * 24 * 4 {
		crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
		c.move(15 * time.Minute)
	}
	const m = time.Minute
	want := map[string][]time.Duration{
		"http://news.test/missing": {0, 15 * m, 45 * m},
		"http://news.test/broken":  {0, 15 * m, 45 * m, 105 * m, 225 * m, 465 * m, 945 * m, 1905 * m},
	}
	if diff := cmp.Diff(want, tries); diff != "" {
		t.Errorf("tries (-want +got):\n%s", diff)
	}
	n.rows()
	crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	wantRows(t, n, "feed news.test/feed not_modified 304", "robots news.test/robots.txt http_error 404")
}

func TestCrawlLimitsArticles(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.feed("news.test/feed", "/1", "/2", "/3", "/4", "/5")
	for i := range 5 {
		p.article(fmt.Sprintf("news.test/%d", i+1))
	}
	crawler := newCrawler(t, p, Options{})
	source := feedSource("news", "http://news.test/feed")
	source.MaxArticles = 2
	for visit, want := range []int{2, 2, 1, 0} {
		if results := crawl(t, crawler, n, source); results[0].Articles != want {
			t.Errorf("visit %d: %d articles, want %d", visit, results[0].Articles, want)
		}
	}
}

// An article that its handler could not use stays open, and the feed that names it with it.
func TestCrawlUnsettledByHandler(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.feed("news.test/feed", "/a")
	p.article("news.test/a")
	n.before = func(v Visit) error {
		if v.Page != nil {
			v.State.Settled = false
		}
		return nil
	}
	crawler := newCrawler(t, p, Options{})
	crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	if feed := n.visit(t, "http://news.test/feed"); feed.State.Settled || feed.State.ETag != "" {
		t.Errorf("the state of the feed: %+v, want no validators", feed.State)
	}
}

// A site without conditional requests sends the same feed each time: its links are not looked at again.
func TestCrawlSameBytes(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.handle("news.test/feed", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>")
	})
	p.article("news.test/a")
	crawler := newCrawler(t, p, Options{})
	crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	delete(n.pages, "https://news.test/a")
	p.asked()
	results := crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	if asked := p.asked(); !slices.Equal(asked, []string{"news.test/feed"}) || results[0].Outcome != SourceOK {
		t.Errorf("asked for %v, %+v; want the feed alone", asked, results)
	}
}

// One article that two sources name is fetched once.
func TestCrawlSharedArticle(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.feed("a.test/feed", "http://news.test/x")
	p.feed("b.test/feed", "http://news.test/x#comments")
	p.article("news.test/x")
	crawler := newCrawler(t, p, Options{})
	sources := []Source{feedSource("a", "http://a.test/feed"), feedSource("b", "http://b.test/feed")}
	crawl(t, crawler, n, sources...)
	crawl(t, crawler, n, sources...)
	articles := 0
	for _, asked := range p.asked() {
		if asked == "news.test/x" {
			articles++
		}
	}
	if articles != 1 {
		t.Errorf("fetched %d times, want once", articles)
	}
}

func TestCrawlFailedSources(t *testing.T) {
	p, n, c := newPress(t), newNotebook(), newClock()
	p.page("html.test/feed", "text/html", "<html><body>moved</body></html>")
	p.page("cut.test/feed", "application/rss+xml", "<rss version='2.0'><channel><item><link>/a</link></item><item><ti")
	p.article("cut.test/a")
	p.page("list.test/", "text/html", "<p>no links</p>")
	p.handle("busy.test/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(503)
	})
	p.page("off.test/robots.txt", "text/plain", "User-agent: exportwatch\nDisallow: /")
	p.feed("good.test/feed")
	crawler := newCrawler(t, p, Options{Clock: c.Now})
	sources := []Source{
		feedSource("html", "http://html.test/feed"),
		feedSource("cut", "http://cut.test/feed"),
		{ID: "list", Discover: []Discovery{{Listing: "http://list.test/", Links: "article a"}}, Interval: 1},
		feedSource("busy", "http://busy.test/feed"),
		feedSource("off", "http://off.test/feed"),
		feedSource("half", "http://half.test/feed", "http://good.test/feed"),
		feedSource("none"),
		feedSource("bad", "good.test/feed"),
	}
	results := crawl(t, crawler, n, sources...)
	for i, want := range []struct {
		outcome SourceOutcome
		text    string
	}{
		{SourceFailed, "feed http://html.test/feed: neither RSS nor Atom nor JSON feed"},
		{SourceOK, "feed http://cut.test/feed: malformed feed, 1 items before that were taken"},
		{SourceFailed, `listing http://list.test/: selector "article a" finds no link`},
		{SourceFailed, "feed http://busy.test/feed: status 503 Service Unavailable"},
		{SourceFailed, "feed http://off.test/feed: disallowed by robots.txt of http://off.test"},
		{SourceOK, "feed http://half.test/feed: status 404 Not Found"},
		{SourceFailed, "the source names no feed and no listing"},
		{SourceFailed, "feed good.test/feed: address"},
	} {
		got := results[i]
		if got.Outcome != want.outcome || got.Err == nil || !strings.Contains(got.Err.Error(), want.text) {
			t.Errorf("%s: %s, %v; want %s, %s", got.SourceID, got.Outcome, got.Err, want.outcome, want.text)
		}
	}
	for address, wait := range map[string]time.Duration{
		"http://html.test/feed": 0, "http://half.test/feed": 0, "http://list.test/": 0, // the rhythm decides
		"http://busy.test/feed": 2 * time.Hour, "http://off.test/feed": 24 * time.Hour,
	} {
		v := n.visit(t, address)
		var want time.Time
		if wait > 0 {
			want = c.now.Add(wait)
		}
		if !v.State.NextTry.Equal(want) || !v.Fetch.NextTry.Equal(want) || v.State.Failures != 1 {
			t.Errorf("%s: %+v, %+v; want one failure and the next try at %s", address, v.Fetch, v.State, want)
		}
	}
	if cut := n.visit(t, "http://cut.test/feed"); cut.State.Settled || cut.State.ETag != "" {
		t.Errorf("the state of a feed that broke off: %+v, want no validators", cut.State)
	}
	n.rows()
	c.move(time.Hour)
	results = crawl(t, crawler, n, sources[3])
	if results[0].Outcome != SourceFailed || !strings.Contains(results[0].Err.Error(), "not to be tried before 2025-07-16T08:00:00Z") {
		t.Errorf("a source that asked for a pause: %+v", results[0])
	}
	wantRows(t, n)
}

// After a 429 nobody asks that host again in this run, and others go on.
func TestCrawlPostponedHost(t *testing.T) {
	p, n, c := newPress(t), newNotebook(), newClock()
	p.feed("news.test/feed", "/a", "/b", "http://other.test/c", "http://moved.test/d")
	p.handle("news.test/a", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(429)
	})
	p.article("other.test/c")
	p.handle("moved.test/d", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://news.test/d", http.StatusFound)
	})
	crawler := newCrawler(t, p, Options{Clock: c.Now})
	crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	b := n.visit(t, "http://news.test/b")
	if left := b.State.NextTry.Sub(c.now); left > time.Hour || left < 59*time.Minute || b.State.Failures != 0 {
		t.Errorf("an article that was held back: %+v, want no failure and the next try in an hour", b.State)
	}
	if feed := n.visit(t, "http://news.test/feed"); feed.State.Settled {
		t.Error("the feed is settled")
	}
	wantRows(
		t, n,
		"article moved.test/d postponed 302",
		"article news.test/a http_error 429",
		"article news.test/b postponed 0",
		"article other.test/c ok 200",
		"feed news.test/feed ok 200",
		"robots moved.test/robots.txt http_error 404",
		"robots news.test/robots.txt http_error 404",
		"robots other.test/robots.txt http_error 404",
	)
}

func TestCrawlRedirects(t *testing.T) {
	p, n := newPress(t), newNotebook()
	moved := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
	}
	p.handle("old.test/feed", moved("http://new.test/feeds/all"))
	p.feed("new.test/feeds/all", "a", "b", "c", "d")
	p.handle("new.test/feeds/a", moved("http://news.test/a"))
	p.article("news.test/a")
	p.handle("new.test/feeds/b", moved("http://closed.test/b"))
	p.article("closed.test/b")
	p.page("closed.test/robots.txt", "text/plain", "User-agent: *\nDisallow: /")
	p.handle("new.test/feeds/c", moved("http://user:secret@news.test/c"))
	p.handle("news.test/c", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a redirect made us send a password")
		}
		w.Header().Set("Content-Type", "text/html")
	})
	p.handle("new.test/feeds/d", moved("d1"))
	for i := range pageRedirects + 2 {
		p.handle(fmt.Sprintf("new.test/feeds/d%d", i), moved(fmt.Sprintf("d%d", i+1)))
	}
	crawler := newCrawler(t, p, Options{})
	crawl(t, crawler, n, feedSource("news", "http://old.test/feed"))
	a := n.visit(t, "http://new.test/feeds/a")
	if a.Page.URL != "http://news.test/a" || a.Page.RequestURL != "http://new.test/feeds/a" || a.Fetch.FinalURL != a.Page.URL || a.State.Key != "https://new.test/feeds/a" {
		t.Errorf("a redirected article: %+v, %+v", a.Page, a.State)
	}
	if f := n.visit(t, "http://new.test/feeds/d").Fetch; !strings.Contains(f.Error, "more than 10") {
		t.Errorf("a long chain: %+v", f)
	}
	wantRows(
		t, n,
		"article new.test/feeds/a ok 200",
		"article new.test/feeds/b disallowed 301",
		"article new.test/feeds/c ok 200",
		"article new.test/feeds/d redirect 301",
		"feed old.test/feed ok 200",
		"robots closed.test/robots.txt ok 200",
		"robots new.test/robots.txt http_error 404",
		"robots news.test/robots.txt http_error 404",
		"robots old.test/robots.txt http_error 404",
	)
	if slices.Contains(p.asked(), "closed.test/b") {
		t.Error("a redirect led past robots.txt")
	}
}

// A second address that leads to the bytes of a stored article is no new page.
func TestCrawlKnownArticle(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.feed("news.test/feed", "/a")
	p.article("news.test/a")
	crawler := newCrawler(t, p, Options{})
	crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	n.rows()
	p.feed("news.test/feed", "/short")
	p.handle("news.test/short", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a", http.StatusFound) })
	crawl(t, crawler, n, feedSource("news", "http://news.test/feed"))
	if v := n.visit(t, "http://news.test/short"); v.Page != nil || !v.State.Settled {
		t.Errorf("another way to a known article: page %v, state %+v; want no page, and settled", v.Page, v.State)
	}
}

func TestCrawlRobots(t *testing.T) {
	hops := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			left := n
			_, _ = fmt.Sscan(r.URL.RawQuery, &left)
			if left == 0 {
				fmt.Fprint(w, "User-agent: *\nDisallow: /")
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/robots.txt?%d", left-1), http.StatusFound)
		}
	}
	rules := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /") }
	answer := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			rules(w, r)
		}
	}
	goodFor := func(age time.Duration) Robots {
		return Robots{Origin: "http://news.test", Status: 200, FetchedAt: newClock().now.Add(-age)}
	}
	for _, test := range []struct {
		name   string
		h      http.HandlerFunc
		known  Robots
		want   Outcome // of the feed
		asks   bool    // for robots.txt
		stores bool    // what it got
	}{
		{"disallowed", rules, Robots{}, OutcomeDisallowed, true, true},
		{"no such page", answer(404), Robots{}, OutcomeOK, true, true},
		{"not for us", answer(403), Robots{}, OutcomeOK, true, true},
		{"gone", answer(410), Robots{}, OutcomeOK, true, true},
		{"no content", answer(204), Robots{}, OutcomeOK, true, true},
		{"server error", answer(500), Robots{}, OutcomeDisallowed, true, true},
		{"too many requests", answer(429), Robots{}, OutcomePostponed, true, false},
		{"hung up on", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Robots{}, OutcomeDisallowed, true, true},
		{"five redirects", hops(5), Robots{}, OutcomeDisallowed, true, true},
		{"six redirects", hops(6), Robots{}, OutcomeOK, true, true},
		{"a page instead", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "<html>\n")
			rules(w, r)
		}, Robots{}, OutcomeOK, true, true},
		{"longer than the limit", func(w http.ResponseWriter, r *http.Request) {
			rules(w, r)
			_, _ = w.Write(bytes.Repeat([]byte("\n# padding"), robotsLimit/5))
		}, Robots{}, OutcomeDisallowed, true, true},
		{"remembered", rules, goodFor(23 * time.Hour), OutcomeOK, false, false},
		{"remembered too long", rules, goodFor(25 * time.Hour), OutcomeDisallowed, true, true},
		{"remembered, now a server error", answer(500), goodFor(29 * 24 * time.Hour), OutcomeOK, true, false},
		{"remembered for a month, now a server error", answer(500), goodFor(31 * 24 * time.Hour), OutcomeDisallowed, true, true},
		{"remembered, now too many requests", answer(429), goodFor(25 * time.Hour), OutcomePostponed, true, false},
		{"remembered from the future", rules, goodFor(-time.Hour), OutcomeDisallowed, true, true},
		{"remembered as unreachable", answer(404), Robots{Status: 503, FetchedAt: newClock().now.Add(-59 * time.Minute)}, OutcomeDisallowed, false, false},
		{"unreachable an hour ago", answer(404), Robots{FetchedAt: newClock().now.Add(-61 * time.Minute)}, OutcomeOK, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, n, c := newPress(t), newNotebook(), newClock()
			p.handle("news.test/robots.txt", test.h)
			p.feed("news.test/feed")
			n.robots["http://news.test"] = test.known
			crawl(t, newCrawler(t, p, Options{Clock: c.Now}), n, feedSource("news", "http://news.test/feed"))
			if got := n.visit(t, "http://news.test/feed").Fetch; got.Outcome != test.want {
				t.Errorf("the feed: %+v, want %s", got, test.want)
			}
			if got := slices.Contains(p.asked(), "news.test/robots.txt"); got != test.asks {
				t.Errorf("asked for robots.txt: %v, want %v", got, test.asks)
			}
			if !test.asks {
				return
			}
			if got := n.visit(t, "http://news.test/robots.txt").Robots; (got != nil) != test.stores {
				t.Errorf("robots.txt to remember: %+v; want any: %v", got, test.stores)
			} else if got != nil && len(got.Body) > robotsLimit {
				t.Errorf("%d bytes of robots.txt", len(got.Body))
			}
		})
	}
}

// The whole rhythm of two sources on one host, in fake time: one request at a time, the longer of interval and
// Crawl-delay between any two, and no wait for another host.
func TestCrawlPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop := newPipePress()
		defer stop()
		start := time.Now()
		times := make(map[string][]string)
		p.page("slow.test/robots.txt", "text/plain", "User-agent: *\nCrawl-delay: 7")
		p.feed("slow.test/a/feed", "/1", "/2")
		p.feed("slow.test/b/feed", "/3")
		p.feed("quick.test/feed")
		for _, name := range []string{"slow.test/1", "slow.test/2", "slow.test/3"} {
			p.article(name)
		}
		for address, inner := range p.handlers {
			p.handlers[address] = func(w http.ResponseWriter, r *http.Request) {
				p.mu.Lock()
				times[r.Host] = append(times[r.Host], time.Since(start).String())
				p.mu.Unlock()
				time.Sleep(time.Second)
				inner(w, r)
			}
		}
		n := newNotebook()
		source := func(id, feed string) Source {
			return Source{ID: id, Discover: []Discovery{{Feed: feed}}, Interval: Duration(3 * time.Second)}
		}
		crawl(t, newCrawler(t, p, Options{}), n, source("a", "http://slow.test/a/feed"), source("b", "http://slow.test/b/feed"), source("c", "http://quick.test/feed"))
		want := map[string][]string{
			"slow.test":  {"0s", "8s", "16s", "24s", "32s", "40s"},
			"quick.test": {"3s"}, // its robots.txt is a 404 without a handler
		}
		if diff := cmp.Diff(want, times); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		for _, v := range n.visits {
			if v.Fetch.Duration > time.Second {
				t.Errorf("%s took %s, want the wait left out", v.Fetch.URL, v.Fetch.Duration)
			}
		}
	})
}

// A body that drips is cut off at the time limit, a request that waits for its turn is not.
func TestCrawlTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop := newPipePress()
		defer stop()
		p.feed("news.test/feed", "/drip", "/silent", "/fine")
		p.handle("news.test/drip", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "x")
				w.(http.Flusher).Flush()
				time.Sleep(time.Second)
			}
		})
		p.handle("news.test/silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		p.article("news.test/fine")
		n := newNotebook()
		source := feedSource("news", "http://news.test/feed")
		source.Interval = Duration(time.Minute)
		crawl(t, newCrawler(t, p, Options{Timeout: 10 * time.Second}), n, source)
		for _, address := range []string{"http://news.test/drip", "http://news.test/silent"} {
			if f := n.visit(t, address).Fetch; f.Duration != 10*time.Second || f.Error != "time limit passed" {
				t.Errorf("%+v, want it to end after 10s", f)
			}
		}
		wantRows(
			t, n,
			"article news.test/drip timeout 200",
			"article news.test/fine ok 200",
			"article news.test/silent timeout 0",
			"feed news.test/feed ok 200",
			"robots news.test/robots.txt http_error 404",
		)
	})
}

// Stopping does not wait: not for a host's turn, not for a server.
func TestCrawlStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop := newPipePress()
		defer stop()
		p.feed("patient.test/feed")
		p.handle("silent.test/feed", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		patient := feedSource("patient", "http://patient.test/feed")
		patient.Interval = Duration(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		n, start := newNotebook(), time.Now()
		_, err := newCrawler(t, p, Options{}).Crawl(ctx, []Source{patient, feedSource("silent", "http://silent.test/feed")}, n, n.handle)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("crawl: %v", err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("stopped after %s, want 5s", took)
		}
		wantRows(
			t, n,
			"feed silent.test/feed cancelled 0", // the patient one was never sent
			"robots patient.test/robots.txt http_error 404",
			"robots silent.test/robots.txt http_error 404",
		)
	})
}

// The guard is on unless a dialer is given, and looks behind names and redirects.
func TestDialGuard(t *testing.T) {
	p := newPress(t)
	_, port, err := net.SplitHostPort(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	guarded, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	half := newCrawler(t, p, Options{})
	half.transport.http.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "public.test:80" {
			return p.dial(ctx, network, addr)
		}
		return guardedDialer().DialContext(ctx, network, addr)
	}
	p.handle("public.test/feed", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://localhost:"+port+"/feed", http.StatusFound)
	})
	for _, host := range []string{"127.0.0.1:" + port, "localhost:" + port} {
		p.feed(host + "/feed")
	}
	for _, test := range []struct {
		crawler *Crawler
		feed    string
	}{
		{guarded, "http://127.0.0.1:" + port + "/feed"},
		{guarded, "http://localhost:" + port + "/feed"},
		{guarded, "http://2130706433:" + port + "/feed"}, // 127.0.0.1 as one number
		{guarded, "http://[::ffff:127.0.0.1]:" + port + "/feed"},
		{half, "http://public.test/feed"},
	} {
		n := newNotebook()
		results := crawl(t, test.crawler, n, feedSource("x", test.feed))
		var outcomes []Outcome
		for _, v := range n.visits {
			if v.Fetch.Purpose == PurposeFeed {
				outcomes = append(outcomes, v.Fetch.Outcome)
			}
		}
		if results[0].Outcome != SourceFailed || !slices.Equal(outcomes, []Outcome{OutcomeForbidden}) {
			t.Errorf("%s: %v, %+v; want it forbidden", test.feed, outcomes, results)
		}
	}
	for _, asked := range p.asked() {
		if !strings.HasPrefix(asked, "public.test/") {
			t.Errorf("%s was asked for", asked)
		}
	}
}

func TestCrawlTLS(t *testing.T) {
	p := newPress(t)
	server := httptest.NewUnstartedServer(p)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of who does not trust it
	server.StartTLS()
	defer server.Close()
	p.addr = server.Listener.Addr().String()
	p.feed("example.com/feed", "/a") // the name on the certificate of httptest
	var protocol string
	p.handle("example.com/a", func(w http.ResponseWriter, r *http.Request) {
		protocol = r.Proto
		w.Header().Set("Content-Type", "text/html")
	})
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for _, test := range []struct {
		roots *x509.CertPool
		want  SourceOutcome
	}{{roots, SourceOK}, {nil, SourceFailed}} {
		n := newNotebook()
		results := crawl(t, newCrawler(t, p, Options{RootCAs: test.roots}), n, feedSource("x", "https://example.com/feed"))
		if results[0].Outcome != test.want {
			t.Errorf("with roots: %v: %+v", test.roots != nil, results[0])
		}
	}
	if protocol != "HTTP/2.0" {
		t.Errorf("spoke %q, want HTTP/2.0", protocol)
	}
}

// Variables of the environment are for Colly's own programs, and proxies would see through the guard.
func TestEnvironmentIsIgnored(t *testing.T) {
	for name, value := range map[string]string{
		"COLLY_USER_AGENT": "somebody else", "COLLY_MAX_BODY_SIZE": "3", "COLLY_ALLOWED_DOMAINS": "example.org",
		"COLLY_DETECT_CHARSET": "yes", "COLLY_CACHE_DIR": t.TempDir(), "COLLY_FOLLOW_REDIRECTS": "no",
		"COLLY_MAX_REQUESTS": "1", "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1",
	} {
		t.Setenv(name, value)
	}
	p, n := newPress(t), newNotebook()
	var agents []string
	p.handle("news.test/feed", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/all", http.StatusFound) })
	p.feed("news.test/all", "/a")
	p.handle("news.test/a", func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.UserAgent())
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b", Path: "/"})
		http.Redirect(w, r, "/b", http.StatusFound)
	})
	p.handle("news.test/b", func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.UserAgent())
		if len(r.Cookies()) > 0 {
			t.Errorf("cookies came back: %v", r.Cookies())
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<p>Gr\xf6\xdfe</p>")
	})
	crawl(t, newCrawler(t, p, Options{UserAgent: "exportwatch/1 (+https://watch.test/)"}), n, feedSource("news", "http://news.test/feed"))
	if page := n.visit(t, "http://news.test/a").Page; page == nil || string(page.Body) != "<p>Gr\xf6\xdfe</p>" {
		t.Errorf("page %+v, want its bytes", page)
	}
	if want := "exportwatch/1 (+https://watch.test/)"; !slices.Equal(agents, []string{want, want}) {
		t.Errorf("User-Agent %q, want %q", agents, want)
	}
}

// Bodies come through Colly as the site sent them, whatever it says that they are.
func TestBodiesStayAsTheyCame(t *testing.T) {
	body := "<html><meta charset=shift_jis>Gr\xf6\xdfe \x1f\x8b\x08 \xff\xfe\x00</html>" + strings.Repeat(".", 11<<20)
	for _, contentType := range []string{
		"text/html; charset=windows-1252", "text/html; charset=klingon", "text/html", "text/charset-x", "text/x-gzip",
		"text/html; charset=\"utf-8", "",
	} {
		p, n := newPress(t), newNotebook()
		p.feed("news.test/feed", "/a.xml.gz")
		p.handle("news.test/a.xml.gz", func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{contentType}
			if r.Header.Get("Accept-Encoding") != acceptEncoding {
				t.Errorf("Accept-Encoding: %q", r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Encoding", "zstd")
			_, _ = w.Write(encode(t, "zstd", []byte(body)))
		})
		crawl(t, newCrawler(t, p, Options{MaxBody: 12 << 20}), n, feedSource("news", "http://news.test/feed"))
		v := n.visit(t, "http://news.test/a.xml.gz")
		if v.Page == nil || string(v.Page.Body) != body || v.Fetch.Bytes != int64(len(body)) {
			t.Errorf("%s: %d bytes came, %+v; want %d bytes, unchanged", contentType, v.Fetch.Bytes, v.Fetch, len(body))
		}
	}
}

func TestByHost(t *testing.T) {
	off := feedSource("off", "http://a.test/")
	off.Disabled = true
	sources := []Source{
		feedSource("0", "http://a.test/feed"), feedSource("1", "http://b.test/feed"), off,
		feedSource("3", "https://A.test:8443/feed", "http://b.test/"), feedSource("4", "no address"), feedSource("5"),
	}
	want := [][]int{{0, 3}, {1}, {4}, {5}}
	if diff := cmp.Diff(want, byHost(sources)); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestSourceDone(t *testing.T) {
	p, n := newPress(t), newNotebook()
	p.feed("a.test/feed")
	var done []SourceResult
	crawler := newCrawler(t, p, Options{Workers: 1, SourceDone: func(r SourceResult) { done = append(done, r) }})
	results := crawl(t, crawler, n, feedSource("a", "http://a.test/feed"), feedSource("b", "http://b.test/feed"))
	if len(done) != 2 || done[0].SourceID != results[0].SourceID || done[1].Outcome != SourceFailed {
		t.Errorf("told of %+v, want %+v", done, results)
	}
}

func TestNewErrors(t *testing.T) {
	for _, test := range []struct {
		options Options
		want    string
	}{
		{Options{UserAgent: "2fast"}, "UserAgent"},
		{Options{UserAgent: "exportwatch\r\nX: y"}, "UserAgent"},
		{Options{Workers: -1}, "Workers"},
		{Options{Timeout: -1}, "Timeout"},
		{Options{MaxBody: -1}, "MaxBody"},
	} {
		if _, err := New(test.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("New(%+v): %v, want an error about %s", test.options, err, test.want)
		}
	}
	c, err := New(Options{})
	if err != nil || c.product != "exportwatch" || !strings.HasPrefix(c.options.UserAgent, "exportwatch/") {
		t.Errorf("New: %+v, %v", c, err)
	}
}
