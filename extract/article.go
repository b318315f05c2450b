// Package extract turns a fetched page into an article: the text that its author wrote and nothing else, with
// title, byline, date and language. It sees a page and hints, never the network, so saved pages can be extracted
// again.
package extract

import "time"

// Revision names this extractor in the extractions table. Raise it when its output changes.
const Revision = "readability-1"

// Kind says what a page turned out to be.
type Kind string

// The kinds of a page.
const (
	KindArticle Kind = "article"
	KindListing Kind = "listing"
	KindPaywall Kind = "paywall"
	KindConsent Kind = "consent"
	KindLogin   Kind = "login"
	KindSoft404 Kind = "soft_404"
	KindStub    Kind = "stub"
	KindNotHTML Kind = "not_html"
)

// Article is what a page says. Text holds paragraphs separated by an empty line, each one line of NFC text
// without control characters.
type Article struct {
	URL       string // canonical address: rel=canonical where it stays on the site of the page, else the page's own
	SourceID  string
	Title     string
	Authors   []string
	Published Published
	Lang      string // BCP 47, decided by the text; empty when too short to tell
	Kind      Kind
	Text      string
	Timezone  string // IANA name for weekdays and local dates in the text; empty is UTC
}

// Published is the date of publication: a moment, a day, or unknown. A day without a time stays a day.
type Published struct {
	At  time.Time // UTC; zero when only the day is known
	Day string    // 2006-01-02 in the source's time zone; empty when unknown
}
