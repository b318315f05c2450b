package extract

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean makes one line of NFC text out of whatever a page holds: control characters and every kind of white space
// become single spaces; characters that have no width and no meaning to a reader, or that turn the direction of
// the text around them, go. They hide words from rules and spoof terminals.
func clean(s string) string {
	if strings.ContainsAny(s, "\x1b\u009b") {
		s = sequences.ReplaceAllString(s, " ")
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			b.WriteByte(' ')
		case !invisible(r):
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(norm.NFC.String(b.String())), " ")
}

// sequences are the control sequences of terminals (ECMA-48, section 5.4). Without its first character alone, the rest
// of one would stand in the text as "[31m".
var sequences = regexp.MustCompile(`(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]`)

func invisible(r rune) bool {
	switch {
	case r == 0x00AD, // soft hyphen
		r == 0x061C,                  // Arabic letter mark
		r == 0x180E,                  // Mongolian vowel separator
		r == 0x200B,                  // zero width space; U+200C and U+200D shape Persian and Indic words and stay
		r >= 0x200E && r <= 0x200F,   // direction marks
		r >= 0x202A && r <= 0x202E,   // embeddings and overrides
		r >= 0x2060 && r <= 0x206F,   // word joiner, invisible operators, isolates
		r == 0xFEFF,                  // byte order mark
		r >= 0xFFF9 && r <= 0xFFFB,   // interlinear annotation
		r >= 0xE0000 && r <= 0xE007F: // tags
		return true
	}
	return r&0xFFFE == 0xFFFE // noncharacters
}

// key is the form in which titles and names are compared: letters and digits of any script, case folded.
func key(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// readingLength is how much there is to read, in characters of an alphabet: an ideograph or a syllable of Hangul
// says about as much as two and a half letters.
func readingLength(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 5
		case !unicode.IsSpace(r):
			n += 2
		}
	}
	return n / 2
}
