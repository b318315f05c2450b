package crawler

import (
	"context"
	"fmt"
	"sync"
)

// run is one call of Crawl.
type run struct {
	*Crawler
	ctx       context.Context // ends with the caller's, or with the first failure
	stop      context.CancelFunc
	handleCtx context.Context // not cancelled with the caller's: what is complete is still handed over
	memory    Memory
	handle    func(context.Context, Visit) error

	mu      sync.Mutex
	err     error                    // the failure of handle or memory that ended the run
	claimed map[string]bool          // keys of the articles that somebody fetches
	robots  map[string]*robotsOrigin // by origin
}

func newRun(ctx context.Context, c *Crawler, memory Memory, handle func(context.Context, Visit) error) *run {
	r := &run{
		Crawler:   c,
		handleCtx: context.WithoutCancel(ctx),
		memory:    memory,
		handle:    handle,
		claimed:   make(map[string]bool),
		robots:    make(map[string]*robotsOrigin),
	}
	r.ctx, r.stop = context.WithCancel(ctx)
	return r
}

// deliver hands a visit over. After a failure nothing is handed over any more.
func (r *run) deliver(v Visit) error {
	if err := r.failure(); err != nil {
		return err
	}
	if err := r.handle(r.handleCtx, v); err != nil {
		return r.fail(fmt.Errorf("hand over %s %s: %w", v.Fetch.Purpose, v.Fetch.URL, err))
	}
	return nil
}

// recall asks memory for the state of a page.
func (r *run) recall(key string) (PageState, error) {
	state, err := r.memory.PageState(r.handleCtx, key)
	if err != nil {
		return PageState{}, r.fail(fmt.Errorf("recall page %s: %w", key, err))
	}
	return state, nil
}

// claim reports whether the caller is the one to fetch an article in this run.
func (r *run) claim(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.claimed[key] {
		return false
	}
	r.claimed[key] = true
	return true
}

// fail ends the run. The first failure is the one that Crawl returns.
func (r *run) fail(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
	r.stop()
	return r.err
}

func (r *run) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}
