// Package monitor runs one cycle over the due sources: it crawls them, extracts what arrives, classifies it and
// saves each page with everything that follows from it. A failed page is a row with its reason; a failed store stops
// the run.
package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"exportwatch/crawler"
	"exportwatch/rules"
	"exportwatch/store"
)

// How a run or the visit to one source ended, as the runs and run_sources tables store it.
const (
	OutcomeOK      = "ok"
	OutcomePartial = "partial" // of a run: some sources failed
	OutcomeFailed  = "failed"  // of a run: all sources failed, or the store did
	OutcomeStopped = "stopped" // a signal or MaxDuration ended it; what had arrived is stored
)

// Options of a run. The zero value of each is its default.
type Options struct {
	Kind        string           // of the row in runs: "run" or "demo". Default "run"
	Version     string           // of the program, for the row in runs
	Sources     []crawler.Source // all that are configured
	Only        []string         // ids to visit. Default: all
	Force       bool             // visit sources that are not due, too
	MaxDuration time.Duration    // then the run stops cleanly. Default: no limit
	Crawler     crawler.Options  // its Clock is the clock of the whole run. SourceDone is ours
	Progress    func(Counts)     // called after every save, never by two goroutines at once
	Log         *slog.Logger     // warnings of sources that failed; failed pages at level Info. Default: nowhere
}

// Counts is what a run has done so far.
type Counts struct {
	Due          int // sources to visit
	Done         int // of these, visited to the end
	Fetches      int // requests, robots.txt included
	NotModified  int // fetches that brought nothing new
	Failed       int // fetches that failed
	Pages        int // article pages whose bytes arrived
	Articles     int // new ones
	Events       int
	Developments int // new ones
	Changes      int // things to tell
}

// Result says how a run ended.
type Result struct {
	RunID   int64  // 0: nothing was due
	Outcome string // OutcomeOK, OutcomePartial, OutcomeFailed, OutcomeStopped
	Reason  string // of OutcomeStopped: "interrupted" or "time limit"
	Counts  Counts
	Sources []store.SourceReport // one for each due source, in the order of Options.Sources
}

// Failed returns the reports of the sources that failed.
func (r Result) Failed() []store.SourceReport {
	return slices.DeleteFunc(slices.Clone(r.Sources), func(s store.SourceReport) bool { return s.Outcome != OutcomeFailed })
}

// grace is how long a stopped run may take to store what has arrived. The whole program must end within 15 seconds.
const grace = 10 * time.Second

var errTimeLimit = errors.New("time limit")

// Run does one cycle. Sources that fail are told in the Result; an error means that the store failed or that the
// options make no sense. A cancelled ctx is not an error: everything that had arrived is stored, and the outcome is
// OutcomeStopped.
func Run(ctx context.Context, st *store.Store, rs *rules.Ruleset, o Options) (Result, error) {
	o.Kind = cmp.Or(o.Kind, "run")
	if o.Crawler.Clock == nil {
		o.Crawler.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	now := o.Crawler.Clock

	// Before anything is fetched: articles read with rules that do not hold together would stay without events.
	if err := rs.Check(); err != nil {
		return Result{Outcome: OutcomeFailed}, fmt.Errorf("rules: %w", err)
	}
	if err := st.SyncSources(ctx, o.Sources, now()); err != nil {
		return Result{Outcome: OutcomeFailed}, err
	}
	due, err := dueSources(ctx, st, o, now())
	if err != nil {
		return Result{Outcome: OutcomeFailed}, err
	}
	if len(due) == 0 {
		return Result{Outcome: OutcomeOK}, nil
	}
	cy := newCycle(st, rs, o, due)
	o.Crawler.SourceDone = cy.sourceDone
	c, err := crawler.New(o.Crawler)
	if err != nil {
		return Result{Outcome: OutcomeFailed}, err
	}
	cy.runID, err = st.BeginRun(ctx, store.Run{Kind: o.Kind, Started: now(), Version: o.Version, Ruleset: rs.Hash()})
	if err != nil {
		return Result{Outcome: OutcomeFailed}, err
	}

	crawlCtx := ctx
	if o.MaxDuration > 0 {
		var cancel context.CancelFunc
		crawlCtx, cancel = context.WithTimeoutCause(ctx, o.MaxDuration, errTimeLimit)
		defer cancel()
	}
	saves, cancel := outlive(crawlCtx, grace)
	defer cancel()
	// What arrives is saved even while the run is being stopped. The results of the sources come to sourceDone.
	_, crawlErr := c.Crawl(crawlCtx, due, st, func(_ context.Context, v crawler.Visit) error { return cy.visit(saves, v) })

	res := cy.result(crawlCtx)
	// A stopped crawl ends with an error of its own, of the context or of a query that the context cut short. Neither
	// says more than that it was stopped; only a failed save does.
	if cy.err != nil {
		crawlErr = cy.err
	} else if crawlCtx.Err() != nil {
		crawlErr = nil
	}
	if crawlErr != nil {
		res.Outcome = OutcomeFailed
	}
	err = st.FinishRun(saves, cy.runID, store.Report{
		Outcome: res.Outcome, Finished: now(), Counts: res.Counts.row(), Sources: res.Sources,
	})
	return res, errors.Join(crawlErr, err)
}

// dueSources returns the sources to visit, in the order in which they are configured.
func dueSources(ctx context.Context, st *store.Store, o Options, now time.Time) ([]crawler.Source, error) {
	ids, err := st.DueSources(ctx, now)
	if err != nil {
		return nil, err
	}
	for _, id := range o.Only {
		if !slices.ContainsFunc(o.Sources, func(s crawler.Source) bool { return s.ID == id }) {
			return nil, fmt.Errorf("no source has the id %q", id)
		}
	}
	var due []crawler.Source
	for _, s := range o.Sources {
		wanted := len(o.Only) == 0 || slices.Contains(o.Only, s.ID)
		if wanted && !s.Disabled && (o.Force || slices.Contains(ids, s.ID)) {
			due = append(due, s)
		}
	}
	return due, nil
}

// outlive returns a context that ends some time after ctx does.
func outlive(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return later, func() { forget(); cancel() }
}

// row is the JSON object of the runs table.
func (c Counts) row() map[string]int {
	return map[string]int{
		"sources": c.Due, "done": c.Done, "fetches": c.Fetches, "not_modified": c.NotModified, "failed": c.Failed,
		"pages": c.Pages, "articles": c.Articles, "events": c.Events, "developments": c.Developments, "changes": c.Changes,
	}
}
