package extract

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"codeberg.org/readeck/go-readability/v2"

	"exportwatch/crawler"
)

// Extract turns a page into an article. Bytes that are not an HTML page are Kind not_html, not an error; an error
// means that the page cannot be read: too large, nested too deep, or hints that name no time zone.
func Extract(page crawler.Page, hints Hints) (Article, error) {
	if _, err := zone(hints.Timezone); err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", page.URL, err)
	}
	base, err := url.Parse(page.URL)
	if err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", page.URL, err)
	}
	art, err := readability.FromReader(bytes.NewReader(page.Body), base)
	if err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", page.URL, err)
	}
	var text strings.Builder
	if err := art.RenderText(&text); err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", page.URL, err)
	}
	return Article{
		URL: page.URL, SourceID: page.SourceID, Title: art.Title(), Kind: KindArticle,
		Text: text.String(), Timezone: hints.Timezone,
	}, nil
}
