package alert

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Text of pages is untrusted: whatever goes into a mail passes through clean first.

// Bounds of what a mail quotes, in characters.
const (
	maxQuote   = 1200
	maxTitle   = 300
	maxName    = 80
	maxSubject = 160
	maxURL     = 2000
	maxReason  = 300
)

// clean makes one line of text that is safe to show: valid UTF-8, no control characters, no characters that turn the
// direction of writing or hide text, at most n characters. Runs of white space become one space.
func clean(s string, n int) string {
	var b strings.Builder
	space, count := false, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			space = true
			continue
		case unicode.IsControl(r), isInvisible(r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
			count++
		}
		space = false
		if count >= n {
			return strings.TrimRight(b.String(), " ") + "…"
		}
		b.WriteRune(r)
		count++
	}
	return b.String()
}

// isInvisible names format characters (bidirectional overrides, zero width spaces, tags). The two joiners are part of
// the spelling of many scripts and stay.
func isInvisible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner
}

// cleanHeader is clean for a header field. The encoder leaves ASCII alone, so text that looks like an encoded word
// (RFC 2047) would be decoded by the reader's program; a space keeps it text.
func cleanHeader(s string, n int) string {
	return clean(strings.ReplaceAll(clean(s, n), "=?", "= ?"), n)
}

// link returns an address that may be offered for clicking, or nothing: http and https only, with an ASCII host, since
// other letters can imitate a known name.
func link(raw string) string {
	if len(raw) > maxURL || clean(raw, maxURL) != raw {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || !isASCII(u.Host) {
		return ""
	}
	return u.String()
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// wrap breaks each line that is wider than columns. The next line goes on under the text after the last gap of two
// spaces, and behind the quote mark of the first. A link is never broken.
func wrap(text string, columns int) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if columnsOf(line) <= columns {
			b.WriteString(line)
			continue
		}
		wrapLine(&b, line, columns)
	}
	return b.String()
}

func wrapLine(b *strings.Builder, line string, columns int) {
	lead, indent := "", ""
	switch gap := strings.LastIndex(line, "  "); {
	case gap >= 0:
		lead = line[:gap+2]
		indent = strings.Repeat(" ", columnsOf(lead))
	case strings.HasPrefix(line, "> "):
		lead, indent = "> ", "> "
	}
	b.WriteString(lead)
	at := len(indent)
	for i, word := range strings.Fields(line[len(lead):]) {
		for j, piece := range pieces(word) {
			space := 0
			if i > 0 && j == 0 {
				space = 1
			}
			w := columnsOf(piece)
			if at > len(indent) && at+space+w > columns {
				b.WriteString("\n" + indent)
				at, space = len(indent), 0
			}
			b.WriteString(" "[:space])
			b.WriteString(piece)
			at += space + w
		}
	}
}

// pieces cuts a word where a line may end inside it: around each wide character, since the scripts that use them
// write no spaces. Marks stay with the character before them.
func pieces(word string) []string {
	var out []string
	start, wide := 0, false
	for i, r := range word {
		w := runeColumns(r)
		if i > start && (w == 2 || wide && w > 0) {
			out = append(out, word[start:i])
			start = i
		}
		if w > 0 {
			wide = w == 2
		}
	}
	return append(out, word[start:])
}

func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
