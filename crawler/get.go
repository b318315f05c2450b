package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"
)

// Redirects that are followed: RFC 9309, section 2.3.1.2, for robots.txt; enough for a page.
const (
	robotsRedirects = 5
	pageRedirects   = 10
)

var accept = map[Purpose]string{
	PurposeRobots:  "text/plain, */*;q=0.5",
	PurposeFeed:    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
	PurposeListing: "text/html, application/xhtml+xml, */*;q=0.5",
	PurposeArticle: "text/html, application/xhtml+xml, */*;q=0.5",
}

// newCollector returns the collector that all requests are cloned from. It is not made by colly.NewCollector, which
// lets COLLY_* variables of the environment override the code.
func newCollector(userAgent string, rt http.RoundTripper) *colly.Collector {
	c := new(colly.Collector)
	c.Init()
	c.UserAgent = userAgent
	c.AllowURLRevisit = true        // what is fetched again is for memory to say
	c.IgnoreRobotsTxt = true        // its own check is not that of RFC 9309; the transport's is
	c.ParseHTTPErrorResponse = true // a 304 and a 404 are answers
	c.MaxBodySize = 0               // it would cut silently; the transport refuses aloud
	c.DisableCookies()
	c.SetRequestTimeout(0) // it would count the wait for the host's turn; the transport keeps time
	c.WithTransport(rt)
	c.SetRedirectHandler(followRedirect)
	return c
}

// followRedirect refuses loops and long chains. Whether the next hop is allowed, the transport asks.
func followRedirect(req *http.Request, via []*http.Request) error {
	most := pageRedirects
	if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok && x.purpose == PurposeRobots {
		most = robotsRedirects
	}
	if len(via) > most {
		return fmt.Errorf("%w: more than %d", errRedirect, most)
	}
	if slices.ContainsFunc(via, func(old *http.Request) bool { return old.URL.String() == req.URL.String() }) {
		return fmt.Errorf("%w: %s leads back to itself", errRedirect, req.URL)
	}
	req.URL.User = nil // else it would be sent as a password
	return nil
}

// response is what came of a request.
type response struct {
	Fetch
	err     error // why Outcome is a failure; Fetch.Error is its text
	sent    bool  // at least one hop went out
	header  http.Header
	media   string // media type without parameters
	charset string
	body    []byte
	pause   time.Duration // for which the host asked, or which is left of one; zero: none
}

// get makes one request, through Colly.
func (r *run) get(ctx context.Context, source *Source, purpose Purpose, address string, header http.Header) response {
	x := &exchange{run: r, source: source, purpose: purpose, limit: r.options.MaxBody}
	if purpose == PurposeRobots {
		x.limit, x.truncate = min(x.limit, robotsLimit), true
	}
	if header == nil {
		header = make(http.Header)
	}
	header.Set("Accept", accept[purpose])

	got := response{Fetch: Fetch{SourceID: source.ID, URL: address, Purpose: purpose, At: r.options.Clock()}}
	collector := r.collector.Clone()
	collector.Context = context.WithValue(ctx, exchangeKey{}, x)
	collector.OnResponseHeaders(func(answer *colly.Response) {
		if media, _ := mediaType(x.header); x.status == http.StatusOK && !canBe(purpose, media) {
			answer.Request.Abort()
		}
	})
	collector.OnResponse(func(answer *colly.Response) { got.body = answer.Body })
	err := collector.Request(http.MethodGet, address, nil, nil, header)

	got.FinalURL, got.Status, got.Bytes, got.Duration = x.url, x.status, x.bytes, x.busy
	got.header, got.sent = x.header, x.sent
	got.media, got.charset = mediaType(x.header)
	conditional := header.Get("If-None-Match") != "" || header.Get("If-Modified-Since") != ""
	got.Outcome, got.err = outcomeOf(ctx, x, conditional, err)
	if got.Status == 0 {
		got.FinalURL = ""
	}
	if got.err != nil {
		got.Error = errorText(got.err)
	}
	if postponed, ok := errors.AsType[*postponedError](err); ok {
		got.pause = postponed.wait
	} else if got.pause = pauseOf(got.Status, got.header, got.At); got.pause > 0 {
		if u, err := url.Parse(x.url); err == nil {
			r.transport.pacer.postpone(hostOf(u), got.pause)
		}
	}
	return got
}

// maxErrorText is in bytes.
const maxErrorText = 500

// errorText returns an error as one line without control characters: it may quote what a site sent.
func errorText(err error) string {
	return clip(oneLine(err.Error()), maxErrorText)
}

func outcomeOf(ctx context.Context, x *exchange, conditional bool, err error) (Outcome, error) {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // it repeats the address, which the row has
	}
	switch {
	case err == nil && x.status == http.StatusOK:
		return OutcomeOK, nil
	case err == nil && x.status == http.StatusNotModified && conditional:
		return OutcomeNotModified, nil
	case err == nil:
		return OutcomeHTTP, fmt.Errorf("status %s", strings.TrimSpace(fmt.Sprint(x.status, " ", http.StatusText(x.status))))
	case errors.Is(err, colly.ErrAbortedAfterHeaders):
		media, _ := mediaType(x.header)
		return OutcomeNotPage, fmt.Errorf("not downloaded: the site sent %q", clip(media, maxQuote))
	case ctx.Err() != nil:
		return OutcomeCancelled, fmt.Errorf("the run stopped: %w", ctx.Err())
	}
	if _, ok := errors.AsType[*postponedError](err); ok {
		return OutcomePostponed, err
	}
	for _, known := range []struct {
		err     error
		outcome Outcome
	}{
		{errForbidden, OutcomeForbidden}, // also of a robots.txt: that says more than disallowed
		{errDisallowed, OutcomeDisallowed},
		{errRedirect, OutcomeRedirect},
		{errTimeout, OutcomeTimeout},
		{errEncoding, OutcomeMalformed},
	} {
		if errors.Is(err, known.err) {
			return known.outcome, err
		}
	}
	if errors.Is(err, errTooLarge) {
		return OutcomeTooLarge, fmt.Errorf("%w: more than %d bytes", errTooLarge, x.limit)
	}
	if failure, ok := errors.AsType[net.Error](err); ok && failure.Timeout() {
		return OutcomeTimeout, err
	}
	if !x.sent {
		return OutcomeMalformed, err // Colly could not make a request of the address
	}
	return OutcomeNetwork, err
}

// canBe reports whether a body of a media type can be what it was fetched for. Feeds and listings are often
// mislabelled, and their bytes tell; an article that is no text is not worth the download.
func canBe(purpose Purpose, media string) bool {
	kind, subtype, _ := strings.Cut(media, "/")
	switch {
	case media == "", kind == "text", subtype == "xml", strings.HasSuffix(subtype, "+xml") && kind == "application":
		return true
	case kind == "image", kind == "audio", kind == "video", kind == "font", subtype == "pdf", subtype == "zip":
		return purpose == PurposeRobots
	}
	return purpose != PurposeArticle
}
