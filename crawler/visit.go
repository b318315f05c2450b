package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// sourceVisit is the visit to one source.
type sourceVisit struct {
	*run
	source Source
	left   int // articles that may still be fetched
	read   int // feeds and listings that could be read
	errs   []error
	result SourceResult
}

// visit reads the feeds and listings of a source, one after the other, and the new articles of each.
func (r *run) visit(source Source) SourceResult {
	v := &sourceVisit{run: r, source: source, left: source.MaxArticles, result: SourceResult{SourceID: source.ID}}
	for _, discovery := range source.Discover {
		if r.ctx.Err() != nil {
			break
		}
		if err := v.survive(discovery); err != nil {
			v.errs = append(v.errs, fmt.Errorf("%s %s: %s", discovery.purpose(), discovery.address(), errorText(err)))
		}
	}
	if len(source.Discover) == 0 {
		v.errs = append(v.errs, errors.New("the source names no feed and no listing"))
	}
	switch {
	case r.ctx.Err() != nil:
		v.result.Outcome = SourceStopped
	case v.read > 0:
		v.result.Outcome = SourceOK
	default:
		v.result.Outcome = SourceFailed
	}
	v.result.Err = errors.Join(v.errs...)
	return v.result
}

// survive makes a panic while a document is read, which a parser of somebody else's may raise, an error of that document: one site
// must not end the visits to all.
func (v *sourceVisit) survive(d Discovery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it could not be read: %v", p)
		}
	}()
	return v.discover(d)
}

// discover reads one feed or listing and fetches what is new in it. The document is handed over last, so that its
// validators are remembered only once every link that it names is settled: a run that dies before reads it again.
func (v *sourceVisit) discover(d Discovery) error {
	address, err := resolve(d.address(), "")
	if err != nil {
		return err
	}
	key, err := Key(address)
	if err != nil {
		return err
	}
	state, err := v.recall(key)
	if err != nil {
		return err
	}
	if v.options.Clock().Before(state.NextTry) {
		return fmt.Errorf("not to be tried before %s", state.NextTry.UTC().Format(time.RFC3339))
	}
	state.Key, state.URL, state.SourceID = key, address, v.source.ID

	got := v.get(v.ctx, &v.source, d.purpose(), address, conditions(state))
	switch got.Outcome {
	case OutcomeOK:
		return v.readDocument(d, state, got)
	case OutcomeNotModified:
		v.read++
		return v.handOver(Visit{Fetch: got.Fetch, State: new(answered(state, got))})
	case OutcomeCancelled:
		return v.handOverCancelled(got)
	}
	next := failed(state, got)
	// How often a source is visited is for its rhythm to say, unless somebody asked for more rest.
	if got.pause == 0 && got.Outcome != OutcomeDisallowed {
		next.NextTry = time.Time{}
	}
	got.NextTry = next.NextTry
	return errors.Join(got.err, v.handOver(Visit{Fetch: got.Fetch, State: &next}))
}

// readDocument fetches the new articles of a feed or listing that has arrived, and hands it over.
func (v *sourceVisit) readDocument(d Discovery, state PageState, got response) error {
	next := answered(state, got)
	if state.Settled && state.BodyHash == next.BodyHash {
		v.read++
		return v.handOver(Visit{Fetch: got.Fetch, State: &next})
	}
	links, problem := linksOf(d, got)
	if problem == nil || len(links) > 0 {
		v.read++
	}
	next.Settled = v.articles(links) && problem == nil
	if !next.Settled {
		next.ETag, next.LastModified, next.BodyHash = "", "", ""
	}
	if problem != nil {
		got.Outcome, got.Error = OutcomeMalformed, errorText(problem)
		next.Failures = state.Failures + 1
	}
	return errors.Join(problem, v.handOver(Visit{Fetch: got.Fetch, State: &next}))
}

func linksOf(d Discovery, got response) ([]Link, error) {
	if d.purpose() == PurposeFeed {
		return feedLinks(got.body, got.charset, got.FinalURL)
	}
	return listingLinks(got.body, got.charset, got.FinalURL, d.Links)
}

// articles fetches the new ones of the articles that a document names, and reports whether all of them are settled.
func (v *sourceVisit) articles(links []Link) bool {
	settled := true
	seen := make(map[string]bool)
	for _, link := range links {
		key, err := Key(link.URL)
		if err != nil || seen[key] {
			continue // not an address that could ever be fetched, or named twice
		}
		seen[key] = true
		state, err := v.recall(key)
		if err != nil {
			return false
		}
		if state.Settled {
			continue
		}
		if v.options.Clock().Before(state.NextTry) {
			settled = false
			continue
		}
		if v.left == 0 || v.ctx.Err() != nil {
			return false
		}
		if !v.claim(key) {
			settled = false // another source fetches it in this run; the next visit will find it settled
			continue
		}
		v.left--
		state.Key, state.URL, state.SourceID = key, link.URL, v.source.ID
		settled = v.article(link, state) && settled
	}
	return settled
}

// article fetches one article and reports whether it is settled.
func (v *sourceVisit) article(link Link, state PageState) bool {
	got := v.get(v.ctx, &v.source, PurposeArticle, link.URL, nil)
	if got.Outcome == OutcomeCancelled {
		_ = v.handOverCancelled(got) // its failure ends the run by itself
		return false
	}
	visit := Visit{Link: link}
	var next PageState
	if got.Outcome == OutcomeOK {
		next = answered(state, got)
		next.Settled = true
		known, err := v.isKnown(state.Key, got.FinalURL, next.BodyHash)
		if err != nil {
			return false
		}
		if !known {
			visit.Page = v.page(got)
		}
	} else {
		next = failed(state, got)
		if next.Failures >= triesOf(got.Fetch) {
			next.Settled, next.NextTry = true, time.Time{}
		}
		got.NextTry = next.NextTry
	}
	visit.Fetch, visit.State = got.Fetch, &next
	return v.handOver(visit) == nil && next.Settled // as handle left it
}

// isKnown reports whether the article was redirected to one that has been stored with the same bytes.
func (v *sourceVisit) isKnown(key, finalURL, hash string) (bool, error) {
	final, err := Key(finalURL)
	if err != nil || final == key {
		return false, nil
	}
	state, err := v.recall(final)
	return err == nil && state.Settled && state.BodyHash == hash, err
}

func (v *sourceVisit) page(got response) *Page {
	return &Page{
		SourceID:    v.source.ID,
		URL:         got.FinalURL,
		RequestURL:  got.URL,
		FetchedAt:   got.At,
		Status:      got.Status,
		Header:      got.header,
		ContentType: got.media,
		Charset:     got.charset,
		Body:        got.body,
	}
}

// handOver delivers a visit and counts it.
func (v *sourceVisit) handOver(visit Visit) error {
	if err := v.deliver(visit); err != nil {
		return err
	}
	switch visit.Fetch.Outcome {
	case OutcomeOK:
		v.result.Pages++
		if visit.Page != nil {
			v.result.Articles++
		}
	case OutcomeNotModified:
	default:
		v.result.Failed++
	}
	return nil
}

// handOverCancelled delivers the row of a request that the end of the run cut off. One that still waited for its
// turn leaves no row.
func (v *sourceVisit) handOverCancelled(got response) error {
	if !got.sent {
		return got.err
	}
	return errors.Join(got.err, v.handOver(Visit{Fetch: got.Fetch}))
}

// conditions returns the headers of a conditional request: RFC 9110, section 13.1.
func conditions(state PageState) http.Header {
	header := make(http.Header)
	if !state.Settled {
		return header
	}
	if state.ETag != "" {
		header.Set("If-None-Match", state.ETag)
	}
	if state.LastModified != "" {
		header.Set("If-Modified-Since", state.LastModified)
	}
	return header
}

// answered is the state of a page after a 200 or a 304.
func answered(state PageState, got response) PageState {
	state.FetchedAt, state.Status = got.At, got.Status
	state.Failures, state.NextTry = 0, time.Time{}
	if got.Outcome == OutcomeNotModified {
		return state
	}
	state.ETag, state.LastModified = got.header.Get("ETag"), got.header.Get("Last-Modified")
	sum := sha256.Sum256(got.body)
	state.BodyHash = hex.EncodeToString(sum[:])
	return state
}

// failed is the state of a page after a failure: when to try again.
func failed(state PageState, got response) PageState {
	if got.Status != 0 {
		state.FetchedAt, state.Status = got.At, got.Status
	}
	if got.Outcome == OutcomePostponed { // never tried: no failure of the page
		state.NextTry = got.At.Add(got.pause)
		return state
	}
	state.Failures++
	wait := max(backOff(state.Failures), got.pause)
	switch {
	case errors.Is(got.err, errUnreachable):
		wait = max(wait, robotsRetry)
	case got.Outcome == OutcomeDisallowed:
		wait = max(wait, disallowedFor)
	}
	state.NextTry = got.At.Add(wait)
	return state
}
