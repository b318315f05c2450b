package extract

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"exportwatch/crawler"
)

// Bounds of the kinds, in characters of an alphabet (see readingLength).
const (
	thin   = 250  // less is no article unless the page's metadata says so
	brief  = 80   // less is no article whatever it says
	little = 1500 // a page of a wall, a form or an error says less; a teaser of a closed article as well
)

// kindOf tells what a page is from its structure and metadata; phrases decide only where these cannot tell, and only
// on pages that say little. A page that shows its text is an article, whatever banners lie over it.
func kindOf(page crawler.Page, u *url.URL, o outline, title, text string) Kind {
	length := readingLength(text)
	declared := o.linked.isArticle() || len(o.meta["article:published_time"]) > 0 || strings.EqualFold(o.firstMeta("og:type"), "article")
	switch {
	case page.Status == http.StatusNotFound || page.Status == http.StatusGone || isSoft404(o, title, length, declared):
		return KindSoft404
	case isPaywall(o, text, length):
		return KindPaywall
	case o.passwords > 0 && length < little && !declared:
		return KindLogin
	case isConsent(u, o, title, text, length) && !declared:
		return KindConsent
	case isListing(u, o, text, declared):
		return KindListing
	case length < brief, length < thin && !declared:
		return KindStub
	default:
		return KindArticle
	}
}

func isSoft404(o outline, title string, length int, declared bool) bool {
	for class := range strings.FieldsSeq(o.classes) {
		if class == "error404" || class == "error-404" || class == "page-404" || class == "page-not-found" {
			return true
		}
	}
	if length >= little || declared {
		return false
	}
	for _, heading := range append([]string{o.title, title}, o.headings...) {
		if mentions(heading, words().notFound) && len(heading) < 120 {
			return true
		}
		for w := range strings.FieldsSeq(heading) {
			if strings.Trim(w, ":.,!-–|()") == "404" && length < thin {
				return true
			}
		}
	}
	return false
}

// isPaywall: little text, and closed by its own metadata, by an element that calls itself a gate, or by saying so. A
// page that says that it is closed and shows all of its text is an article.
func isPaywall(o outline, text string, length int) bool {
	if length >= little {
		return false
	}
	tier := strings.ToLower(o.firstMeta("article:content_tier"))
	return o.linked.closed || tier == "locked" || length < 2*thin && (o.gate || mentions(text, words().paywall))
}

func isConsent(u *url.URL, o outline, title, text string, length int) bool {
	if length >= little {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if strings.HasPrefix(host, "consent.") {
		return true
	}
	return o.consentWidget && length < thin || mentions(title+"\n"+text, words().consent) && length < 3*thin
}

// isListing: links or headings that lead elsewhere, and hardly any prose.
func isListing(u *url.URL, o outline, text string, declared bool) bool {
	switch {
	case slices.Contains(o.linked.types, "collectionpage"), slices.Contains(o.linked.types, "searchresultspage"):
		return true
	case declared:
		return false
	case 2*o.bodyLinks > readingLength(text): // most of what there is to read leads elsewhere
		return true
	case isFront(u):
		return o.teasers >= 3
	default:
		return longestRun(text) < 4 && (o.bodyTeasers >= 5 || o.teasers >= 8 && readingLength(text) < 2*little)
	}
}

// longestRun counts the paragraphs that follow each other without a heading or another short line between them: the
// summaries of a listing stand alone.
func longestRun(text string) int {
	longest, run := 0, 0
	for p := range strings.SplitSeq(text, "\n\n") {
		run++
		if readingLength(p) < 100 {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// isHTML reports whether a page can be one: by its declared type, and by its first bytes where those are sure.
func isHTML(page crawler.Page) bool {
	switch page.ContentType {
	case "", "text/html", "application/xhtml+xml":
	default:
		return false
	}
	head := bytes.TrimSpace(page.Body[:min(len(page.Body), 512)])
	if len(head) == 0 {
		return page.ContentType != ""
	}
	if prolog, root, ok := bytes.Cut(head, []byte("?>")); ok && bytes.HasPrefix(prolog, []byte("<?xml")) {
		head = bytes.TrimSpace(root)
	}
	for _, mark := range []string{"%PDF-", "{\"", "[{", "<rss", "<feed", "<rdf:RDF", "<urlset", "<sitemapindex", "<?xml-stylesheet"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return false
		}
	}
	sniffed := http.DetectContentType(page.Body)
	return strings.HasPrefix(sniffed, "text/") || sniffed == "application/octet-stream"
}
