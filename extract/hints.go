package extract

import (
	"cmp"
	"time"

	"exportwatch/crawler"
)

// Hints is what is known of a page from elsewhere: the feed that named it, the settings of its source.
type Hints struct {
	Title     string    // from the feed
	Published time.Time // from the feed; zero when unknown
	Date      string    // the feed's date as worded, for those that time.Time cannot hold
	Authors   []string
	Language  string // BCP 47
	Timezone  string // IANA name; empty is UTC
	SiteName  string // the publication, as readers know it; neither part of a title nor an author
}

// HintsFrom is what the document that named a page, and the source of that document, say of it.
func HintsFrom(link crawler.Link, src crawler.Source) Hints {
	return Hints{
		Title:     link.Title,
		Published: link.Published,
		Date:      link.Date,
		Authors:   link.Authors,
		Language:  cmp.Or(link.Language, src.Language),
		Timezone:  src.Timezone,
		SiteName:  src.Name,
	}
}
