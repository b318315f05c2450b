package extract

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// outline is what the markup of a page says about it, read before anything is removed.
type outline struct {
	meta      map[string][]string // content of meta elements by lower-case name, property or itemprop
	title     string              // of the head
	headings  []string            // the h1 elements
	canonical string
	lang      string // of the html element
	classes   string // of html and body
	linked    linkedArticle

	itemHeadline string
	itemAuthors  []string
	itemDates    []string // datePublished
	relAuthors   []string
	bylines      []string
	times        []string // datetime of time elements outside lists of other articles
	dateTexts    []string // words of elements that call themselves dates
	afterTitle   []string // the first pieces of text under the first h1

	passwords     int // password fields
	teasers       int // headings that are links
	bodyTeasers   int // those within what was taken for the article
	bodyLinks     int // characters of links there
	consentWidget bool
	gate          bool // an element that calls itself a paywall
}

// The names are those of markup, not of a language: classes and ids in use across content management systems.
const (
	selAuthor    = `a[rel~="author"], a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"], a[href*="/auteur/"]`
	selByline    = `[class*="byline" i], [class*="author" i], [id*="byline" i]`
	selDate      = `[class*="publish" i], [class*="date" i], [class*="dateline" i], [class*="timestamp" i], [class*="posted-on" i], [class*="entry-meta" i], [class*="post-meta" i], [id*="date" i]`
	selConsent   = `#onetrust-consent-sdk, #didomi-host, #usercentrics-root, #qc-cmp2-container, #CybotCookiebotDialog, #cmpbox, [id^="sp_message_container"], [class*="consent" i], [id*="consent" i], [class*="cookiewall" i], [id*="cookiewall" i]`
	selGate      = `[class*="paywall" i], [id*="paywall" i], [class*="regwall" i], [class*="piano-container" i], [class*="subscriber-only" i], [class*="premium-gate" i]`
	selElsewhere = `aside, nav, footer, [class*="related" i], [class*="comment" i], [class*="sidebar" i], [class*="teaser" i], [class*="recommend" i], [id*="related" i], [id*="comment" i]`
)

// Bounds that no honest page reaches: what is beyond them is not looked at.
const (
	maxByline     = 200 // bytes of one byline or date element
	maxAfterTitle = 400 // bytes
	maxCandidates = 20  // elements of one kind
)

func readOutline(doc *goquery.Document, pageURL string) outline {
	o := outline{meta: map[string][]string{}}
	root := doc.Find("html").First()
	body := doc.Find("body").First()
	o.lang = root.AttrOr("lang", root.AttrOr("xml:lang", ""))
	o.classes = strings.ToLower(root.AttrOr("class", "") + " " + body.AttrOr("class", "") + " " + body.AttrOr("id", ""))
	o.title = clean(doc.Find("title").First().Text())
	o.canonical = doc.Find(`link[rel~="canonical" i]`).First().AttrOr("href", "")
	o.readMeta(doc)
	o.readLinked(doc, pageURL)
	o.readVisible(doc)
	for _, n := range body.Nodes {
		o.readAfterTitle(n)
	}
	o.count(body)
	return o
}

// firstMeta is the first content of a meta element, or empty.
func (o *outline) firstMeta(name string) string {
	if len(o.meta[name]) == 0 {
		return ""
	}
	return o.meta[name][0]
}

func (o *outline) readMeta(doc *goquery.Document) {
	doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		content := clean(s.AttrOr("content", ""))
		if content == "" {
			return
		}
		for _, name := range []string{"name", "property", "itemprop"} {
			if k := strings.ToLower(strings.TrimSpace(s.AttrOr(name, ""))); k != "" {
				o.meta[k] = append(o.meta[k], content)
			}
		}
	})
}

func (o *outline) readLinked(doc *goquery.Document, pageURL string) {
	var blocks []string
	doc.Find(`script[type^="application/ld+json" i]`).Each(func(_ int, s *goquery.Selection) {
		blocks = append(blocks, s.Text())
	})
	o.linked = readJSONLD(blocks, pageURL)
}

func (o *outline) readVisible(doc *goquery.Document) {
	mainOnly := elsewhereOf(doc).without
	doc.Find("h1").Each(func(_ int, s *goquery.Selection) {
		if len(o.headings) == maxCandidates {
			return
		}
		if h := strings.Join(paragraphs(s.Get(0)), " "); h != "" {
			o.headings = append(o.headings, h)
		}
	})
	mainOnly(doc.Find(`[itemprop~="headline"]`)).First().Each(func(_ int, s *goquery.Selection) {
		o.itemHeadline = clean(s.Text())
	})
	mainOnly(doc.Find(`[itemprop~="author"]`)).Each(func(_ int, s *goquery.Selection) {
		if name := s.Find(`[itemprop~="name"]`); name.Length() > 0 {
			s = name.First()
		}
		o.itemAuthors = append(o.itemAuthors, short(s.AttrOr("content", spacedText(s)))...)
	})
	mainOnly(doc.Find(`[itemprop~="datePublished"]`)).Each(func(_ int, s *goquery.Selection) {
		o.itemDates = append(o.itemDates, short(s.AttrOr("content", s.AttrOr("datetime", spacedText(s))))...)
	})
	mainOnly(doc.Find(selAuthor)).Each(func(_ int, s *goquery.Selection) {
		o.relAuthors = append(o.relAuthors, short(spacedText(s))...)
	})
	mainOnly(doc.Find(selByline)).Each(func(_ int, s *goquery.Selection) {
		o.bylines = append(o.bylines, short(spacedText(s))...)
	})
	mainOnly(doc.Find("time")).Each(func(_ int, s *goquery.Selection) {
		o.times = append(o.times, short(s.AttrOr("datetime", spacedText(s)))...)
	})
	mainOnly(doc.Find(selDate)).Each(func(_ int, s *goquery.Selection) {
		o.dateTexts = append(o.dateTexts, short(spacedText(s))...)
	})
}

// readAfterTitle keeps the pieces of text that follow the first h1, where pages put byline and date.
func (o *outline) readAfterTitle(root *html.Node) {
	var title *html.Node
	size := 0
	for n := range root.Descendants() {
		switch {
		case title == nil && n.Data == "h1" && n.Type == html.ElementNode:
			title = n
		case title != nil && n.Type == html.TextNode && !junk[n.Parent.Data] && !within(n, title):
			if piece := clean(n.Data); piece != "" {
				o.afterTitle = append(o.afterTitle, piece)
				size += len(piece)
			}
		}
		if size > maxAfterTitle || len(o.afterTitle) >= maxCandidates {
			return
		}
	}
}

func within(n, ancestor *html.Node) bool {
	for a := range n.Ancestors() {
		if a == ancestor {
			return true
		}
	}
	return false
}

// elsewhere says of a node whether it is, or stands in, a box about other articles. Each node is decided once: a page
// can hold many candidates deep inside of each other.
type elsewhere map[*html.Node]bool

func elsewhereOf(doc *goquery.Document) elsewhere {
	e := elsewhere{}
	for _, n := range doc.Find(selElsewhere).Nodes {
		e[n] = true
	}
	// The page itself may bear such a name without being a box.
	for _, n := range doc.Find("html, body").Nodes {
		e[n] = false
	}
	return e
}

func (e elsewhere) holds(n *html.Node) bool {
	if n == nil {
		return false
	}
	in, known := e[n]
	if !known {
		in = e.holds(n.Parent)
		e[n] = in
	}
	return in
}

// without leaves out what stands in boxes about other articles.
func (e elsewhere) without(s *goquery.Selection) *goquery.Selection {
	s = s.FilterFunction(func(_ int, c *goquery.Selection) bool { return !e.holds(c.Get(0).Parent) })
	return s.Slice(0, min(s.Length(), maxCandidates))
}

// spacedText keeps apart what stands in elements of its own: "By" and a name, a name and a job.
func spacedText(s *goquery.Selection) string {
	var pieces []string
	for _, n := range s.Nodes {
		for d := range n.Descendants() {
			if d.Type == html.TextNode && !junk[d.Parent.Data] {
				pieces = append(pieces, d.Data)
			}
		}
	}
	return strings.Join(pieces, " ")
}

// short cleans a text that should be a name or a date; longer ones are neither.
func short(s string) []string {
	if len(s) > 8*maxByline {
		return nil
	}
	if s = clean(s); s == "" || len(s) > maxByline {
		return nil
	}
	return []string{s}
}

func (o *outline) count(body *goquery.Selection) {
	o.passwords = body.Find(`input[type="password" i]`).Length()
	o.consentWidget = body.Find(selConsent).Length() > 0
	o.gate = body.Find(selGate).Length() > 0
	o.teasers = teasers(body)
}

// teasers counts the headings that are links, as lists of articles have them.
func teasers(s *goquery.Selection) int {
	n := 0
	s.Find(`h2 a, h3 a, h4 a, a h2, a h3, a h4`).Not(`[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		if readingLength(s.Text()) >= 20 {
			n++
		}
	})
	return n
}

// linkLength is how much of a text is links to other pages; few of them are none.
func linkLength(s *goquery.Selection) int {
	links := s.Find("a[href]").Not(`[href^="#"]`)
	if links.Length() < 3 {
		return 0
	}
	return readingLength(links.Text())
}

// ownText is the text of a node outside its links.
func ownText(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type == html.ElementNode && c.Data != "a":
			b.WriteString(ownText(c))
		}
	}
	return b.String()
}
