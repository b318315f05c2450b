package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

// A token is a word, a number or a punctuation mark of a field. Spaces, hyphens and apostrophes are no tokens: they
// only part them, so that "export-licence", "export licence" and "l'export" are told apart by their words alone.
type token struct {
	start, end             int   // bytes into the field
	nextSieve, gappedSieve sieve // of the word, kept here to be near
	*word
}

// A word is what the engine knows of the form of a token. Tokens of one form share it.
type word struct {
	form        string
	nextSieve   sieve
	gappedSieve sieve
	first       *node   // where the terms go on that begin with it; nil: nowhere
	triggers    []label // the lexicons that it is a term of by itself
	alone       []span  // the entries that it is by itself, from 0 to 1
	next        []int32 // the tests that it fits of those that terms ask for right behind a word, sorted
	gapped      []int32 // of those that they ask for behind a gap
	skip        bool    // may stand unnamed between the words of a term
	punct       bool    // a punctuation mark, no word
	dated       bool    // a date may begin with it
	cased       string  // NFKC, without dots inside: "U.S." is "US"
	folded      string  // cased in lower case
}

// tokenize appends the tokens of text[from:to] to out. Offsets are into text. Clitics are dropped, full stops of
// abbreviations absorbed.
func (l *language) tokenize(text string, from, to int, out []token) []token {
	begin := len(out)
	it := words.FromString(text[from:to])
	for it.Next() {
		word, start := it.Value(), from+it.Start()
		if word == " " {
			continue
		}
		r, _ := utf8.DecodeRuneInString(word)
		if unicode.IsSpace(r) || r == utf8.RuneError {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			if parts(r) {
				continue
			}
			if r == '.' && len(out) > begin && out[len(out)-1].end == start && l.abbreviated(out[len(out)-1]) {
				out[len(out)-1].end = start + len(word)
				continue
			}
			out = append(out, l.token(word, start))
			continue
		}
		for word != "" {
			cut := strings.IndexFunc(word, apostrophe)
			part := word
			if cut >= 0 {
				part = word[:cut]
			}
			if part != "" && (cut >= 0 || len(part) == len(it.Value()) || !l.clitics[strings.ToLower(part)]) {
				out = append(out, l.token(part, start))
			}
			if cut < 0 {
				break
			}
			_, size := utf8.DecodeRuneInString(word[cut:])
			word, start = word[cut+size:], start+cut+size
		}
	}
	return out
}

func (l *language) token(form string, start int) token {
	w := l.word(form)
	return token{start: start, end: start + len(form), nextSieve: w.nextSieve, gappedSieve: w.gappedSieve, word: w}
}

// word looks a form up, in what is known or else in the pack.
func (l *language) word(form string) *word {
	if l.ready {
		if w := l.vocabulary.lookUp(form); w != nil {
			return w
		}
	}
	form = strings.Clone(form) // which would keep the whole article
	w := &word{form: form, cased: form}
	if !ascii(form) {
		w.cased = norm.NFKC.String(form)
	}
	if strings.Contains(w.cased, ".") && strings.ContainsFunc(w.cased, unicode.IsLetter) && !strings.ContainsFunc(w.cased, unicode.IsDigit) {
		w.cased = strings.ReplaceAll(w.cased, ".", "")
	}
	w.folded = strings.ToLower(w.cased)
	if !l.ready { // the tests are still being gathered
		return w
	}
	r, _ := utf8.DecodeRuneInString(form)
	w.punct = !unicode.IsLetter(r) && !unicode.IsNumber(r)
	w.dated = w.digit() || l.times.literals[w.folded]
	classes := l.vocabulary.classes(w.cased, w.folded)
	w.skip = slices.ContainsFunc(classes, func(c int32) bool { return l.skip[c] })
	w.triggers, w.alone, w.first = l.lexicon.begin(classes)
	w.next, w.nextSieve = l.lexicon.next.answer(classes)
	w.gapped, w.gappedSieve = l.lexicon.gapped.answer(classes)
	l.vocabulary.remember(w)
	return w
}

// abbreviated says whether a full stop right behind the word belongs to it.
func (l *language) abbreviated(t token) bool {
	if t.punct {
		return false
	}
	dotted := t.end-t.start > len(t.cased)
	initial := utf8.RuneCountInString(t.cased) == 1 && t.cased != t.folded
	return dotted || initial || l.abbreviations[t.folded]
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '＇' }

// parts says whether the mark only parts words: hyphens, apostrophes, soft hyphens, zero-width marks.
func parts(r rune) bool {
	return apostrophe(r) || r == '-' || r == '‐' || r == '‑' || r == '\u00ad' || unicode.Is(unicode.Cf, r)
}

// stretch is a range of bytes of a field.
type stretch struct{ start, end int }

// maxSentence bounds a sentence in bytes, since all that looks at a sentence compares its words with each other. A
// longer one is cut at a space; those of laws stay below.
const maxSentence = 2000

// split cuts a field into sentences: at line ends, where Unicode (UAX #29) ends a sentence, but not behind an
// abbreviation. It returns the first maxSentences and perhaps some more.
func (l *language) split(text string) []stretch {
	var out []stretch
	for start := 0; start < len(text) && len(out) < maxSentences; {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += start
		}
		for from := start; from < end && len(out) < maxSentences; {
			to := end
			if cut := glued(text[from:end]); cut > 0 {
				to = from + cut
			}
			out = l.splitLine(text, from, to, out)
			from = to
		}
		start = end + 1
	}
	return out
}

// splitLine looks at maxSentence bytes at a time: behind a full stop the segmenter looks ahead from each mark that
// follows, so that a long run of brackets would cost the square of its length.
func (l *language) splitLine(text string, from, to int, out []stretch) []stretch {
	for from < to && len(out) < maxSentences {
		end := window(text, from, to)
		next := end
		it := sentences.FromString(text[from:end])
		base := from
		open := -1 // start of a sentence that an abbreviation kept open
		for it.Next() {
			s := stretch{base + it.Start(), base + it.End()}
			if open >= 0 {
				s.start, open = open, -1
			}
			if s.end == end && end < to && s.start > from {
				next = s.start // it may go on behind the window
				break
			}
			if s.end < end && l.endsInAbbreviation(text[s.start:s.end]) {
				open = s.start
				continue
			}
			if s = trim(text, s); s.start < s.end {
				out = append(out, s)
			}
		}
		from = next
	}
	return out
}

// window returns the end of the part of text[from:to] that is looked at next: behind a space, at least at a character.
func window(text string, from, to int) int {
	if to-from <= maxSentence {
		return to
	}
	end := from + maxSentence
	if space := strings.LastIndexByte(text[from:end], ' '); space > 0 {
		return from + space + 1
	}
	for !utf8.RuneStart(text[end]) && end > from+maxSentence-utf8.UTFMax {
		end--
	}
	return end
}

// glued returns where a sentence begins right behind the full stop of the one before ("… américain.À cette date"), a
// slip of many sites; 0: nowhere. Three lower-case letters before the stop tell it from an abbreviation or a name.
func glued(line string) int {
	for end := 0; ; {
		stop := strings.IndexByte(line[end:], '.')
		if stop < 0 {
			return 0
		}
		before := line[end : end+stop]
		end += stop + 1
		if next, _ := utf8.DecodeRuneInString(line[end:]); unicode.IsUpper(next) && endsSmall(before) {
			return end
		}
	}
}

// endsSmall says whether the last three letters are lower-case.
func endsSmall(s string) bool {
	for range 3 {
		r, size := utf8.DecodeLastRuneInString(s)
		if !unicode.IsLower(r) {
			return false
		}
		s = s[:len(s)-size]
	}
	return true
}

func (l *language) endsInAbbreviation(sentence string) bool {
	body, ok := strings.CutSuffix(strings.TrimRightFunc(sentence, unicode.IsSpace), ".")
	if !ok {
		return false
	}
	word := body[strings.LastIndexFunc(body, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || apostrophe(r) })+1:]
	if strings.Contains(word, ".") {
		return true
	}
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsUpper(r) || l.abbreviations[strings.ToLower(word)]
}

func trim(text string, s stretch) stretch {
	part := text[s.start:s.end]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	s.start += len(part) - len(left)
	s.end = s.start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return s
}
