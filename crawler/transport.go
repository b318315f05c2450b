package crawler

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxHeaderBytes = 256 << 10
	maxSlurp       = 64 << 10 // of a body that nobody reads, to keep its connection
)

var (
	errDisallowed = errors.New("disallowed by robots.txt")
	errRedirect   = errors.New("bad redirect")
	errTimeout    = errors.New("time limit passed")
)

// transport is the only way to the network: Colly's client sends each request through it, and each hop of a
// redirect. It asks robots.txt, waits for the host's turn, keeps time and size within limits, and undoes content
// encodings. What it learns it writes into the exchange that the request's context carries.
type transport struct {
	http    *http.Transport
	pacer   *pacer
	timeout time.Duration
}

// exchange is one request of the crawl, with all of its redirects.
type exchange struct {
	run      *run
	source   *Source
	purpose  Purpose
	limit    int64 // decoded bytes of the body
	truncate bool  // at the limit, end the body instead of failing

	// Filled in hop by hop; the last one stays.
	sent   bool
	url    string
	status int
	header http.Header // as the site sent it
	bytes  int64       // decoded
	busy   time.Duration
}

type exchangeKey struct{}

func newTransport(o Options) *transport {
	dial := o.Dial
	if dial == nil {
		dial = guardedDialer().DialContext
	}
	return &transport{
		timeout: o.Timeout,
		pacer:   newPacer(),
		// No proxy, not even from the environment: it would see private addresses for us.
		http: &http.Transport{
			DialContext:            dial,
			TLSClientConfig:        &tls.Config{RootCAs: o.RootCAs},
			TLSHandshakeTimeout:    10 * time.Second,
			DisableCompression:     true, // decodedBody does it, within a limit
			MaxConnsPerHost:        1,
			MaxIdleConnsPerHost:    1,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: maxHeaderBytes,
			ForceAttemptHTTP2:      true,
		},
	}
}

// RoundTrip sends one hop. The body of anything but a 200 is not handed on: nobody reads it.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x, ok := req.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, fmt.Errorf("%s: a request outside of a crawl", req.URL)
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" || req.URL.Hostname() == "" {
		return nil, fmt.Errorf("%w to %q: not an address of http or https", errRedirect, clip(req.URL.String(), maxQuote))
	}
	if len(req.URL.String()) > maxAddress {
		return nil, fmt.Errorf("%w to %q…: longer than %d bytes", errRedirect, clip(req.URL.String(), maxQuote), maxAddress)
	}
	interval := time.Duration(x.source.Interval)
	if x.purpose != PurposeRobots {
		rules, err := x.run.robotsFor(req.Context(), x.source, origin(req.URL))
		if err != nil {
			return nil, err
		}
		if !rules.allowed(pathAndQuery(req.URL)) {
			return nil, fmt.Errorf("%w of %s", errDisallowed, origin(req.URL))
		}
		interval = max(interval, rules.delay)
	}
	release, err := t.pacer.acquire(req.Context(), hostOf(req.URL), interval)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.timeout, errTimeout)
	started := time.Now()
	end := func() {
		x.busy += time.Since(started)
		cancel()
		release()
	}
	resp, err := t.send(ctx, req, x)
	if err != nil {
		err = timedOut(ctx, err)
		end()
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, resp.Body, maxSlurp) // whatever it ends with, the status is what counts
		_ = resp.Body.Close()
		end()
		resp.Body = http.NoBody
		return resp, nil
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, ctx: ctx, bytes: &x.bytes, end: end}
	return resp, nil
}

func (t *transport) send(ctx context.Context, req *http.Request, x *exchange) (*http.Response, error) {
	req = req.Clone(ctx)
	req.Header.Set("Accept-Encoding", acceptEncoding)
	x.sent, x.url, x.status, x.header = true, req.URL.String(), 0, nil
	resp, err := t.http.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	x.status, x.header = resp.StatusCode, resp.Header.Clone()
	if location := resp.Header.Get("Location"); isRedirect(resp.StatusCode) && location != "" {
		if _, err := req.URL.Parse(location); err != nil {
			_ = resp.Body.Close()
			return nil, fmt.Errorf("%w to %q: %w", errRedirect, clip(location, maxQuote), err)
		}
	}
	if resp.StatusCode == http.StatusOK {
		body, err := newDecodedBody(resp.Body, resp.Header.Get("Content-Encoding"), x.limit, x.truncate)
		if err != nil {
			_ = resp.Body.Close()
			return nil, err
		}
		resp.Body = body
	}
	// Colly unpacks and converts by what it reads here. The body is unpacked, and the charset is not its business.
	for _, name := range []string{"Content-Encoding", "Content-Length", "Content-Type"} {
		resp.Header.Del(name)
	}
	resp.ContentLength, resp.Uncompressed = -1, true
	return resp, nil
}

// countedBody counts what is read, tells a passed time limit from other failures, and ends the host's turn.
type countedBody struct {
	io.ReadCloser
	ctx    context.Context
	bytes  *int64
	end    func()
	closed bool
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	*b.bytes += int64(n)
	if err != nil && err != io.EOF {
		err = timedOut(b.ctx, err)
	}
	return n, err
}

func (b *countedBody) Close() error {
	if b.closed {
		return nil
	}
	b.closed = true
	err := b.ReadCloser.Close()
	b.end()
	return err
}

func timedOut(ctx context.Context, err error) error {
	if context.Cause(ctx) == errTimeout {
		return errTimeout
	}
	return err
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// origin returns scheme://host[:port] without a default port.
func origin(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + host
}

// hostOf returns the name by which requests are paced: a site's ports share its patience.
func hostOf(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

func pathAndQuery(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}

// mediaType splits a Content-Type header. One that cannot be parsed still says what stands before the semicolon.
func mediaType(header http.Header) (media, charset string) {
	value := header.Get("Content-Type")
	media, parameters, err := mime.ParseMediaType(value)
	if err != nil {
		media, _, _ = strings.Cut(value, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	return media, parameters["charset"]
}
