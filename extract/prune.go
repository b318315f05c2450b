package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// prune removes what is not the article by the names and roles that its markup carries, before readability weighs
// what is left by its text. It never judges by words of a language.
//
// A name is judged by all elements that bear it: "sidebar" goes where it is a sidebar, and stays where the article
// itself is laid out in blocks called sidebar-grid. So does "hidden" where scripts uncover the text.
func prune(root *html.Node) {
	p := pruner{prose: map[*html.Node]int{}, titled: map[*html.Node]bool{}, label: map[*html.Node]int{}}
	p.read(root)
	for {
		found := make([][]*html.Node, len(boilerplate)) // by label: forms go first, with their headings
		p.collect(root, found)
		if !p.spare(found, p.prose[root]) {
			for i, nodes := range found {
				for _, n := range nodes {
					if i == markForm {
						removeHeadingOf(n)
					}
					if n.Parent != nil { // a heading may have gone with its form
						n.Parent.RemoveChild(n)
					}
				}
			}
			return
		}
	}
}

type pruner struct {
	prose  map[*html.Node]int  // bytes of text in paragraphs, by subtree
	titled map[*html.Node]bool // subtrees that hold the title or the body that the markup names
	label  map[*html.Node]int  // index into boilerplate
}

// read measures and labels every element. Comments and elements without text go at once.
func (p *pruner) read(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && junk[c.Data] {
			n.RemoveChild(c)
			c = next
			continue
		}
		p.read(c)
		p.prose[n] += p.prose[c]
		p.titled[n] = p.titled[n] || p.titled[c]
		c = next
	}
	if n.Type != html.ElementNode {
		return
	}
	switch n.Data {
	case "html", "head", "body", "main":
		return
	case "p":
		p.prose[n] = len(strings.TrimSpace(ownText(n)))
	case "h1":
		p.titled[n] = true
	}
	if strings.Contains(attr(n, "itemprop"), "articleBody") {
		p.titled[n] = true
	}
	if i := labelOf(n); i >= 0 {
		p.label[n] = i
	}
}

// collect finds the outermost elements of each label.
func (p *pruner) collect(n *html.Node, found [][]*html.Node) {
	for c := range n.ChildNodes() {
		i, ok := p.label[c]
		if ok && !(p.titled[c] && boilerplate[i].words != nil) {
			found[i] = append(found[i], c)
			continue
		}
		p.collect(c, found)
	}
}

// spare takes the label off elements that together hold more prose than boilerplate can, and reports whether it did.
func (p *pruner) spare(found [][]*html.Node, total int) bool {
	spared := false
	for i, nodes := range found {
		sum := 0
		for _, n := range nodes {
			sum += p.prose[n]
		}
		if float64(sum) <= boilerplate[i].share*float64(total) {
			continue
		}
		spared = true
		for _, n := range nodes {
			delete(p.label, n)
			uncover(n)
		}
	}
	return spared
}

// uncover makes readability see an element that is hidden until a script runs.
func uncover(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "hidden" || a.Key == "aria-hidden" || a.Key == "style"
	})
}

// removeHeadingOf takes away the heading that stands directly before a form and would call to fill in nothing.
func removeHeadingOf(form *html.Node) {
	prev := form.PrevSibling
	for prev != nil && prev.Type == html.TextNode && strings.TrimSpace(prev.Data) == "" {
		prev = prev.PrevSibling
	}
	if prev != nil && prev.Type == html.ElementNode && slices.Contains([]string{"h2", "h3", "h4", "h5", "h6"}, prev.Data) {
		prev.Parent.RemoveChild(prev)
	}
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
	"alertdialog": true, "menu": true, "menubar": true, "toolbar": true, "form": true, "tooltip": true, "doc-toc": true,
}

// A mark is a kind of boilerplate: an element, a role, or the words of a class or id in the systems that publish
// news, all of which must be there. share is the part of the page's prose that all things of the kind may hold
// together and still go: a discussion may be longer than the article, a box of links may not.
type mark struct {
	words []string // nil for the kinds that labelOf knows by other means
	share float64
}

const (
	markForm = iota
	markNav
	markRole
	markHidden
	markNamed // the first of those known by words
)

var boilerplate = func() []mark {
	marks := []mark{markForm: {share: 0.5}, markNav: {share: 0.5}, markRole: {share: 0.5}, markHidden: {share: 0.7}}
	add := func(share float64, names ...string) {
		for _, name := range names {
			marks = append(marks, mark{strings.Fields(name), share})
		}
	}
	add(0.95, "comments", "comment list", "comment respond", "respond", "comment form", "commentform", "commentlist", "commentaires", "kommentare", "comentarios", "commenti", "reacties", "disqus")
	add(
		0.3,
		"tooltip", "sr only", "screen reader text", "visually hidden", "visuallyhidden", "print only",
		"related", "recommended", "recommendations", "outbrain", "taboola", "yarpp", "relatedposts", "read more", "see also", "more stories", "more news",
		"share", "sharing", "sharedaddy", "addtoany", "social", "sociallinks",
		"newsletter", "mailchimp", "mc4wp", "subscribe", "signup",
		"breadcrumb", "breadcrumbs", "pagination", "pager", "navbar", "skip link", "sidebar",
		"ad", "ads", "advert", "advertisement", "adsbygoogle", "sponsored", "promo",
		"paywall", "regwall", "cookie", "gdpr", "onetrust", "didomi", "usercentrics",
		"caption", "photo credit", "image credit", "img credit", "media credit", "byline", "tags", "author bio", "author box", "about author",
	)
	return marks
}()

// labelOf is the index of the first mark that an element bears, or -1.
func labelOf(n *html.Node) int {
	switch {
	case n.Data == "form":
		return markForm
	case n.Data == "nav":
		return markNav
	case roles[strings.ToLower(attr(n, "role"))]:
		return markRole
	case hidden(n):
		return markHidden
	}
	names := attr(n, "class") + " " + attr(n, "id")
	if len(names) == 1 {
		return -1
	}
	words := nameWords(names)
	for i, m := range boilerplate[markNamed:] {
		if !slices.ContainsFunc(m.words, func(w string) bool { return !slices.Contains(words, w) }) {
			return markNamed + i
		}
	}
	return -1
}

func hidden(n *html.Node) bool {
	if hasAttr(n, "hidden") || strings.EqualFold(attr(n, "aria-hidden"), "true") {
		return true
	}
	style := attr(n, "style")
	if style == "" {
		return false
	}
	style = strings.ToLower(strings.Join(strings.Fields(style), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// nameWords are the words of class and id attributes: "article__share-bar" is article, share and bar.
func nameWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}
