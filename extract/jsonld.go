package extract

import (
	"encoding/json"
	"html"
	"strconv"
	"strings"
)

const (
	maxJSONLD = 1 << 20 // bytes of one block
	// JSON-LD nests a few levels; the bound keeps a hostile block from deep recursion.
	maxJSONLDDepth = 24
)

// linkedArticle is what the JSON-LD of a page (schema.org) says of its article.
type linkedArticle struct {
	types     []string // of the node chosen, lower case
	headline  string
	authors   []string
	published string
	publisher string
	lang      string
	body      string
	closed    bool // isAccessibleForFree is false
	open      bool // isAccessibleForFree is true
}

// isArticle reports whether the node chosen is an article, rather than the web page around it.
func (l linkedArticle) isArticle() bool { return rankOf(l.types) >= rankArticle }

// text is the body that the JSON-LD holds, for pages whose own markup scatters it. What stands there of a closed
// article is for the eyes of search engines: we read what a reader gets.
func (l linkedArticle) text(gate bool) string {
	if l.body == "" || l.closed || gate && !l.open {
		return ""
	}
	root, err := parse([]byte(strings.ReplaceAll(l.body, "\n", "<br><br>")), "utf-8")
	if err != nil {
		return ""
	}
	return strings.Join(paragraphs(root), "\n\n")
}

// readJSONLD picks, of all nodes in all blocks, the one that describes the page: an article before a web page, one
// that names the address of the page before one that does not, the first before the rest.
func readJSONLD(blocks []string, pageURL string) linkedArticle {
	g := graph{byID: map[string]map[string]any{}}
	for _, block := range blocks {
		if v, ok := parseJSONLD(block); ok {
			g.collect(v, 0)
		}
	}
	var best map[string]any
	bestRank := 0
	for _, n := range g.nodes {
		rank := rankOf(typesOf(n))
		if rank > 0 && g.names(n, pageURL) {
			rank++
		}
		if rank > bestRank {
			best, bestRank = n, rank
		}
	}
	if best == nil {
		return linkedArticle{}
	}
	return g.article(best)
}

// parseJSONLD is lenient where templates are careless: comments, trailing commas, raw control characters in strings.
func parseJSONLD(block string) (any, bool) {
	if len(block) > maxJSONLD {
		return nil, false
	}
	var v any
	if json.Unmarshal([]byte(block), &v) == nil {
		return v, true
	}
	return v, json.Unmarshal([]byte(repairJSON(block)), &v) == nil
}

func repairJSON(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	quoted := false
	comma := false // seen, to be written only if a value follows
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quoted:
			if c == '\\' && i+1 < len(s) {
				b.WriteByte(c)
				i++
				c = s[i]
			} else if c == '"' {
				quoted = false
			}
			b.WriteByte(max(c, ' '))
			continue
		case c <= ' ':
			continue
		case strings.HasPrefix(s[i:], "/*"):
			i += skipPast(s[i:], "*/")
			continue
		case strings.HasPrefix(s[i:], "//"):
			i += skipPast(s[i:], "\n")
			continue
		case strings.HasPrefix(s[i:], "<![CDATA["):
			i += len("<![CDATA[") - 1
			continue
		case strings.HasPrefix(s[i:], "<!--"):
			i += len("<!--") - 1
			continue
		case strings.HasPrefix(s[i:], "]]>"), strings.HasPrefix(s[i:], "-->"):
			i += len("]]>") - 1
			continue
		case c == ',':
			comma = true
			continue
		case c == ';':
			continue
		}
		if comma && c != '}' && c != ']' {
			b.WriteByte(',')
		}
		comma = false
		quoted = c == '"'
		b.WriteByte(c)
	}
	return b.String()
}

// skipPast returns the length of s up to the last byte of end.
func skipPast(s, end string) int {
	i := strings.Index(s, end)
	if i < 0 {
		return len(s)
	}
	return i + len(end) - 1
}

// graph is every node of a page's JSON-LD, in document order.
type graph struct {
	nodes []map[string]any
	byID  map[string]map[string]any
}

func (g *graph) collect(v any, depth int) {
	if depth > maxJSONLDDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.collect(e, depth+1)
		}
	case map[string]any:
		if len(typesOf(v)) > 0 {
			g.nodes = append(g.nodes, v)
			if id, ok := v["@id"].(string); ok && g.byID[id] == nil {
				g.byID[id] = v
			}
		}
		// Only what describes this page: the items of a list or the parts of a blog are other pages.
		for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage", "author", "creator", "publisher"} {
			g.collect(v[k], depth+1)
		}
	}
}

// resolve follows {"@id": "…"} to the node that it names.
func (g *graph) resolve(n map[string]any) map[string]any {
	id, _ := n["@id"].(string)
	if full := g.byID[id]; full != nil {
		return full
	}
	return n
}

func (g *graph) names(n map[string]any, pageURL string) bool {
	for _, k := range []string{"url", "@id", "mainEntityOfPage"} {
		switch v := n[k].(type) {
		case string:
			if sameAddress(v, pageURL) {
				return true
			}
		case map[string]any:
			if id, _ := v["@id"].(string); sameAddress(id, pageURL) {
				return true
			}
		}
	}
	return false
}

func sameAddress(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a != "" && strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

func (g *graph) article(n map[string]any) linkedArticle {
	l := linkedArticle{
		types:     typesOf(n),
		published: text(n["datePublished"]),
		headline:  text(n["headline"]),
		lang:      text(n["inLanguage"]),
		body:      text(n["articleBody"]),
		closed:    isBool(n["isAccessibleForFree"], false),
		open:      isBool(n["isAccessibleForFree"], true),
	}
	if l.headline == "" {
		l.headline = text(n["name"])
	}
	for _, k := range []string{"author", "creator"} {
		if l.authors == nil {
			l.authors = g.people(n[k], 0)
		}
	}
	if names := g.people(n["publisher"], 0); len(names) > 0 {
		l.publisher = names[0]
	}
	return l
}

// people reads the forms in which pages name persons and organisations: a string, an object, a reference, a list.
func (g *graph) people(v any, depth int) []string {
	if depth > maxJSONLDDepth {
		return nil
	}
	switch v := v.(type) {
	case string:
		return namesOf(v)
	case []any:
		var names []string
		for _, e := range v {
			names = append(names, g.people(e, depth+1)...)
		}
		return names
	case map[string]any:
		// A name is text, no further reference: nodes that name each other would be followed more often than there
		// is time, in each of them as many ways as it has names.
		return namesOf(g.resolve(v)["name"])
	}
	return nil
}

// namesOf is the text of a name, or of each of several.
func namesOf(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var names []string
	for _, e := range list {
		if name := text(e); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// text is the plain text of a value. Templates escape markup twice often enough to undo it here.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(html.UnescapeString(v))
	case []any:
		if len(v) > 0 {
			return text(v[0])
		}
	case map[string]any:
		if s, ok := v["@value"].(string); ok {
			return text(s)
		}
		return text(v["name"])
	}
	return ""
}

// isBool reads a truth value as JSON has it, or as text ("False", "https://schema.org/True").
func isBool(v any, want bool) bool {
	switch v := v.(type) {
	case bool:
		return v == want
	case string:
		got, err := strconv.ParseBool(strings.ToLower(v[strings.LastIndex(v, "/")+1:]))
		return err == nil && got == want
	}
	return false
}

const (
	rankPage    = 1
	rankArticle = 3 // a page that names the address (rankPage+1) stays below
)

func rankOf(types []string) int {
	rank := 0
	for _, t := range types {
		switch {
		case strings.HasSuffix(t, "article"), strings.HasSuffix(t, "posting") && t != "jobposting", t == "report", t == "pressrelease":
			rank = max(rank, rankArticle)
		case strings.HasSuffix(t, "page"):
			rank = max(rank, rankPage)
		}
	}
	return rank
}

// typesOf returns the local names of a node's types in lower case.
func typesOf(n map[string]any) []string {
	var types []string
	add := func(v any) {
		if s, ok := v.(string); ok {
			types = append(types, strings.ToLower(s[strings.LastIndexAny(s, "/#:")+1:]))
		}
	}
	switch v := n["@type"].(type) {
	case string:
		add(v)
	case []any:
		for _, e := range v {
			add(e)
		}
	}
	return types
}
