package crawler

import (
	"net/http"
	"time"
)

// Page is one fetched document: its bytes as the site sent them, content encoding (gzip, br, zstd)
// undone and charset untouched. Package extract decodes the charset, once.
type Page struct {
	SourceID    string
	URL         string // absolute; the last address after redirects
	RequestURL  string // absolute; the address that was asked for
	FetchedAt   time.Time
	Status      int
	Header      http.Header
	ContentType string // media type without parameters, lower case; empty when the site sent none
	Charset     string // charset parameter of Content-Type as the site sent it; empty when none
	Body        []byte
}

// Link is an article that a feed, listing or sitemap names, with what that document says of it.
// Only URL is always there; everything else is a claim for package extract to weigh.
type Link struct {
	URL       string    // absolute
	Title     string    // plain text
	Published time.Time // zero when the document names no date, or one without a zone
	Date      string    // the date as the document words it
	Authors   []string
	Language  string // BCP 47, as the document declares it
	Summary   string // plain text
}

// Purpose says why a document was fetched.
type Purpose string

// The purposes of a fetch, as the fetches table stores them.
const (
	PurposeRobots  Purpose = "robots"
	PurposeFeed    Purpose = "feed"
	PurposeListing Purpose = "listing"
	PurposeArticle Purpose = "article"
)

// Outcome classifies how a fetch ended. The zero value is invalid.
type Outcome string

// The outcomes of a fetch, as the fetches table stores them. All but OutcomeOK and
// OutcomeNotModified are failures and come with an error text.
const (
	OutcomeOK          Outcome = "ok"
	OutcomeNotModified Outcome = "not_modified" // 304 to a conditional request
	OutcomeDisallowed  Outcome = "disallowed"   // robots.txt forbids this address, or one that it redirects to
	OutcomeHTTP        Outcome = "http_error"   // a status other than 200 and 304
	OutcomeTimeout     Outcome = "timeout"
	OutcomeNetwork     Outcome = "network"   // DNS, connection or TLS
	OutcomeForbidden   Outcome = "forbidden" // the dial guard refused the address (private, loopback, link-local)
	OutcomeTooLarge    Outcome = "too_large" // the decoded body passed the limit
	OutcomeRedirect    Outcome = "redirect"  // too many hops, a loop, or a scheme other than http and https
	OutcomeMalformed   Outcome = "malformed" // the bytes are not what they should be: feed, encoding, markup
	OutcomeNotPage     Outcome = "not_page"  // an image, PDF, video, …: not downloaded
	OutcomePostponed   Outcome = "postponed" // the host asked for a pause (429, Retry-After) before this request: not sent
	OutcomeCancelled   Outcome = "cancelled" // the run stopped while the request was under way
)

// Fetch is the record of one request: a row, never a silent skip. A request that was never sent has a row too
// when something but the end of the run held it back: robots.txt, the dial guard, a pause of the host.
type Fetch struct {
	SourceID string
	URL      string // as asked for
	FinalURL string // after redirects; empty when no response came
	Purpose  Purpose
	At       time.Time
	Duration time.Duration // on the wire; waiting for the host's turn is not counted
	Status   int           // HTTP status of the last hop; 0 when no response came
	Outcome  Outcome
	Error    string    // empty for OutcomeOK and OutcomeNotModified
	Bytes    int64     // decoded body bytes read
	NextTry  time.Time // earliest time of another try; zero when the rhythm of the source decides
}

// PageState is what is remembered of an address between runs.
type PageState struct {
	Key          string // [Key] of the address
	URL          string
	SourceID     string
	ETag         string
	LastModified string
	BodyHash     string    // hex SHA-256 of the body last seen
	FetchedAt    time.Time // last response; zero: never fetched
	Status       int
	Failures     int       // consecutive
	NextTry      time.Time // not before; zero: any time
	Settled      bool      // an article: stored, or refused for good. A feed: every link that it named is settled.
}

// Robots is the robots.txt of an origin as last fetched. RFC 9309 lets it be used for 24 hours.
type Robots struct {
	Origin    string // scheme://host[:port], lower case
	Status    int    // HTTP status; 0 when unreachable
	Body      []byte // at most 500 KiB, RFC 9309 section 2.5
	FetchedAt time.Time
}

// Visit is one thing that the crawler did. Fetch is always there, once for each request.
//
//   - robots.txt: Robots is what is now to be remembered of the origin; nil when the older copy stays in force.
//   - a feed or listing: handed over after the articles that it named, with State. A State without validators
//     (ETag, LastModified, BodyHash) and not Settled says that some of its links are still open: the next visit
//     reads the whole document again, so that nothing is lost to a crash or a limit.
//   - an article: State, and Page where its bytes arrived and are not those already known.
//
// State replaces whatever is remembered under its key. It is nil where nothing was learnt: OutcomeCancelled. Who
// handles an article and cannot use it may change its State in place, Settled above all: the crawler looks at it
// afterwards, to know whether the document that named the article has an open link.
type Visit struct {
	Fetch  Fetch
	Page   *Page
	Link   Link // of an article: where it was found
	State  *PageState
	Robots *Robots
}
