package store

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// searchable is a text as the search index takes it. Its tokenizer, unicode61, cuts at blanks and punctuation, so
// a run of Chinese, Japanese or Korean would be one token that no query meets. We write such a run as the pairs of
// neighbours in it, then its last character: 出口管制 becomes 出口 口管 管制 制. A word of two characters is then a token, a longer
// one a phrase, and a single character the beginning of a token.
func searchable(text string) string {
	text = norm.NFKC.String(text)
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	for run, ideographic := range runs(text) {
		if !ideographic {
			b.WriteString(run)
			continue
		}
		b.WriteByte(' ')
		for _, pair := range pairs(run) {
			b.WriteString(pair)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// match turns the words of a user into a query of FTS5: all must occur. Each is quoted, so nothing in it is syntax.
func match(words string) (string, error) {
	var terms []string
	for run, ideographic := range runs(norm.NFKC.String(clean(words))) {
		if !ideographic {
			for word := range strings.FieldsSeq(run) {
				if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
					terms = append(terms, quote(word))
				}
			}
			continue
		}
		tokens := pairs(run)
		if len(tokens) == 1 {
			terms = append(terms, quote(run)+"*")
			continue
		}
		terms = append(terms, quote(strings.Join(tokens[:len(tokens)-1], " ")))
	}
	if len(terms) == 0 {
		return "", fmt.Errorf("search for %q: it has no letter or digit", words)
	}
	return strings.Join(terms, " AND "), nil
}

func quote(term string) string {
	return `"` + strings.ReplaceAll(term, `"`, `""`) + `"`
}

// runs cuts a text where the script changes between those that write blanks between words and those that do not.
func runs(text string) func(yield func(run string, ideographic bool) bool) {
	return func(yield func(string, bool) bool) {
		start, inside := 0, false
		for i, r := range text {
			if is := ideographic(r); is != inside {
				if i > start && !yield(text[start:i], inside) {
					return
				}
				start, inside = i, is
			}
		}
		if start < len(text) {
			yield(text[start:], inside)
		}
	}
}

// ideographic covers what is written without blanks, and Korean, where endings hang on the word.
func ideographic(r rune) bool {
	const firstHangul = 0x1100 // most texts stay below
	return r >= firstHangul && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー')
}

// pairs are the neighbours in a run, then its last character.
func pairs(run string) []string {
	characters := []rune(run)
	out := make([]string, 0, len(characters))
	for i := range characters {
		out = append(out, string(characters[i:min(i+2, len(characters))]))
	}
	return out
}
