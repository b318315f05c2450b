package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"exportwatch/crawler"
	"exportwatch/extract"
	"exportwatch/rules"
	"exportwatch/store"
)

// cycle takes in what the crawler hands over, from several goroutines at once.
type cycle struct {
	st    *store.Store
	rs    *rules.Ruleset
	o     Options
	runID int64
	due   []crawler.Source
	byID  map[string]crawler.Source

	mu      sync.Mutex
	counts  Counts
	reports map[string]*store.SourceReport
	err     error // the save that failed first
}

func newCycle(st *store.Store, rs *rules.Ruleset, o Options, due []crawler.Source) *cycle {
	c := &cycle{
		st: st, rs: rs, o: o, due: due, counts: Counts{Due: len(due)},
		byID: make(map[string]crawler.Source, len(due)), reports: make(map[string]*store.SourceReport, len(due)),
	}
	for _, s := range due {
		c.byID[s.ID] = s
		c.reports[s.ID] = &store.SourceReport{SourceID: s.ID, Outcome: OutcomeStopped} // until the crawler says otherwise
	}
	return c
}

// sourceDone takes in how the visit to a source ended. What its pages brought has been counted by then.
func (c *cycle) sourceDone(r crawler.SourceResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	report := c.reports[r.SourceID]
	report.Outcome = string(r.Outcome)
	c.counts.Done++
	if r.Err != nil {
		report.Error = r.Err.Error()
	}
	switch {
	case r.Outcome == crawler.SourceFailed:
		c.o.Log.Warn("source failed", slog.String("source", r.SourceID), slog.String("error", report.Error))
	case r.Outcome == crawler.SourceOK && r.Err != nil:
		c.o.Log.Warn("a part of a source failed", slog.String("source", r.SourceID), slog.String("error", report.Error))
	}
	if c.o.Progress != nil {
		c.o.Progress(c.counts)
	}
}

// visit saves one thing that the crawler did. It returns an error only when the store failed, which ends the crawl.
func (c *cycle) visit(ctx context.Context, v crawler.Visit) error {
	v, saved, err := c.save(ctx, v)

	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if c.err == nil {
			c.err = err
		}
		return err
	}
	c.count(v, saved)
	if c.o.Progress != nil {
		c.o.Progress(c.counts)
	}
	return nil
}

// save stores a visit and, where it brought a page, the article and its events. It returns the visit as it was
// stored: a page that cannot be extracted becomes a failed fetch.
func (c *cycle) save(ctx context.Context, v crawler.Visit) (crawler.Visit, store.Saved, error) {
	if v.Page == nil {
		return v, store.Saved{}, c.st.SaveVisit(ctx, c.runID, v)
	}
	article, events, err := c.read(v)
	if err != nil {
		if v, err = c.unreadable(ctx, v, err); err != nil {
			return v, store.Saved{}, err
		}
		return v, store.Saved{}, c.st.SaveVisit(ctx, c.runID, v)
	}
	saved, err := c.st.SaveArticle(ctx, store.Save{
		RunID: c.runID, Now: c.o.Crawler.Clock(), Ruleset: c.rs.Hash(), Country: c.rs.Country,
		Visit: v, Article: article, Events: events,
	})
	return v, saved, err
}

// read turns a page into an article and its events. One page must not end the run, and the run after it, and the
// next: a panic in a parser is an error of that page.
func (c *cycle) read(v crawler.Visit) (article extract.Article, events []rules.Event, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read %s: panic: %v", v.Page.URL, r)
			c.o.Log.Error("a defect of exportwatch: please report it", slog.String("url", v.Page.URL), slog.Any("panic", r),
				slog.String("stack", string(debug.Stack())))
		}
	}()
	article, err = extract.Extract(*v.Page, extract.HintsFrom(v.Link, c.byID[v.Fetch.SourceID]))
	if err != nil {
		return article, nil, err
	}
	if article.Kind == extract.KindArticle {
		events, err = c.rs.Classify(article)
	}
	return article, events, err
}

// A page that could not be read is asked for again after six hours, a day and four days, then left alone.
const (
	retryFirst  = 6 * time.Hour
	retryFactor = 4
	retryMax    = 3
)

// unreadable returns the visit as a failure. Nothing of the page is remembered that would make the next request a
// conditional one, since a 304 brings no bytes to try again with. The state changes in place: by it the crawler knows
// whether all that a feed names is settled, and reads the feed again while it is not.
func (c *cycle) unreadable(ctx context.Context, v crawler.Visit, reason error) (crawler.Visit, error) {
	before, err := c.st.PageState(ctx, v.State.Key)
	if err != nil {
		return v, err
	}
	s := v.State
	s.ETag, s.LastModified, s.BodyHash = "", "", ""
	s.Failures = before.Failures + 1
	s.Settled = s.Failures > retryMax
	if !s.Settled {
		wait := retryFirst
		for range s.Failures - 1 {
			wait *= retryFactor
		}
		s.NextTry = c.o.Crawler.Clock().Add(wait)
	}
	v.Page = nil
	v.Fetch.Outcome, v.Fetch.Error, v.Fetch.NextTry = crawler.OutcomeMalformed, reason.Error(), s.NextTry
	return v, nil
}

// count adds a saved visit to the figures. The caller holds mu.
func (c *cycle) count(v crawler.Visit, saved store.Saved) {
	report := c.reports[v.Fetch.SourceID]
	c.counts.Fetches++
	switch f := v.Fetch; {
	case f.Outcome == crawler.OutcomeOK, f.Outcome == crawler.OutcomeCancelled:
	case f.Outcome == crawler.OutcomeNotModified:
		c.counts.NotModified++
	case f.Purpose == crawler.PurposeRobots && f.Status >= 400 && f.Status < 500:
		// No robots.txt, no restrictions (RFC 9309, section 2.3.1.3): nothing has failed.
	default:
		c.counts.Failed++
		report.Failed++
		c.o.Log.Info("fetch failed", slog.String("source", v.Fetch.SourceID), slog.String("url", v.Fetch.URL),
			slog.String("outcome", string(v.Fetch.Outcome)), slog.String("error", v.Fetch.Error))
	}
	if v.Page == nil {
		return
	}
	report.Pages++
	c.counts.Pages++
	if saved.New {
		report.Articles++
		c.counts.Articles++
	}
	c.counts.Events += saved.Events
	c.counts.Developments += saved.Developments
	c.counts.Changes += saved.Changes
}

// result judges the run after the crawl has ended.
func (c *cycle) result(ctx context.Context) Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	res := Result{RunID: c.runID, Outcome: OutcomeOK, Counts: c.counts}
	failed, stopped := 0, 0
	for _, s := range c.due {
		report := *c.reports[s.ID]
		res.Sources = append(res.Sources, report)
		switch report.Outcome {
		case OutcomeFailed:
			failed++
		case OutcomeStopped:
			stopped++
		}
	}
	switch {
	case stopped > 0:
		res.Outcome, res.Reason = OutcomeStopped, "interrupted"
		if errors.Is(context.Cause(ctx), errTimeLimit) {
			res.Reason = errTimeLimit.Error()
		}
	case failed == len(c.due):
		res.Outcome = OutcomeFailed
	case failed > 0:
		res.Outcome = OutcomePartial
	}
	return res
}
