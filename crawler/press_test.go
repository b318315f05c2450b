package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// press serves sites of any name from one server, and remembers what it was asked for. What it has no handler for
// is a 404, robots.txt too.
type press struct {
	mu       sync.Mutex
	handlers map[string]http.HandlerFunc // by host and path
	requests []string                    // host and path, in order
	addr     string
	dial     func(ctx context.Context, network, addr string) (net.Conn, error)
}

// newPress serves on loopback.
func newPress(t testing.TB) *press {
	p := &press{handlers: make(map[string]http.HandlerFunc)}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.addr = server.Listener.Addr().String()
	p.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, p.addr)
	}
	return p
}

// newPipePress serves in memory, for tests under testing/synctest. The caller stops it.
func newPipePress() (p *press, stop func()) {
	p = &press{handlers: make(map[string]http.HandlerFunc)}
	listener := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: p}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	p.dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case listener.conns <- theirs:
			return ours, nil
		case <-listener.done:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return p, func() {
		_ = server.Close()
		serving.Wait()
	}
}

type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	address := r.Host + r.URL.Path
	p.mu.Lock()
	p.requests = append(p.requests, address)
	handler := p.handlers[address]
	p.mu.Unlock()
	if handler == nil {
		http.NotFound(w, r)
		return
	}
	handler(w, r)
}

func (p *press) handle(address string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handlers[address] = h
}

// page serves a body, with validators.
func (p *press) page(address, contentType, body string) {
	p.handle(address, func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf("%q", fmt.Sprint(len(body)))
		w.Header().Set("ETag", tag)
		w.Header().Set("Last-Modified", "Tue, 15 Jul 2025 08:30:00 GMT")
		w.Header().Set("Content-Type", contentType)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, body)
	})
}

func (p *press) article(address string) {
	p.page(address, "text/html; charset=utf-8", "<html><body><p>"+address+"</p></body></html>")
}

// feed serves a feed of links at address.
func (p *press) feed(address string, links ...string) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>T</title>`)
	for _, link := range links {
		fmt.Fprintf(&b, "<item><title>About %s</title><link>%s</link></item>", link, link)
	}
	b.WriteString("</channel></rss>")
	p.page(address, "application/rss+xml", b.String())
}

// asked returns what was asked for since the last call, in order of the alphabet.
func (p *press) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := p.requests
	p.requests = nil
	slices.Sort(asked)
	return asked
}

// notebook is a memory that keeps what it is handed, as the store does.
type notebook struct {
	mu     sync.Mutex
	pages  map[string]PageState
	robots map[string]Robots
	visits []Visit
	before func(Visit) error // may refuse
	recall error             // of PageState
}

func newNotebook() *notebook {
	return &notebook{pages: make(map[string]PageState), robots: make(map[string]Robots)}
}

func (n *notebook) PageState(_ context.Context, key string) (PageState, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.pages[key], n.recall
}

func (n *notebook) Robots(_ context.Context, origin string) (Robots, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.robots[origin], nil
}

func (n *notebook) handle(ctx context.Context, v Visit) error {
	if n.before != nil {
		if err := n.before(v); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return errors.New("handed over with a context that has ended")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.visits = append(n.visits, v)
	if v.State != nil {
		n.pages[v.State.Key] = *v.State
	}
	if v.Robots != nil {
		n.robots[v.Robots.Origin] = *v.Robots
	}
	return nil
}

// rows returns the fetches since the last call as "purpose url outcome status", in order of the alphabet.
func (n *notebook) rows() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var rows []string
	for _, v := range n.visits {
		rows = append(rows, fmt.Sprintf("%s %s %s %d", v.Fetch.Purpose, strings.TrimPrefix(v.Fetch.URL, "http://"), v.Fetch.Outcome, v.Fetch.Status))
	}
	n.visits = nil
	slices.Sort(rows)
	return rows
}

// visit returns the one visit to an address since the last call of rows.
func (n *notebook) visit(t testing.TB, address string) Visit {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	var found []Visit
	for _, v := range n.visits {
		if v.Fetch.URL == address {
			found = append(found, v)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d visits to %s, want 1", len(found), address)
	}
	return found[0]
}

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2025, 7, 16, 6, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newCrawler(t testing.TB, p *press, o Options) *Crawler {
	t.Helper()
	o.Dial = p.dial
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func feedSource(id string, feeds ...string) Source {
	s := Source{ID: id, Name: id, Interval: Duration(time.Microsecond)}
	for _, feed := range feeds {
		s.Discover = append(s.Discover, Discovery{Feed: feed})
	}
	return s
}

func crawl(t testing.TB, c *Crawler, n *notebook, sources ...Source) []SourceResult {
	t.Helper()
	results, err := c.Crawl(t.Context(), sources, n, n.handle)
	if err != nil {
		t.Fatalf("crawl: %v", err)
	}
	return results
}
