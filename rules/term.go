package rules

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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
	readings, err := p.sequence("")
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

// sequence reads up to one of the closing characters, which it leaves.
func (p *termParser) sequence(closing string) ([][]step, error) {
	readings := [][]step{nil}
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

func (p *termParser) group(closing string) ([][]step, error) {
	p.rest = p.rest[1:]
	var all [][]step
	for {
		options, err := p.sequence(closing)
		if err != nil {
			return nil, err
		}
		all = append(all, options...)
		mark := p.rest[:1]
		p.rest = p.rest[1:]
		switch mark {
		case closing:
			return p.lang.vocabulary.either(all), nil
		case "|":
		default:
			return nil, fmt.Errorf("%q where %q was expected", mark, closing)
		}
	}
}

// either makes one step of the options that are one word each.
func (v *vocabulary) either(options [][]step) [][]step {
	var tests []int32
	var out [][]step
	for _, o := range options {
		if len(o) == 1 && o[0].gap == 0 {
			tests = append(tests, v.members(o[0].test)...)
		} else {
			out = append(out, o)
		}
	}
	if len(tests) > 0 {
		out = append(out, []step{{test: v.set(tests)}})
	}
	return out
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

// alphanumeric says whether a word is ASCII letters and digits.
func alphanumeric(word string) bool {
	for i := range len(word) {
		if c := word[i] | 0x20; (c < 'a' || c > 'z') && (word[i] < '0' || word[i] > '9') {
			return false
		}
	}
	return word != ""
}
