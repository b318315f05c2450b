package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// prune removes what is not the article by the names and roles that its markup carries, before readability weighs
// what is left by its text. It never judges by words of a language.
func prune(root *html.Node) {
	p := pruner{prose: map[*html.Node]int{}}
	p.measure(root)
	p.total = p.prose[root]
	p.walk(root)
}

type pruner struct {
	prose map[*html.Node]int // bytes of text in paragraphs, by subtree
	total int
}

func (p *pruner) measure(n *html.Node) int {
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += p.measure(c)
	}
	if n.Type == html.ElementNode && n.Data == "p" {
		sum = len(strings.TrimSpace(ownText(n)))
	}
	if sum > 0 {
		p.prose[n] = sum
	}
	return sum
}

func (p *pruner) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode, c.Type == html.ElementNode && p.goes(c):
			n.RemoveChild(c)
		default:
			p.walk(c)
		}
		c = next
	}
}

func (p *pruner) goes(n *html.Node) bool {
	switch n.Data {
	case "html", "head", "body", "main":
		return false
	}
	if junk[n.Data] {
		return true
	}
	if n.Data == "form" || n.Data == "nav" || roles[strings.ToLower(attr(n, "role"))] || hidden(n) {
		return p.share(n) < 0.5
	}
	marks := tokens(attr(n, "class") + " " + attr(n, "id"))
	for _, m := range boilerplate {
		if marks.has(m.words) {
			return p.share(n) < m.share && !holdsTitle(n)
		}
	}
	return false
}

// share is the part of the page's prose that a subtree holds.
func (p *pruner) share(n *html.Node) float64 {
	if p.total == 0 {
		return 0
	}
	return float64(p.prose[n]) / float64(p.total)
}

func holdsTitle(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (d.Data == "h1" || strings.Contains(attr(d, "itemprop"), "articleBody")) {
			return true
		}
	}
	return false
}

// hidden elements are not what a reader sees. Pages whose scripts uncover the article are saved by their share of
// the prose.
func hidden(n *html.Node) bool {
	if hasAttr(n, "hidden") || strings.EqualFold(attr(n, "aria-hidden"), "true") {
		return true
	}
	style := strings.ToLower(strings.Join(strings.Fields(attr(n, "style")), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// junk are elements that hold no text of an article.
var junk = map[string]bool{
	"script": true, "style": true, "noscript": true, "template": true, "iframe": true, "object": true, "embed": true,
	"svg": true, "canvas": true, "video": true, "audio": true, "button": true, "input": true, "select": true,
	"textarea": true, "dialog": true, "figcaption": true, "menu": true, "link": true,
}

// roles are those of ARIA and of digital publishing for what stands around an article.
var roles = map[string]bool{
	"navigation": true, "banner": true, "contentinfo": true, "complementary": true, "search": true, "dialog": true,
	"alertdialog": true, "menu": true, "menubar": true, "toolbar": true, "form": true, "doc-toc": true,
}

// mark is a name that content management systems give to boilerplate: the words of a class or id, all of which must
// be there. share is the part of the prose that a thing of that name may hold and still go: discussions may be longer
// than the article, a box of links is not.
type mark struct {
	words []string
	share float64
}

var boilerplate = func() []mark {
	var marks []mark
	add := func(share float64, names ...string) {
		for _, name := range names {
			marks = append(marks, mark{strings.Fields(name), share})
		}
	}
	add(0.95, "comments", "comment list", "comment respond", "respond", "comment form", "commentlist", "disqus", "disqus thread", "reply title")
	add(0.3,
		"sr only", "screen reader text", "visually hidden", "visuallyhidden", "print only",
		"related", "recommended", "recommendations", "outbrain", "taboola", "yarpp", "jp relatedposts", "relatedposts", "read more", "see also", "more stories", "more news",
		"share", "sharing", "sharedaddy", "addtoany", "social", "sociallinks", "social links",
		"newsletter", "mailchimp", "mc4wp", "subscribe", "signup",
		"breadcrumb", "breadcrumbs", "pagination", "pager", "navbar", "skip link", "sidebar",
		"ad", "ads", "advert", "advertisement", "adsbygoogle", "sponsored", "promo",
		"cookie", "gdpr", "onetrust", "didomi", "usercentrics", "cmp",
		"caption", "credit", "byline", "tags", "author bio", "author box", "about author",
	)
	return marks
}()

// names are the words of class and id attributes: "article__share-bar" is article, share and bar.
type names map[string]bool

func tokens(s string) names {
	set := names{}
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) {
		set[strings.ToLower(w)] = true
	}
	return set
}

func (t names) has(words []string) bool {
	for _, w := range words {
		if !t[w] {
			return false
		}
	}
	return true
}
