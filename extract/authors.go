package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxAuthors = 20
	maxName    = 60 // characters
	maxWords   = 6  // of one name
)

// The names under which pages keep the author in meta elements: HTML's own, Open Graph's, Dublin Core's, and those of
// parse.ly, Sailthru, Cxense and Google Scholar.
var authorMetas = []string{
	"author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "cxenseparse:author", "dc.creator", "dcterms.creator",
	"article.author", "article:author_name", "citation_author", "authors",
}

// voteAuthors takes the first kind of claim that names persons: JSON-LD, microdata, meta, rel=author, the visible
// byline, the feed. Claims are not merged: two spellings of one name would become two authors. Where all of them name
// only the publication, that is the author.
func voteAuthors(o outline, pageURL string, h Hints) []string {
	claims := [][]string{o.linked.authors, o.itemAuthors}
	for _, name := range authorMetas {
		claims = append(claims, o.meta[name])
	}
	claims = append(claims, o.relAuthors, o.bylines, h.Authors)

	sites := siteNames(o, pageURL, h)
	var house []string
	for _, claim := range claims {
		names := namesIn(claim)
		persons := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return isSite(n, sites) })
		if len(persons) > 0 {
			return persons
		}
		if house == nil && len(names) > 0 {
			house = names
		}
	}
	return house
}

// namesIn splits bylines into names, each once.
func namesIn(bylines []string) []string {
	var names []string
	seen := map[string]bool{}
	for _, byline := range bylines {
		for _, name := range splitNames(clean(byline)) {
			if k := key(name); !seen[k] && len(names) < maxAuthors {
				seen[k] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// splitNames reads "By Jane Doe and John Roe, Reuters".
func splitNames(s string) []string {
	s = strings.ReplaceAll(cutBy(s), " | ", ",")
	var names []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(",;/、，·•|\n", r) }) {
		var parts []string
		for _, w := range append(strings.Fields(part), "") {
			if w != "" && !words().and[strings.ToLower(w)] {
				parts = append(parts, w)
				continue
			}
			if name := strings.Join(parts, " "); isName(name) {
				names = append(names, cutBy(name))
			}
			parts = nil
		}
	}
	return names
}

// cutBy removes the word that introduces a byline, once.
func cutBy(s string) string {
	for _, by := range words().by {
		if len(s) <= len(by) || !strings.EqualFold(s[:len(by)], by) {
			continue
		}
		if rest := s[len(by):]; rest[0] == ' ' || rest[0] == ':' {
			return strings.TrimLeft(rest, " :")
		}
	}
	return s
}

// isName refuses handles, addresses, numbers and sentences.
func isName(s string) bool {
	if utf8.RuneCountInString(s) < 2 || utf8.RuneCountInString(s) > maxName || len(strings.Fields(s)) > maxWords {
		return false
	}
	if strings.ContainsAny(s, "@{}<>=") || strings.Contains(s, "//") || strings.Contains(s, "www.") {
		return false
	}
	letters := false
	for _, r := range s {
		if unicode.IsDigit(r) {
			return false
		}
		letters = letters || unicode.IsLetter(r)
	}
	return letters
}
