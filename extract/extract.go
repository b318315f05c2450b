package extract

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"exportwatch/crawler"
)

const (
	maxBody  = 16 << 20 // bytes; the crawler's own limit is lower
	maxNodes = 400_000
)

// Extract turns a page into an article. A page that is no article says so by its Kind and keeps what could be read;
// bytes that are not HTML are Kind not_html. An error means that the page cannot be read at all: too large, nested
// too deep, an address or a time zone that is none.
func Extract(page crawler.Page, hints Hints) (Article, error) {
	a, err := extract(page, hints)
	if err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", page.URL, err)
	}
	return a, nil
}

func extract(page crawler.Page, hints Hints) (Article, error) {
	loc, err := zone(hints.Timezone)
	if err != nil {
		return Article{}, err
	}
	u, err := url.Parse(page.URL)
	if err != nil {
		return Article{}, err
	}
	a := Article{URL: page.URL, SourceID: page.SourceID, Timezone: hints.Timezone, Kind: KindNotHTML}
	if !isHTML(page) {
		return a, nil
	}
	root, err := parse(page)
	if err != nil {
		return Article{}, err
	}
	o := readOutline(goquery.NewDocumentFromNode(root), page.URL)
	a.URL = canonicalURL(o, u)
	a.Title = voteTitle(o, page.URL, hints)
	a.Authors = voteAuthors(o, page.URL, hints)
	a.Published = voteDate(o, page.URL, hints, loc, page.FetchedAt)

	found, err := findBody(root, u)
	if err != nil {
		return Article{}, err
	}
	if found != nil {
		o.bodyTeasers = teasers(goquery.NewDocumentFromNode(found).Selection)
		a.Text = strings.Join(dropFurniture(paragraphs(found), o, a), "\n\n")
	}
	a.Kind = kindOf(page, u, o, a.Title, a.Text)
	a.Lang = textLanguage(cmp.Or(a.Text, a.Title), o.lang, first(o.meta["og:locale"]), o.linked.lang, hints.Language)
	return a, nil
}

func parse(page crawler.Page) (*html.Node, error) {
	if len(page.Body) > maxBody {
		return nil, fmt.Errorf("%d bytes of HTML, more than the %d that an article can need", len(page.Body), maxBody)
	}
	root, err := html.Parse(strings.NewReader(decode(page.Body, page.Charset)))
	if err != nil {
		return nil, fmt.Errorf("parse HTML: %w", err)
	}
	nodes := 0
	for range root.Descendants() {
		if nodes++; nodes > maxNodes {
			return nil, errors.New("more than 400000 nodes of HTML, too many for an article")
		}
	}
	return root, nil
}

// findBody is the part of the page that is the article; nil when there is none. It takes the tree apart.
func findBody(root *html.Node, u *url.URL) (*html.Node, error) {
	prune(root)
	parser := readability.NewParser()
	parser.DisableJSONLD = true // our own vote reads it
	found, err := parser.ParseAndMutate(root, u)
	if err != nil {
		return nil, fmt.Errorf("find the article: %w", err)
	}
	return found.Node, nil
}

// dropFurniture removes the paragraphs before the text that repeat what the other fields hold: title, byline, date.
func dropFurniture(paras []string, o outline, a Article) []string {
	titles := []string{key(a.Title), key(o.title)}
	for _, h := range o.headings {
		titles = append(titles, key(h))
	}
	isFurniture := func(p string) bool {
		if k := key(p); k == "" || slices.Contains(titles, k) {
			return true
		}
		return isByline(p, a.Authors) || isDateLine(p)
	}
	for i, p := range paras {
		if !isFurniture(p) {
			return paras[i:]
		}
	}
	return nil
}

// isByline: nothing but the names of the authors and the word before them.
func isByline(p string, authors []string) bool {
	if len(p) > maxByline {
		return false
	}
	names := splitNames(p)
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(authors, func(a string) bool { return agree(a, name) })
	})
}

// isDateLine: a date and hardly anything else.
func isDateLine(p string) bool {
	return readingLength(p) <= 40 && (isoInText.MatchString(p) || eastAsian.MatchString(p) || dayMonthYear.MatchString(p) || monthDayYear.MatchString(p) || numeric.MatchString(p))
}
