package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// paragraphs renders a tree as a reader sees it: each block is a paragraph, two line breaks end one, a list item
// begins with a dash, the cells of a row stand in one line. No paragraph is empty.
func paragraphs(root *html.Node) []string {
	r := renderer{}
	r.children(root)
	r.flush()
	return r.out
}

type renderer struct {
	out    []string
	line   strings.Builder
	breaks int    // line breaks since the last character
	marker string // of the list item that begins
	pre    int    // depth of preformatted elements
}

func (r *renderer) flush() {
	text := clean(r.line.String())
	r.line.Reset()
	r.breaks = 0
	if text == "" {
		return
	}
	r.out = append(r.out, r.marker+text)
	r.marker = ""
}

func (r *renderer) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
}

func (r *renderer) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		r.text(n.Data)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	switch n.Data {
	case "br":
		r.lineBreak()
	case "hr":
		r.flush()
	case "li":
		r.flush()
		r.marker = "- "
		r.children(n)
		r.flush()
		r.marker = ""
	case "td", "th":
		r.cell(n)
	case "pre":
		r.flush()
		r.pre++
		r.children(n)
		r.pre--
		r.flush()
	case "q":
		r.line.WriteByte('"')
		r.children(n)
		r.line.WriteByte('"')
	case "rt", "rp": // the reading beside a word of Japanese is the word once more
	case "sup":
		if !isReferenceMark(n) {
			r.children(n)
		}
	default:
		if !blocks[n.Data] {
			r.children(n)
			return
		}
		r.flush()
		r.children(n)
		r.flush()
	}
}

func (r *renderer) text(s string) {
	if strings.TrimSpace(s) == "" {
		r.line.WriteString(" ")
		return
	}
	r.breaks = 0
	if r.pre == 0 {
		r.line.WriteString(s)
		return
	}
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) == "" {
			r.flush()
			continue
		}
		r.line.WriteString(line)
	}
}

func (r *renderer) lineBreak() {
	r.breaks++
	if r.breaks > 1 {
		r.flush()
		return
	}
	r.line.WriteByte('\n')
}

// cell keeps the cells of a data row in one line; a cell that holds blocks is layout, not data.
func (r *renderer) cell(n *html.Node) {
	if holdsBlock(n) {
		r.flush()
		r.children(n)
		r.flush()
		return
	}
	if strings.TrimSpace(r.line.String()) != "" {
		r.line.WriteString(" | ")
	}
	r.children(n)
}

func holdsBlock(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (blocks[d.Data] || d.Data == "li") {
			return true
		}
	}
	return false
}

// isReferenceMark recognises the footnote mark that would otherwise stick to the word before it.
func isReferenceMark(sup *html.Node) bool {
	for d := range sup.Descendants() {
		if d.Data == "a" && strings.HasPrefix(attr(d, "href"), "#") {
			return true
		}
	}
	return false
}

// blocks are the elements that a browser begins on a new line. By name: readability makes nodes without an atom.
var blocks = map[string]bool{
	"address": true, "article": true, "aside": true, "blockquote": true, "body": true, "caption": true,
	"center": true, "dd": true, "details": true, "dir": true, "div": true, "dl": true, "dt": true,
	"fieldset": true, "figcaption": true, "figure": true, "footer": true, "form": true, "h1": true, "h2": true,
	"h3": true, "h4": true, "h5": true, "h6": true, "header": true, "hgroup": true, "html": true, "legend": true,
	"main": true, "menu": true, "nav": true, "ol": true, "p": true, "section": true, "summary": true,
	"table": true, "tbody": true, "tfoot": true, "thead": true, "tr": true, "ul": true,
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return true
		}
	}
	return false
}
