package crawler

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

const (
	maxLinks      = 2000 // of one document
	maxFeedDepth  = 64   // open elements; the parser recurses
	maxSummary    = 2000 // bytes
	maxLinkFields = 500  // bytes of a title, date or author
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
			link.Language = clipTo(oneLine(feed.Language), maxLinkFields)
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
		Title:   clipTo(plainText(item.Title), maxLinkFields),
		Summary: clipTo(plainText(item.Description), maxSummary),
	}
	date, parsed := item.Published, item.PublishedParsed
	if date == "" {
		date, parsed = item.Updated, item.UpdatedParsed
	}
	link.Date = clipTo(oneLine(date), maxLinkFields)
	if parsed != nil && namesZone.MatchString(link.Date) {
		link.Published = parsed.UTC()
	}
	for _, author := range item.Authors {
		if name := clipTo(plainText(author.Name), maxLinkFields); name != "" {
			link.Authors = append(link.Authors, name)
		}
	}
	return link, true
}

// namesZone matches a date whose zone leaves no doubt. gofeed takes a date without one for UTC, and one in a zone
// that it does not know too; CST and IST mean different zones in different countries, MST as well.
var namesZone = regexp.MustCompile(`(?i)\d(:\d\d(\.\d+)?\s*[+-]\d\d:?\d\d(\s*\(.*\))?|\s*(Z|UT|UTC|GMT|EST|EDT|CDT|PST|PDT|WET|WEST|CET|CEST|EET|EEST))$`)

var xmlEncoding = regexp.MustCompile(`^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']*)["']`)

// feedUTF8 returns a feed as valid UTF-8 that is not labelled as anything else. A feed that is valid UTF-8 is that,
// whatever it says; one that says so and is not loses its bad bytes only.
func feedUTF8(body []byte, declared string) []byte {
	label := declared
	if prolog := xmlEncoding.FindSubmatch(body[:min(len(body), 1024)]); prolog != nil && label == "" {
		label = string(prolog[2])
	}
	if encoding, _, marked := charset.DetermineEncoding(body, ""); marked { // by a byte order mark
		if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	} else if !utf8.Valid(body) || bytes.IndexByte(body, 0x1b) >= 0 { // ISO-2022-JP is all ASCII, with escapes
		if encoding, name := charset.Lookup(label); encoding != nil && name != "utf-8" {
			if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
				body = decoded
			}
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	body = xmlEncoding.ReplaceAll(body, []byte("$1"))
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1 // XML has no place for them
		}
		return r // a bad byte arrives here as U+FFFD
	}, body)
}

// parseFeed parses a feed, or as much of it as is whole: then the feed comes with an error.
func parseFeed(body []byte) (*gofeed.Feed, error) {
	parser := gofeed.NewParser()
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		feed, err := parser.Parse(bytes.NewReader(body))
		if err == nil && feed.FeedVersion == "" { // any object would do for gofeed
			return nil, gofeed.ErrFeedTypeNotDetected
		}
		return feed, err
	}
	whole, broken := wholeItems(body)
	if !errors.Is(broken, errTooDeep) {
		feed, err := parser.Parse(bytes.NewReader(body))
		if err == nil {
			return feed, nil
		}
		broken = err
	}
	if feed, err := parser.Parse(bytes.NewReader(whole)); err == nil {
		return feed, broken
	}
	return nil, broken
}

// errTooDeep keeps a feed from the parser, which calls itself for each element that is open.
var errTooDeep = fmt.Errorf("more than %d elements inside of each other", maxFeedDepth)

// wholeItems returns an XML feed cut after its last whole item, with the elements closed that are open there, and
// what keeps it from being read to its end, if anything.
func wholeItems(body []byte) ([]byte, error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.Strict = false // as gofeed reads it
	var open, openAtCut []string
	var cut int64
	for {
		token, err := decoder.RawToken()
		switch {
		case err == io.EOF:
			return closed(body[:cut], openAtCut), nil
		case err == nil && len(open) > maxFeedDepth:
			err = errTooDeep
		}
		if err != nil {
			return closed(body[:cut], openAtCut), err
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, qualified(token.Name))
		case xml.EndElement:
			// What was left open inside ends with it; an end of nothing is skipped.
			i := len(open) - 1
			for i >= 0 && open[i] != qualified(token.Name) {
				i--
			}
			if i < 0 {
				continue
			}
			open = open[:i]
			if token.Name.Local == "item" || token.Name.Local == "entry" {
				cut, openAtCut = decoder.InputOffset(), append(openAtCut[:0], open...)
			}
		}
	}
}

func qualified(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

func closed(body []byte, open []string) []byte {
	whole := bytes.Clone(body)
	for i := len(open) - 1; i >= 0; i-- {
		whole = fmt.Appendf(whole, "</%s>", open[i])
	}
	return whole
}

// plainText returns what a reader would see of HTML, on one line.
func plainText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return oneLine(s)
	}
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(s))
	for hidden := false; ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return oneLine(b.String())
		case html.TextToken:
			if !hidden {
				b.Write(tokens.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			if token.Data == "script" || token.Data == "style" {
				hidden = token.Type == html.StartTagToken
			}
			if !inline[token.Data] {
				b.WriteByte(' ')
			}
		}
	}
}

// inline are the elements that stand inside of a word or sentence without a break.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "cite": true, "code": true, "em": true, "font": true, "i": true,
	"mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "u": true,
}

// oneLine joins the words of a text by single spaces and drops control characters: JSON can hide them from the
// filter of a feed's bytes.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// clipTo cuts text to at most most bytes, at a character.
func clipTo(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
