package crawler

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mmcdole/gofeed"
)

// Limits of what is taken from one document.
const (
	maxLinks     = 2000
	maxLinkField = 500  // bytes of a title, date or author
	maxSummary   = 2000 // bytes
)

// feedLinks returns the articles that an RSS, Atom or JSON feed at base names. Of a feed that breaks off it returns
// those that are whole, together with an error that says where it broke.
func feedLinks(body []byte, declared, base string) ([]Link, error) {
	body = feedUTF8(body, declared)
	feed, broken := parseFeed(body)
	if errors.Is(broken, gofeed.ErrFeedTypeNotDetected) {
		return nil, errors.New("neither RSS nor Atom nor JSON feed; is the address still that of the feed?")
	}
	if feed == nil {
		return nil, fmt.Errorf("malformed feed: %w", broken)
	}
	var links []Link
	for _, item := range feed.Items {
		if len(links) == maxLinks {
			break
		}
		if link, ok := feedLink(item, base); ok {
			link.Language = clip(oneLine(feed.Language), maxLinkField)
			links = append(links, link)
		}
	}
	if broken != nil {
		return links, fmt.Errorf("malformed feed, %d items before that were taken: %w", len(links), broken)
	}
	return links, nil
}

func feedLink(item *gofeed.Item, base string) (Link, bool) {
	address := item.Link
	if address == "" && len(item.Links) > 0 {
		address = item.Links[0]
	}
	if address == "" && strings.HasPrefix(item.GUID, "http") { // RSS: a guid is a permanent address unless it says not
		address = item.GUID
	}
	resolved, err := resolve(base, strings.TrimSpace(address))
	if address == "" || err != nil {
		return Link{}, false
	}
	link := Link{
		URL:     resolved,
		Title:   clip(plainText(item.Title), maxLinkField),
		Summary: clip(plainText(item.Description), maxSummary),
	}
	date, parsed := item.Published, item.PublishedParsed
	if date == "" {
		date, parsed = item.Updated, item.UpdatedParsed
	}
	link.Date = clip(oneLine(date), maxLinkField)
	if parsed != nil && namesZone.MatchString(link.Date) {
		link.Published = parsed.UTC()
	}
	for _, author := range item.Authors {
		if author == nil {
			continue
		}
		if name := clip(plainText(author.Name), maxLinkField); name != "" {
			link.Authors = append(link.Authors, name)
		}
	}
	return link, true
}

// namesZone matches a date whose zone leaves no doubt. gofeed takes a date without one for UTC, and one in a zone
// that it does not know too; CST and IST mean different zones in different countries, MST as well.
var namesZone = regexp.MustCompile(`(?i)\d(:\d\d(\.\d+)?\s*[+-]\d\d:?\d\d(\s*\(.*\))?|\s*(Z|UT|UTC|GMT|EST|EDT|CDT|PST|PDT|WET|WEST|CET|CEST|EET|EEST))$`)

// parseFeed parses a feed, or as much of it as is whole: then the feed comes with an error.
func parseFeed(body []byte) (*gofeed.Feed, error) {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		if bytes.Count(body, []byte("{")) > maxFeedElements {
			return nil, errTooMany
		}
		feed, err := readFeed(body)
		if err == nil && feed.FeedVersion == "" { // any object would do for gofeed
			return nil, gofeed.ErrFeedTypeNotDetected
		}
		return feed, err
	}
	whole, broken := wholeItems(body)
	if broken == errEnough {
		return readFeed(whole)
	}
	if !errors.Is(broken, errTooDeep) && !errors.Is(broken, errTooMany) {
		feed, err := readFeed(body)
		if err == nil {
			return feed, nil
		}
		broken = err
	}
	if feed, err := readFeed(whole); err == nil {
		return feed, broken
	}
	return nil, broken
}

func readFeed(body []byte) (feed *gofeed.Feed, err error) {
	// What a site sends must not end the run: gofeed takes each item and author of a JSON feed for an object.
	defer func() {
		if r := recover(); r != nil {
			feed, err = nil, fmt.Errorf("gofeed: %v", r)
		}
	}()
	return gofeed.NewParser().Parse(bytes.NewReader(body))
}
