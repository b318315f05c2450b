package crawler

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// What the tree of one page may cost. The largest honest pages stay an order of magnitude below.
const (
	maxNodes = 400_000
	// Copies of formatting elements that the parser may have to make, see formattingCost.
	maxCopies = 2_000_000
)

// ParseHTML builds the tree of a page from its decoded text, within bounds. It refuses what would cost more memory
// than a page can need; html.Parse itself refuses more than 512 open elements.
func ParseHTML(source string) (*html.Node, error) {
	if formattingCost(source) > maxCopies {
		return nil, errors.New("too many unclosed formatting elements (<b>, <font>, …) for a page")
	}
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("parse HTML: %w", err)
	}
	nodes := 0
	for range root.Descendants() {
		if nodes++; nodes > maxNodes {
			return nil, fmt.Errorf("more than %d nodes of HTML", maxNodes)
		}
	}
	return root, nil
}

// formattingCost bounds how many elements the parser makes beyond those that the page names. HTML's rules reopen every
// formatting element left open, before each text that follows: 20 KB of <font> can become a million nodes. The count
// errs on the high side: it never lets an end tag close what the parser would not.
func formattingCost(source string) int {
	type frame struct {
		name string
		open int
	}
	frames := []frame{{}}
	top := func() *frame { return &frames[len(frames)-1] }
	cost, open := 0, 0
	leave := func(i int) {
		for _, f := range frames[i:] {
			open -= f.open
		}
		frames = frames[:i]
	}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return cost
		}
		if kind == html.TextToken {
			cost += open
			continue
		}
		tag, _ := z.TagName()
		name := string(tag)
		switch {
		case kind == html.StartTagToken && formatting[name]:
			cost += open
			open++
			top().open++
		case kind == html.EndTagToken && formatting[name]:
			if top().open > 0 {
				open--
				top().open--
			}
		case kind == html.StartTagToken && scopes[name]:
			cost += open
			if isCell(name) && isCell(top().name) {
				leave(len(frames) - 1)
			}
			frames = append(frames, frame{name: name})
		case kind == html.EndTagToken && scopes[name]:
			for i := len(frames) - 1; i > 0; i-- {
				if frames[i].name == name {
					leave(i)
					break
				}
			}
		case kind == html.StartTagToken:
			cost += open
		}
	}
}

func isCell(name string) bool { return name == "td" || name == "th" || name == "caption" }

// formatting elements and scopes as the HTML Standard lists them (13.2.4.2 and 13.2.4.3). An open <a> is closed by the
// next and never piles up; select and table stand among the scopes because the parser ignores or moves what they hold.
var (
	formatting = map[string]bool{
		"b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true, "s": true,
		"small": true, "strike": true, "strong": true, "tt": true, "u": true,
	}
	scopes = map[string]bool{
		"applet": true, "caption": true, "marquee": true, "object": true, "select": true, "table": true, "td": true, "template": true, "th": true,
	}
)
