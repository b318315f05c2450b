package rules

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A step is one element of a term: one of several words, or a gap.
type step struct {
	test int32 // number of a word test, or of a set of them
	gap  int32 // more than 0: up to that many words of any kind
}

// frequency guesses how often a term occurs, against other terms: frequent words are short (Zipf 1949), and several words
// in a row are rarer than each of them.
func (v *vocabulary) frequency(reading []step) float64 {
	f := 1.0
	for _, s := range reading {
		if s.gap > 0 {
			continue
		}
		words := 0.0
		for _, t := range v.members(s.test) {
			words += math.Ldexp(1, -2*utf8.RuneCountInString(v.tests[t].text))
		}
		f *= min(words, 1)
	}
	return f
}

// defaultGap is how many words an ellipsis in a term spans at most.
const defaultGap = 4

// maxReadings bounds into how many sequences the options of one term may unfold.
const maxReadings = 200

// parseTerm reads a term: words with their marks, `[…]` optional, `(a|b)` either, `…` a gap of up to four words,
// `…9` one of up to nine, `<demonym>` the adjective of any country. It returns every reading.
func (l *language) parseTerm(term string) ([][]step, error) {
	p := &termParser{rest: term, lang: l}
	readings, err := p.sequence(nil, "")
	if err != nil {
		return nil, fmt.Errorf("term %q: %w", term, err)
	}
	if p.rest != "" {
		return nil, fmt.Errorf("term %q: %q closes nothing", term, p.rest[:1])
	}
	for _, r := range readings {
		if len(r) == 0 || r[0].gap > 0 || r[len(r)-1].gap > 0 {
			return nil, fmt.Errorf("term %q: it must begin and end with a word", term)
		}
	}
	return readings, nil
}

type termParser struct {
	rest  string
	lang  *language
	steps []step // of the last word
}

// sequence goes on behind the steps that were read up to one of the closing characters, which it leaves.
func (p *termParser) sequence(begun []step, closing string) ([][]step, error) {
	readings := [][]step{begun}
	for {
		p.rest = strings.TrimLeft(p.rest, " ")
		if p.rest == "" || strings.ContainsRune("])|", rune(p.rest[0])) {
			if closing != "" && p.rest == "" {
				return nil, fmt.Errorf("a %q is missing", closing)
			}
			return readings, nil
		}
		var options [][]step
		var err error
		switch p.rest[0] {
		case '[':
			options, err = p.group("]")
			options = append(options, nil)
		case '(':
			options, err = p.group(")")
		default:
			var steps []step
			steps, err = p.word()
			for i := range readings {
				readings[i] = append(readings[i], steps...)
			}
		}
		switch {
		case err != nil:
			return nil, err
		case len(options) == 0: // it was a word
			continue
		case len(readings)*len(options) > maxReadings:
			return nil, fmt.Errorf("more than %d readings: split it", maxReadings)
		}
		next := make([][]step, 0, len(readings)*len(options))
		for _, r := range readings {
			for _, o := range options {
				next = append(next, slices.Concat(r, o))
			}
		}
		readings = next
	}
}

// word reads a word, or a gap.
func (p *termParser) word() ([]step, error) {
	word := p.rest
	if i := strings.IndexAny(word, " []()|"); i >= 0 {
		word = word[:i]
	}
	p.rest = p.rest[len(word):]
	p.steps = p.steps[:0]
	gap, ok, err := parseGap(word, defaultGap)
	switch {
	case err != nil:
		return nil, err
	case ok:
		p.steps = append(p.steps, step{gap: int32(gap)})
	default:
		p.steps, err = p.lang.parseWord(word, p.steps)
	}
	return p.steps, err
}

// group reads alternatives. Those that are one word each are one step.
func (p *termParser) group(closing string) ([][]step, error) {
	v := p.lang.vocabulary
	var words []int32
	var options [][]step
	for {
		p.rest = p.rest[1:]
		begun, alone, err := p.first()
		switch {
		case err != nil:
			return nil, err
		case alone:
			words = append(words, v.members(begun[0].test)...)
		default:
			more, err := p.sequence(slices.Clone(begun), closing)
			if err != nil {
				return nil, err
			}
			options = append(options, more...)
		}
		switch mark := p.rest[:1]; mark {
		case closing:
			p.rest = p.rest[1:]
			if len(words) > 0 {
				options = append(options, []step{{test: v.set(words)}})
			}
			return options, nil
		case "|":
		default:
			return nil, fmt.Errorf("%q where %q was expected", mark, closing)
		}
	}
}

// first reads the word that an alternative begins with, if it does, and says whether it is all of it.
func (p *termParser) first() (steps []step, alone bool, err error) {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" || strings.ContainsRune("[](|)", rune(p.rest[0])) {
		return nil, false, nil
	}
	steps, err = p.word()
	p.rest = strings.TrimLeft(p.rest, " ")
	ends := p.rest != "" && strings.ContainsRune("])|", rune(p.rest[0]))
	return steps, ends && len(steps) == 1 && steps[0].gap == 0, err
}

// parseGap reads an ellipsis with the number of words that it may span.
func parseGap(word string, standard int) (gap int, ok bool, err error) {
	n, ok := strings.CutPrefix(word, "…")
	if !ok {
		return 0, false, nil
	}
	if n == "" {
		return standard, true, nil
	}
	gap, err = strconv.Atoi(n)
	if err != nil || gap < 1 || gap > 30 {
		return 0, true, fmt.Errorf("%q: a gap is … or …1 to …30", word)
	}
	return gap, true, nil
}

// parseWord reads a word with its mark, and appends its steps: several where the tokenizer takes it apart ("l'accord").
func (l *language) parseWord(word string, steps []step) ([]step, error) {
	v := l.vocabulary
	if word == "<demonym>" {
		return append(steps, step{test: v.set(l.demonyms)}), nil
	}
	body, kind := word, exactly
	switch {
	case strings.HasPrefix(body, "="):
		body, kind = body[1:], asCased
	case strings.HasSuffix(body, "~"):
		body, kind = body[:len(body)-1], stemmed
	case strings.HasPrefix(body, "*") && strings.HasSuffix(body, "*") && len(body) > 2:
		body, kind = body[1:len(body)-1], holding
	case strings.HasPrefix(body, "*"):
		body, kind = body[1:], suffixed
	case strings.HasSuffix(body, "*"):
		body, kind = body[:len(body)-1], prefixed
	}
	if kind == stemmed && v.stem == nil {
		return nil, errors.New("this language has no stemmer: write the forms or a wildcard")
	}
	if alphanumeric(body) { // most are, and need no segmenter
		test := wordTest{kind, strings.ToLower(body)}
		switch kind {
		case asCased:
			test.text = body
		case stemmed:
			test.text = v.stem(test.text)
		}
		return append(steps, step{test: v.id(test)}), nil
	}
	tokens := l.tokenize(body, 0, len(body), nil)
	if len(tokens) == 0 {
		return nil, fmt.Errorf("%q is no word", word)
	}
	for i, t := range tokens {
		test := wordTest{exactly, t.folded}
		last := i == len(tokens)-1
		switch {
		case kind == asCased:
			test = wordTest{asCased, t.cased}
		case kind == stemmed && last:
			test = wordTest{stemmed, v.stem(t.folded)}
		case kind == prefixed && last, kind == suffixed && i == 0, kind == holding && len(tokens) == 1:
			test = wordTest{kind, t.folded}
		}
		steps = append(steps, step{test: v.id(test)})
	}
	return steps, nil
}

// alphanumeric says whether a word is Latin letters and ASCII digits, as the tokenizer leaves them.
func alphanumeric(word string) bool {
	for _, r := range word {
		if (r < '0' || r > '9') && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return word != "" && (ascii(word) || norm.NFKC.IsNormalString(word))
}
