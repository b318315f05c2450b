package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	robotsMaxAge      = 24 * time.Hour      // RFC 9309, section 2.4
	robotsStaleMaxAge = 30 * 24 * time.Hour // an older good copy, while the origin is unreachable: section 2.3.1.4
	robotsRetry       = time.Hour           // an origin that was unreachable is asked again after
)

// errUnreachable is the state of an origin whose robots.txt is not to be had: RFC 9309, section 2.3.1.4.
var errUnreachable = fmt.Errorf("robots.txt is unreachable, so all is %w", errDisallowed)

// robotsOrigin is the robots.txt of one origin during a run.
type robotsOrigin struct {
	turn  chan struct{} // held by who reads or asks
	until time.Time     // zero: not known yet
	rules robotsRules
	err   error
}

// robotsFor returns the rules of an origin: from this run, from memory, or from the origin itself. Its errors are
// errUnreachable, postponedError, that of ctx, or one that ends the run.
func (r *run) robotsFor(ctx context.Context, source *Source, origin string) (robotsRules, error) {
	r.mu.Lock()
	o, ok := r.robots[origin]
	if !ok {
		o = &robotsOrigin{turn: make(chan struct{}, 1)}
		r.robots[origin] = o
	}
	r.mu.Unlock()

	select {
	case o.turn <- struct{}{}:
	case <-ctx.Done():
		return robotsRules{}, ctx.Err()
	}
	defer func() { <-o.turn }()
	if r.options.Clock().Before(o.until) {
		return o.rules, o.err
	}
	robots, err := r.readRobots(ctx, source, origin)
	if ctx.Err() != nil {
		return robotsRules{}, ctx.Err()
	}
	o.rules, o.err, o.until = robotsRules{}, err, r.options.Clock().Add(robotsRetry)
	if err == nil {
		o.until = r.options.Clock().Add(robotsMaxAge)
		if robots.Status == http.StatusOK {
			o.rules = parseRobots(robots.Body, r.product)
		}
	}
	return o.rules, o.err
}

func (r *run) readRobots(ctx context.Context, source *Source, origin string) (Robots, error) {
	old, err := r.memory.Robots(r.handleCtx, origin)
	if err != nil {
		return Robots{}, r.fail(fmt.Errorf("recall robots.txt of %s: %w", origin, err))
	}
	age := r.options.Clock().Sub(old.FetchedAt)
	known := !old.FetchedAt.IsZero() && age >= 0
	good := known && isAnswer(old.Status)
	switch {
	case good && age < robotsMaxAge:
		return old, nil
	case known && !good && age < robotsRetry:
		return Robots{}, fmt.Errorf("%w (status %d at %s)", errUnreachable, old.Status, old.FetchedAt.UTC().Format(time.RFC3339))
	}

	got := r.get(ctx, source, PurposeRobots, origin+"/robots.txt", nil)
	visit := Visit{Fetch: got.Fetch}
	if got.Outcome == OutcomeCancelled {
		if got.sent {
			_ = r.deliver(visit) // its failure ends the run by itself
		}
		return Robots{}, ctx.Err()
	}
	fresh := Robots{Origin: origin, Status: got.Status, Body: got.body, FetchedAt: got.At}
	switch {
	case got.Outcome == OutcomeOK, got.Outcome == OutcomeHTTP && isAnswer(got.Status), got.Outcome == OutcomeRedirect:
		visit.Robots = &fresh
		return fresh, r.deliver(visit)
	case good && age < robotsStaleMaxAge:
		return old, r.deliver(visit)
	case got.pause > 0: // says nothing of the rules: ask again when the pause is over
		if err := r.deliver(visit); err != nil {
			return Robots{}, err
		}
		return Robots{}, &postponedError{host: origin, wait: got.pause}
	}
	if got.Outcome != OutcomeHTTP {
		fresh.Status = 0
	}
	visit.Robots = &fresh
	if err := r.deliver(visit); err != nil {
		return Robots{}, err
	}
	return Robots{}, fmt.Errorf("%w: %w", errUnreachable, got.err)
}

// isAnswer reports whether a status tells what robots.txt says: its rules, or, by 3xx and 4xx, that there are none
// (RFC 9309, sections 2.3.1.2 and 2.3.1.3). 429 is no such answer but a server that is busy.
func isAnswer(status int) bool {
	return 200 <= status && status < 500 && status != http.StatusTooManyRequests
}

// Waiting times after failures.
const (
	retryFirst    = 15 * time.Minute // doubled with each failure
	retryMost     = 7 * 24 * time.Hour
	disallowedFor = 24 * time.Hour // robots.txt forbids an address: it is read again after that
)

// backOff is how long to leave an address alone after so many failures in a row.
func backOff(failures int) time.Duration {
	wait := retryFirst
	for range failures - 1 {
		wait = min(2*wait, retryMost)
		if wait == retryMost {
			break
		}
	}
	return wait
}

// retryAfter reads the header of that name: seconds or a date (RFC 9110, section 10.2.3). A date counts from the
// server's own clock where it tells it. The wait is at most retryMost.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(retryMost/time.Second))) * time.Second, true
	} else if errors.Is(err, strconv.ErrRange) {
		return retryMost, true
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if serverNow, err := http.ParseTime(header.Get("Date")); err == nil {
		now = serverNow
	}
	return min(max(date.Sub(now), 0), retryMost), true
}

// pauseOf returns how long a response asks to leave its host alone, zero when it does not. Never less than
// retryFirst: a server that had to ask is not asked again in the same breath.
func pauseOf(status int, header http.Header, now time.Time) time.Duration {
	wait, told := retryAfter(header, now)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && told {
		return max(wait, retryFirst)
	}
	return 0
}

// triesOf is after how many failures in a row an article is refused for good. With backOff, three tries span three
// quarters of an hour, eight a day and a half: news that cannot be read by then is left.
func triesOf(f Fetch) int {
	switch {
	case f.Status == http.StatusGone && f.Outcome == OutcomeHTTP, f.Outcome == OutcomeNotPage:
		return 1
	case f.Status == http.StatusNotFound && f.Outcome == OutcomeHTTP, f.Outcome == OutcomeTooLarge, f.Outcome == OutcomeForbidden:
		return 3
	}
	return 8
}
