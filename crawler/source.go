// Package crawler discovers and fetches: the feeds and listings of configured sources, and the articles that
// they name. It is the only package that imports Colly. It knows nothing of articles, rules or storage: what it
// must remember it asks of a [Memory], and everything it does it hands over as a [Visit].
package crawler

import (
	"cmp"
	"context"
	"time"
)

// Source is one publication, as one YAML file describes it.
type Source struct {
	ID          string      `yaml:"id"`           // lower-case slug, unique
	Name        string      `yaml:"name"`         // as readers know it
	Homepage    string      `yaml:"homepage"`     // absolute URL
	Country     string      `yaml:"country"`      // ISO 3166-1 alpha-2 of the publication
	Language    string      `yaml:"language"`     // BCP 47; a hint, the text decides
	Kind        string      `yaml:"kind"`         // trade_press, general_tech, wire, newspaper, official, law_firm, think_tank
	Timezone    string      `yaml:"timezone"`     // IANA name; resolves weekdays and local dates. Default UTC
	Discover    []Discovery `yaml:"discover"`     // at least one
	Interval    Duration    `yaml:"interval"`     // least time between two requests to one host. Default 2s
	Every       Duration    `yaml:"every"`        // rhythm of visits. Default 1h
	MaxArticles int         `yaml:"max_articles"` // new articles fetched a visit. Default 40
	Disabled    bool        `yaml:"disabled"`     // kept in the file, not crawled
}

// Discovery names one document that lists articles: a feed, or a listing page with the selector of its links.
type Discovery struct {
	Feed    string `yaml:"feed"`    // URL of an RSS, Atom or JSON feed
	Listing string `yaml:"listing"` // URL of an HTML page
	Links   string `yaml:"links"`   // CSS selector of the article links of a listing
}

func (d Discovery) address() string {
	return cmp.Or(d.Feed, d.Listing)
}

func (d Discovery) purpose() Purpose {
	if d.Feed != "" {
		return PurposeFeed
	}
	return PurposeListing
}

// Defaults of a [Source], for the fields that are left at zero.
const (
	defaultTimezone    = "UTC"
	defaultInterval    = Duration(2 * time.Second)
	defaultEvery       = Duration(time.Hour)
	defaultMaxArticles = 40
)

// kinds are the values of Source.Kind.
var kinds = []string{"trade_press", "general_tech", "wire", "newspaper", "official", "law_firm", "think_tank"}

func (s Source) withDefaults() Source {
	s.Timezone = cmp.Or(s.Timezone, defaultTimezone)
	s.Interval = cmp.Or(s.Interval, defaultInterval)
	s.Every = cmp.Or(s.Every, defaultEvery)
	s.MaxArticles = cmp.Or(s.MaxArticles, defaultMaxArticles)
	return s
}

// Duration is a time.Duration written as Go writes it: "2s", "1h30m".
type Duration time.Duration

// Memory is what the crawler asks of whoever keeps its past.
type Memory interface {
	// PageState returns what is remembered of the address with this [Key]; the zero PageState when nothing is.
	PageState(ctx context.Context, key string) (PageState, error)
	// Robots returns the robots.txt last fetched from an origin; the zero Robots when none was.
	Robots(ctx context.Context, origin string) (Robots, error)
}
