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
	tests []wordTest
	gap   int // more than 0: up to that many words of any kind
}

// frequency guesses how often a term occurs, against other terms: frequent words are short (Zipf 1949), and several words
// in a row are rarer than each of them.
func frequency(reading []step) float64 {
	f := 1.0
	for _, s := range reading {
		words := 0.0
		for _, t := range s.tests {
			words += math.Pow(4, -float64(utf8.RuneCountInString(t.text)))
		}
		if s.gap == 0 {
			f *= min(words, 1)
		}
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
	rest string
	lang *language
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
		options, err := p.element()
		if err != nil {
			return nil, err
		}
		if len(readings)*len(options) > maxReadings {
			return nil, fmt.Errorf("more than %d readings: split it", maxReadings)
		}
		if len(options) == 1 {
			for i, r := range readings {
				readings[i] = append(r, options[0]...)
			}
			continue
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

func (p *termParser) element() ([][]step, error) {
	switch p.rest[0] {
	case '[':
		options, err := p.group("]")
		return append(options, nil), err
	case '(':
		return p.group(")")
	}
	word := p.rest
	if i := strings.IndexAny(word, " []()|"); i >= 0 {
		word = word[:i]
	}
	p.rest = p.rest[len(word):]
	if gap, ok, err := parseGap(word, defaultGap); ok || err != nil {
		return [][]step{{{gap: gap}}}, err
	}
	steps, err := p.lang.parseWord(word)
	return [][]step{steps}, err
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
			return either(all), nil
		case "|":
		default:
			return nil, fmt.Errorf("%q where %q was expected", mark, closing)
		}
	}
}

// either makes one step of the options that are one word each.
func either(options [][]step) [][]step {
	var words step
	var out [][]step
	for _, o := range options {
		if len(o) == 1 && o[0].gap == 0 {
			words.tests = append(words.tests, o[0].tests...)
		} else {
			out = append(out, o)
		}
	}
	if len(words.tests) > 0 {
		out = append(out, []step{words})
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

// parseWord reads a word with its mark. A word that the tokenizer takes apart ("l'accord") becomes several steps.
func (l *language) parseWord(word string) ([]step, error) {
	if word == "<demonym>" {
		return []step{{tests: l.demonyms}}, nil
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
	if kind == stemmed && l.vocabulary.stem == nil {
		return nil, errors.New("this language has no stemmer: write the forms or a wildcard")
	}
	if alphanumeric(body) { // most are, and need no segmenter
		test := wordTest{kind, strings.ToLower(body)}
		switch kind {
		case asCased:
			test.text = body
		case stemmed:
			test.text = l.vocabulary.stem(test.text)
		}
		return []step{{tests: []wordTest{test}}}, nil
	}
	tokens := l.tokenize(body, 0, len(body), nil)
	if len(tokens) == 0 {
		return nil, fmt.Errorf("%q is no word", word)
	}
	var steps []step
	for i, t := range tokens {
		test := wordTest{exactly, t.folded}
		last := i == len(tokens)-1
		switch {
		case kind == asCased:
			test = wordTest{asCased, t.cased}
		case kind == stemmed && last:
			test = wordTest{stemmed, l.vocabulary.stem(t.folded)}
		case kind == prefixed && last, kind == suffixed && i == 0, kind == holding && len(tokens) == 1:
			test = wordTest{kind, t.folded}
		}
		steps = append(steps, step{tests: []wordTest{test}})
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
