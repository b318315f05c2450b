package store

import (
	"time"

	"exportwatch/crawler"
	"exportwatch/developments"
	"exportwatch/extract"
	"exportwatch/rules"
)

// Run is one run of a command that writes.
type Run struct {
	ID      int64
	Kind    string // run, demo, import
	Started time.Time
	Version string
	Ruleset string
}

// Report is how a run ended.
type Report struct {
	Outcome  string // ok, partial, failed, stopped
	Finished time.Time
	Counts   map[string]int
	Sources  []SourceReport
}

// SourceReport is how the visit to one source ended.
type SourceReport struct {
	SourceID string
	Outcome  string // ok, failed, stopped
	Error    string
	Pages    int // responses with a body
	Articles int // new ones
	Failed   int // failed fetches
}

// Save is one article with all that follows from it, written in one transaction.
type Save struct {
	RunID      int64
	Now        time.Time
	Ruleset    string
	Visit      crawler.Visit // Page not nil
	Article    extract.Article
	Events     []rules.Event                 // none where Article.Kind is not an article
	Country    func(authority string) string // of a deciding authority; nil: none is known. [rules.Ruleset.Country]
	ExternalID string                        // id given by an import
}

// Saved says what a Save did.
type Saved struct {
	ArticleID    int64
	New          bool // not known before, or known only as a page that was not an article (a paywall, a stub)
	Events       int  // new ones
	Developments int  // new ones
	Changes      int
}

// SourceRow is a source with its health. View v_source_health.
type SourceRow struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Language    string `json:"language"`
	Disabled    bool   `json:"disabled"`
	NextDue     string `json:"next_due"`
	LastVisit   string `json:"last_visit"`
	LastSuccess string `json:"last_success"`
	LastNew     string `json:"last_new"`
	Failures    int    `json:"failures"`
	LastError   string `json:"last_error"`
	Articles    int    `json:"articles"`
	State       string `json:"state"` // new, ok, failing, quiet (no new article for 14 days), disabled, removed (from the configuration)
}

// EventRow is an event with all that is needed to check it. View v_events.
type EventRow struct {
	ID              int64          `json:"id"`
	Type            string         `json:"type"`
	Status          string         `json:"status"`
	Companies       []string       `json:"companies"`
	Authority       string         `json:"authority"`
	Items           []string       `json:"items"`
	Destinations    []string       `json:"destinations"`
	Date            string         `json:"date"`
	Current         bool           `json:"current"`
	Attribution     string         `json:"attribution"`
	Rule            string         `json:"rule"`
	Ruleset         string         `json:"ruleset"`
	Score           float64        `json:"score"`
	Evidence        rules.Evidence `json:"evidence"`
	DevelopmentID   int64          `json:"development_id"`
	ArticleID       int64          `json:"article_id"`
	URL             string         `json:"url"`
	Title           string         `json:"title"`
	Source          string         `json:"source"`      // id
	SourceName      string         `json:"source_name"` // as readers know it
	Lang            string         `json:"lang"`
	Published       string         `json:"published"` // moment or day; empty when unknown
	KnownFrom       string         `json:"known_from"`
	WithdrawnAt     string         `json:"withdrawn_at,omitempty"`
	WithdrawnReason string         `json:"withdrawn_reason,omitempty"`
}

// DevelopmentRow is a development with its mentions. View v_developments.
type DevelopmentRow struct {
	ID           int64    `json:"id"`
	Type         string   `json:"type"`
	Status       string   `json:"status"`
	Companies    []string `json:"companies"`
	Items        []string `json:"items"`
	Authority    string   `json:"authority"`
	Destinations []string `json:"destinations"`
	Date         string   `json:"date"`
	Current      bool     `json:"current"`
	Official     bool     `json:"official"`
	FirstSeen    string   `json:"first_seen"`
	LastSeen     string   `json:"last_seen"`
	Articles     int      `json:"articles"`
	Origins      int      `json:"origins"` // copies of one text count once
	MatterID     int64    `json:"matter_id"`
	Quote        string   `json:"quote"` // the best sentence
	Source       string   `json:"source"`
	URL          string   `json:"url"`
	ArticleIDs   []string `json:"article_ids"` // imported articles keep their given ids
	URLs         []string `json:"urls"`
}

// ArticleRow is an article as it was last extracted. View v_articles.
type ArticleRow struct {
	ID        int64    `json:"id"`
	URL       string   `json:"url"`
	Source    string   `json:"source"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors"`
	Text      string   `json:"text"`
	Published string   `json:"published"`
	Lang      string   `json:"lang"`
	Kind      string   `json:"kind"`
	FirstSeen string   `json:"first_seen"`
	Events    int      `json:"events"`
}

// Filter narrows a query. Zero fields do not narrow.
type Filter struct {
	Types          []string  // "license" or "license/granted"
	Company        string    // slug
	Item           string    // slug
	Authority      string    // slug
	Destination    string    // ISO 3166-1 alpha-2
	Source         string    // id
	Lang           string    // BCP 47
	Kind           string    // of articles
	Since          time.Time // first seen (articles), known from (events), first seen (developments)
	PublishedSince string    // 2006-01-02
	CurrentOnly    bool
	Withdrawn      bool   // include withdrawn events
	Match          string // full-text query on articles: words, all of which must occur
	Limit          int    // 0: all
}

// Change is one thing to tell, with all that a mail says of it.
type Change struct {
	ID          int64
	Kind        developments.ChangeKind
	At          time.Time
	Development DevelopmentRow
	Event       EventRow // the event that caused it
}

// Delivery is one message to one recipient: queued until sent, or failed for good.
type Delivery struct {
	ID           int64
	ChangeID     int64
	Subscription string
	Recipient    string
	State        string // queued, sent, failed
	Attempts     int
	QueuedAt     time.Time
	NextTry      time.Time
	SentAt       time.Time // zero: not sent
	MessageID    string
	LastError    string
}
