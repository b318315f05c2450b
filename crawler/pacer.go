package crawler

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// pacer gives each host one request at a time, with a pause after it.
type pacer struct {
	mu    sync.Mutex
	hosts map[string]*pacedHost
}

type pacedHost struct {
	turn     chan struct{} // holds one token while a request is under way
	interval time.Duration // the longest that anybody asked for
	last     time.Time     // end of the last request
	closed   time.Time     // no request before
}

// postponedError says that a host asked for a pause that is longer than a wait makes sense for.
type postponedError struct {
	host string
	wait time.Duration
}

func (e *postponedError) Error() string {
	return fmt.Sprintf("%s asked for a pause, %s of it are left", e.host, e.wait.Round(time.Second))
}

func newPacer() *pacer {
	return &pacer{hosts: make(map[string]*pacedHost)}
}

// acquire waits for the turn of a request to host, at least interval after the end of the one before. The caller
// ends its turn with release, once. Errors are that of ctx and postponedError.
func (p *pacer) acquire(ctx context.Context, host string, interval time.Duration) (release func(), err error) {
	h := p.host(host, interval)
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := p.wait(ctx, host, h); err != nil {
		<-h.turn
		return nil, err
	}
	return sync.OnceFunc(func() {
		p.mu.Lock()
		h.last = time.Now()
		p.mu.Unlock()
		<-h.turn
	}), nil
}

// wait holds the turn of h until its pause is over.
func (p *pacer) wait(ctx context.Context, name string, h *pacedHost) error {
	for {
		p.mu.Lock()
		now := time.Now()
		closed, pause := h.closed.Sub(now), time.Duration(0)
		if !h.last.IsZero() {
			pause = h.last.Add(h.interval).Sub(now) // read anew each time: it may have grown meanwhile
		}
		p.mu.Unlock()
		if closed > 0 {
			return &postponedError{host: name, wait: closed}
		}
		if err := ctx.Err(); err != nil || pause <= 0 {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// postpone closes a host for a while.
func (p *pacer) postpone(host string, d time.Duration) {
	h := p.host(host, 0)
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(d); until.After(h.closed) {
		h.closed = until
	}
}

func (p *pacer) host(name string, interval time.Duration) *pacedHost {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.hosts[name]
	if !ok {
		h = &pacedHost{turn: make(chan struct{}, 1)}
		p.hosts[name] = h
	}
	h.interval = max(h.interval, interval)
	return h
}
