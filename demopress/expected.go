package demopress

import (
	"fmt"
	"io/fs"
	"time"

	"github.com/goccy/go-yaml"
)

// Expected is expected.yaml: what a careful analyst records after reading the press. Tests of every room measure
// themselves against it.
type Expected struct {
	Clock        time.Time             `yaml:"clock"` // the hour of the demo
	Articles     []ExpectedArticle     `yaml:"articles"`
	Developments []ExpectedDevelopment `yaml:"developments"`
	Mails        []string              `yaml:"mails"` // ids of developments
	Fetches      []ExpectedFetch       `yaml:"fetches"`
}

// ExpectedArticle is an article that a crawl of all sources stores.
type ExpectedArticle struct {
	URL       string          `yaml:"url"`
	Source    string          `yaml:"source"`
	Title     string          `yaml:"title"`
	Published string          `yaml:"published"` // RFC 3339 in UTC, or a day
	Lang      string          `yaml:"lang"`
	Note      string          `yaml:"note"` // why the article is in the press
	Events    []ExpectedEvent `yaml:"events"`
	Later     []ExpectedEvent `yaml:"later"` // of types that have no rules yet
}

// ExpectedEvent is one event of an article. Fields that end in Also hold what is right as well.
type ExpectedEvent struct {
	Type         string   `yaml:"type"`
	Status       string   `yaml:"status"`
	StatusAlso   []string `yaml:"status_also"`
	Companies    []string `yaml:"companies"`
	Authority    []string `yaml:"authority"` // any of these; "" where the text leaves it open
	Items        []string `yaml:"items"`
	ItemsAlso    []string `yaml:"items_also"`
	Destinations []string `yaml:"destinations"`
	Date         string   `yaml:"date"`
	Current      bool     `yaml:"current"`
	Attribution  string   `yaml:"attribution"` // empty: not judged
	Optional     bool     `yaml:"optional"`    // a careful analyst may leave it out
	Quote        string   `yaml:"quote"`       // white space folded
}

// ExpectedDevelopment is one thing that happened, with all articles that tell it.
type ExpectedDevelopment struct {
	ID           string   `yaml:"id"`
	Type         string   `yaml:"type"`
	Status       string   `yaml:"status"`
	StatusAlso   []string `yaml:"status_also"`
	Companies    []string `yaml:"companies"`
	Authority    []string `yaml:"authority"`
	Items        []string `yaml:"items"`
	ItemsAlso    []string `yaml:"items_also"`
	Destinations []string `yaml:"destinations"`
	Current      bool     `yaml:"current"`
	Official     bool     `yaml:"official"`
	Articles     []string `yaml:"articles"` // URLs
}

// ExpectedFetch is an address that a feed names and that ends otherwise than as an article of that address.
type ExpectedFetch struct {
	URL      string `yaml:"url"`
	Outcome  string `yaml:"outcome"` // as package crawler names it
	Status   int    `yaml:"status"`
	Redirect string `yaml:"redirect"` // where it leads
}

// LoadExpected reads what is expected of the press in fsys.
func LoadExpected(fsys fs.FS) (Expected, error) {
	data, err := fs.ReadFile(fsys, root+"/expected.yaml")
	if err != nil {
		return Expected{}, fmt.Errorf("load what is expected of the press: %w", err)
	}
	var x Expected
	if err := yaml.UnmarshalWithOptions(data, &x, yaml.DisallowUnknownField()); err != nil {
		return Expected{}, fmt.Errorf("load what is expected of the press: %w", err)
	}
	return x, nil
}
