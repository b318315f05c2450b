package extract

import (
	"errors"
	"fmt"

	"golang.org/x/net/html"

	"exportwatch/crawler"
)

// What one page may cost, beyond the bounds of [crawler.ParseHTML]. The largest honest pages stay an order of magnitude
// below.
const (
	maxBody = 16 << 20 // bytes; the crawler's own limit is lower
	// Bytes of text times the depth at which they stand: readability reads a text once for each element around it.
	maxDepthwise = 100_000_000
)

// parse builds the tree of a page.
func parse(page []byte, charset string) (*html.Node, error) {
	if len(page) > maxBody {
		return nil, fmt.Errorf("%d bytes of HTML, more than the %d that an article can need", len(page), maxBody)
	}
	root, err := crawler.ParseHTML(decode(page, charset))
	if err != nil {
		return nil, err
	}
	if depthwise(root, 0) > maxDepthwise {
		return nil, errors.New("elements nested too deep around too much text for an article")
	}
	return root, nil
}

func depthwise(n *html.Node, depth int) int {
	sum := len(n.Data) * depth
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += depthwise(c, depth+1)
	}
	return sum
}
