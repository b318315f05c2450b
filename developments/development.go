// Package developments decides whether a mention is something new, more of the same, or a recap, and on which
// matter it hangs. It is pure: the store loads candidates, asks [Assign], and writes what it says.
package developments

import (
	"time"

	"exportwatch/extract"
	"exportwatch/rules"
)

// Mention is one event of one article, with what assignment needs to know of the article.
type Mention struct {
	Event     rules.Event
	Published extract.Published
	SeenAt    time.Time // when the article that says so was fetched
	Official  bool      // the source is an authority's or company's own
}

// Development is one thing that happened, as many articles tell it.
type Development struct {
	ID           int64
	MatterID     int64
	Type         string
	Status       string
	Companies    []string // slugs, sorted
	Items        []string // slugs, sorted
	Authority    string   // slug
	Country      string   // ISO 3166-1 alpha-2 of the deciding authority; empty when unknown
	Destinations []string // ISO 3166-1 alpha-2, sorted
	Date         string   // when it happened, where an article says so
	FirstDay     string   // 2006-01-02: earliest day of a mention (its date, else publication, else fetch)
	LastDay      string   // latest such day
	FirstSeen    time.Time
	LastSeen     time.Time
	Official     bool // an official mention confirms it
	Current      bool // at least one mention told it as news; false: known from recaps only
}

// ChangeKind says what happened to a development.
type ChangeKind string

// The kinds of a change, as the changes table stores them.
const (
	ChangeNew       ChangeKind = "new"
	ChangeConfirmed ChangeKind = "confirmed" // official confirmation of what was only reported
	ChangeWithdrawn ChangeKind = "withdrawn"
)

// Decision is what Assign says of a mention.
type Decision struct {
	Development Development  // the development as it is after the mention; ID 0: a new one
	Changes     []ChangeKind // what to tell; empty: nobody needs to hear of it
}

// Matter is the thread on which developments hang: a party and an item, where known with the destination and the
// country that decides.
type Matter struct {
	ID          int64
	Party       string
	Item        string
	Destination string
	Country     string
}
