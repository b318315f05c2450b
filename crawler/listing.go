package crawler

import (
	"bytes"
	"fmt"
	"io"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html/charset"
)

// listingLinks returns the articles that an HTML page at base names: the addresses of the elements that the
// selector finds, or of the first link inside of each.
func listingLinks(body []byte, declared, base, selector string) ([]Link, error) {
	matcher, err := cascadia.Compile(selector)
	if err != nil {
		return nil, fmt.Errorf("selector %q: %w", selector, err)
	}
	contentType := "text/html"
	if declared != "" {
		contentType += "; charset=" + declared
	}
	var reader io.Reader = bytes.NewReader(body)
	if len(body) > 0 {
		if reader, err = charset.NewReader(reader, contentType); err != nil {
			return nil, fmt.Errorf("malformed listing: %w", err)
		}
	}
	source, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("malformed listing: %w", err)
	}
	root, err := ParseHTML(string(source))
	if err != nil {
		return nil, fmt.Errorf("malformed listing: %w", err)
	}
	doc := goquery.NewDocumentFromNode(root)
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if resolved, err := resolve(base, href); err == nil {
			base = resolved
		}
	}
	var links []Link
	for _, selection := range doc.FindMatcher(matcher).EachIter() {
		if !selection.Is("a[href]") {
			selection = selection.Find("a[href]").First()
		}
		href, ok := selection.Attr("href")
		if !ok {
			continue
		}
		resolved, err := resolve(base, href)
		if err != nil {
			continue // mailto:, javascript:, broken
		}
		links = append(links, Link{URL: resolved, Title: clip(plainText(selection.Text()), maxLinkField)})
		if len(links) == maxLinks {
			break
		}
	}
	if len(links) == 0 {
		return nil, fmt.Errorf("selector %q finds no link; has the page changed?", selector)
	}
	return links, nil
}
