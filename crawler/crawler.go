package crawler

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gocolly/colly/v2"
)

// Options are the settings of a Crawler. The zero value is the default.
type Options struct {
	// UserAgent is sent with every request. Its first product token (the letters before "/") is the name that
	// robots.txt is asked for. Default: exportwatch/<version> (+https://exportwatch.example/bot); whoever runs
	// the crawler should name an address of theirs.
	UserAgent string
	// Dial opens connections. Nil: a dialer that refuses every address that is not public, after name
	// resolution. One that is set is trusted: it is for tests and the demo press.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// RootCAs are the certificate authorities to trust. Nil: those of the system.
	RootCAs *x509.CertPool
	// Workers is how many hosts are visited at a time. Default 8.
	Workers int
	// Timeout bounds one request, from the connection to the last byte of the body. Each redirect is a request.
	// Default 30s.
	Timeout time.Duration
	// MaxBody bounds the decoded bytes of one body. Default 8 MiB.
	MaxBody int64
	// Clock tells the time for the records. Default time.Now. Pacing and time limits always go by real time.
	Clock func() time.Time
	// SourceDone is called when the visit to a source has ended, from several goroutines.
	SourceDone func(SourceResult)
}

// Crawler visits sources. It may be used for many crawls, one after another or at once: all of them share the
// pace of each host.
type Crawler struct {
	options   Options
	product   string // our name in robots.txt
	collector *colly.Collector
	transport *transport
}

// SourceOutcome says how the visit to a source ended.
type SourceOutcome string

// The outcomes of a visit to a source, as the run_sources table stores them.
const (
	SourceOK      SourceOutcome = "ok"      // at least one of its feeds and listings could be read
	SourceFailed  SourceOutcome = "failed"  // none could
	SourceStopped SourceOutcome = "stopped" // the crawl ended first
)

// SourceResult is how the visit to one source ended.
type SourceResult struct {
	SourceID string
	Outcome  SourceOutcome
	Err      error // what went wrong with its feeds and listings, one line each; also set on SourceOK when only some could be read
	Pages    int   // responses with a body that were handed over
	Articles int   // of these, articles
	Failed   int   // fetches with an Outcome that is a failure
}

// New returns a Crawler. Its errors are bad options.
func New(o Options) (*Crawler, error) {
	o.UserAgent = cmp.Or(o.UserAgent, "exportwatch/"+version()+" (+https://exportwatch.example/bot)")
	o.Workers = cmp.Or(o.Workers, 8)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.MaxBody = cmp.Or(o.MaxBody, 8<<20)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	product := productToken(o.UserAgent)
	var bad []error
	if product == "" || strings.ContainsFunc(o.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		bad = append(bad, fmt.Errorf("crawler option UserAgent %q: want printable ASCII that starts with a name of letters, as in \"exportwatch/1.0 (+https://…)\"", o.UserAgent))
	}
	if o.Workers < 0 {
		bad = append(bad, fmt.Errorf("crawler option Workers %d: want 1 or more, or 0 for the default", o.Workers))
	}
	if o.Timeout < 0 {
		bad = append(bad, fmt.Errorf("crawler option Timeout %s: want a positive duration, or 0 for the default", o.Timeout))
	}
	if o.MaxBody < 0 {
		bad = append(bad, fmt.Errorf("crawler option MaxBody %d: want a number of bytes, or 0 for the default", o.MaxBody))
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	c := &Crawler{options: o, product: product, transport: newTransport(o)}
	c.collector = newCollector(o.UserAgent, c.transport)
	return c, nil
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// Crawl visits the sources that are not disabled, each once, and hands everything that it does to handle, from
// several goroutines. It returns one result a visited source, in the order of sources; those that a stopped crawl
// never came to have none.
//
// The error is that of handle or memory, which stops the crawl at once: what cannot be stored must not be fetched.
// Or it wraps the error of ctx: then requests under way are given up, and all that was complete has been handed
// over. The context that handle gets is not cancelled with ctx, so that this can still be stored. A source that
// cannot be read is no error but a result.
func (c *Crawler) Crawl(ctx context.Context, sources []Source, memory Memory, handle func(context.Context, Visit) error) ([]SourceResult, error) {
	r := newRun(ctx, c, memory, handle)
	defer r.stop()
	defer c.transport.http.CloseIdleConnections()

	results := make([]SourceResult, len(sources))
	groups := make(chan []int)
	var workers sync.WaitGroup
	for range c.options.Workers {
		workers.Go(func() {
			for group := range groups {
				for _, i := range group {
					if r.ctx.Err() != nil {
						break
					}
					results[i] = r.visit(sources[i].withDefaults())
					if c.options.SourceDone != nil {
						c.options.SourceDone(results[i])
					}
				}
			}
		})
	}
	unfinished := 0
	for _, group := range byHost(sources) {
		unfinished += len(group)
		groups <- group
	}
	close(groups)
	workers.Wait()

	results = slices.DeleteFunc(results, func(result SourceResult) bool { return result.Outcome == "" })
	for _, result := range results {
		if result.Outcome != SourceStopped {
			unfinished--
		}
	}
	if err := r.failure(); err != nil {
		return results, err
	}
	if unfinished > 0 {
		return results, fmt.Errorf("crawl stopped with %d sources unfinished: %w", unfinished, ctx.Err())
	}
	return results, nil
}

// byHost returns the indexes of the enabled sources, those of one host together: they take turns anyway, and
// would keep workers waiting.
func byHost(sources []Source) [][]int {
	var groups [][]int
	at := make(map[string]int)
	for i, source := range sources {
		if source.Disabled {
			continue
		}
		host := "source " + source.ID // no host: a group of its own
		if len(source.Discover) > 0 {
			if u, err := parseAddress(source.Discover[0].address()); err == nil {
				host = u.Hostname()
			}
		}
		g, ok := at[host]
		if !ok {
			g = len(groups)
			at[host] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}
