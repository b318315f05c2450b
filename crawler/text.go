package crawler

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxQuote is how many bytes of something foreign an error quotes.
const maxQuote = 200

// plainText returns what a reader would see of HTML, on one line.
func plainText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return oneLine(s)
	}
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(s))
	for hidden := false; ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return oneLine(b.String())
		case html.TextToken:
			if !hidden {
				b.Write(tokens.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			if token.Data == "script" || token.Data == "style" {
				hidden = token.Type == html.StartTagToken
			}
			if !inline[token.Data] {
				b.WriteByte(' ')
			}
		}
	}
}

// inline are the elements that stand inside of a word or sentence without a break.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "cite": true, "code": true, "em": true, "font": true, "i": true,
	"mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "u": true,
}

// oneLine joins the words of a text by single spaces and drops control characters: JSON can hide them from the
// filter of a feed's bytes.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// clip cuts text to at most most bytes, at a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
