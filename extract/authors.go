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

// voteAuthors takes the first kind of claim that names persons: JSON-LD, microdata, meta, links to authors, the
// visible byline, the words under the title, the feed. Claims are not merged: two spellings of one name would become
// two authors. Where all of them name only the publication, that is the author.
func voteAuthors(o outline, pageURL string, h Hints) []string {
	claims := [][]string{o.linked.authors, o.itemAuthors}
	for _, name := range authorMetas {
		claims = append(claims, o.meta[name])
	}
	claims = append(claims, labelledAuthor(o), o.relAuthors)
	for _, byline := range o.bylines {
		claims = append(claims, []string{byline})
	}
	claims = append(claims, bylineAfter(o.afterTitle), h.Authors)

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

// labelledAuthor reads the pairs of label and value that WordPress writes for cards.
func labelledAuthor(o outline) []string {
	for _, n := range []string{"1", "2"} {
		if words().by[strings.ToLower(o.firstMeta("twitter:label"+n))] > 0 {
			return o.meta["twitter:data"+n]
		}
	}
	return nil
}

// bylineAfter finds "By Jane Doe" among the first pieces of text under the title, in one piece or two.
func bylineAfter(pieces []string) []string {
	for i, piece := range pieces {
		if words().by[strings.ToLower(strings.TrimRight(piece, ": "))] > 0 && i+1 < len(pieces) {
			piece += " " + pieces[i+1]
		}
		if names := cutBy(piece); names != piece && utf8.RuneCountInString(names) <= maxName && isCapitalised(names) {
			return []string{names}
		}
	}
	return nil
}

// isCapitalised: each word but the shortest begins with a capital, as names do and sentences do not.
func isCapitalised(s string) bool {
	for w := range strings.FieldsSeq(s) {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) && utf8.RuneCountInString(w) > 3 {
			return false
		}
	}
	return true
}

// namesIn splits bylines into names, each once.
func namesIn(bylines []string) []string {
	var names []string
	seen := map[string]bool{}
	for _, byline := range bylines {
		if strings.Contains(byline, "://") { // the address of a profile
			continue
		}
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
		var name []string
		for _, w := range append(strings.Fields(part), "") {
			if w != "" && !words().and[strings.ToLower(w)] {
				name = append(name, w)
				continue
			}
			if n := cutBy(strings.Trim(strings.Join(name, " "), " -–—»")); isName(n) {
				names = append(names, n)
			}
			name = nil
		}
	}
	return names
}

// cutBy removes the words that introduce a byline, once: the longest that match.
func cutBy(s string) string {
	fields := strings.Fields(s)
	for n := min(3, len(fields)-1); n > 0; n-- {
		by := strings.ToLower(strings.TrimRight(strings.Join(fields[:n], " "), ":"))
		if least, ok := words().by[by]; ok && len(fields)-n >= least {
			return strings.TrimLeft(strings.Join(fields[n:], " "), ": ")
		}
	}
	return s
}

// isName refuses handles, addresses, numbers and sentences.
func isName(s string) bool {
	if utf8.RuneCountInString(s) < 2 || utf8.RuneCountInString(s) > maxName || len(strings.Fields(s)) > maxWords {
		return false
	}
	if strings.ContainsAny(s, "@{}<>=:()_") || strings.Contains(s, "www.") || strings.Contains(s, ".com") {
		return false
	}
	if words().by[strings.ToLower(s)] > 0 {
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
