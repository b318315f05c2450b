package extract

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"exportwatch/crawler"
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
	root, err := parse(page.Body, page.Charset)
	if err != nil {
		return Article{}, err
	}
	o := readOutline(goquery.NewDocumentFromNode(root), page.URL)
	a.URL = canonicalURL(o, u)
	a.Title = voteTitle(o, page.URL, hints)
	a.Authors = voteAuthors(o, page.URL, hints)
	a.Published = voteDate(o, page.URL, hints, loc, page.FetchedAt)

	prune(root)
	found, err := findBody(root, u)
	if err != nil {
		return Article{}, err
	}
	if found != nil {
		inBody := goquery.NewDocumentFromNode(found).Selection
		o.bodyTeasers, o.bodyLinks = teasers(inBody), linkLength(inBody)
		a.Text = strings.Join(dropFurniture(paragraphs(found), siteNames(o, page.URL, hints), o, a), "\n\n")
	}
	if linked := o.linked.text(o.gate); 2*readingLength(a.Text) < readingLength(linked) {
		a.Text = linked
	}
	a.Kind = kindOf(page, u, o, a.Title, a.Text)
	a.Lang = textLanguage(cmp.Or(a.Text, a.Title), o.lang, o.firstMeta("og:locale"), o.linked.lang, hints.Language)
	return a, nil
}

// findBody is the part of the page that is the article; nil when there is none. It takes the tree apart.
func findBody(root *html.Node, u *url.URL) (body *html.Node, err error) {
	// What a site sends must not end the run, whatever a dependency makes of it.
	defer func() {
		if r := recover(); r != nil {
			body, err = nil, fmt.Errorf("find the article: readability: %v", r)
		}
	}()
	parser := readability.NewParser()
	parser.DisableJSONLD = true // our own vote reads it
	found, err := parser.ParseAndMutate(root, u)
	if err != nil {
		return nil, fmt.Errorf("find the article: %w", err)
	}
	return found.Node, nil
}

// furnitureDepth is how many of the first paragraphs may repeat the other fields; a standfirst may stand between them.
const furnitureDepth = 5

// dropFurniture removes the first paragraphs that repeat what is known: title, site, byline, date.
func dropFurniture(paras, sites []string, o outline, a Article) []string {
	titles := []string{key(a.Title), key(o.title)}
	for _, h := range o.headings {
		titles = append(titles, key(h))
	}
	head := paras[:min(len(paras), furnitureDepth)]
	var kept []string
	for _, p := range head {
		if k := key(p); k != "" && !slices.Contains(titles, k) && !slices.Contains(sites, k) && !isByline(p, a.Authors) && !isDateLine(p) {
			kept = append(kept, p)
		}
	}
	return append(kept, paras[len(head):]...)
}

// isByline: the names of the authors, or any names after the word that introduces them, and nothing else.
func isByline(p string, authors []string) bool {
	if len(p) > maxByline {
		return false
	}
	if bylineAfter([]string{p}) != nil {
		return true
	}
	names := splitNames(p)
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(authors, func(a string) bool { return agree(a, name) })
	})
}

// isDateLine: a date and hardly anything else, not a sentence.
func isDateLine(p string) bool {
	if readingLength(p) > 40 || strings.HasSuffix(p, ".") || strings.HasSuffix(p, "。") {
		return false
	}
	_, ok := parseDate(p, time.UTC, language.Region{})
	return ok
}
