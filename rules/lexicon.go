package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A wordTest is one way to fit a word: the word itself, its stem, a part of it.
type wordTest struct {
	kind wordKind
	text string
}

type wordKind uint8

const (
	exactly  wordKind = iota // licence: whatever the case
	asCased                  // =Arm: as it is written
	stemmed                  // grant~: every word of that stem
	prefixed                 // genehmig*
	suffixed                 // *genehmigung
	holding                  // *port*
)

// A vocabulary numbers the word tests of a language, and the sets of them that terms use, and finds those that a word fits.
type vocabulary struct {
	ids   map[wordTest]int32
	sets  map[string]int32  // by their tests
	in    map[int32][]int32 // the sets that a test belongs to
	next  int32
	parts []wordTest // of kind holding, which no map can find
	stem  func(string) string

	mu    sync.RWMutex
	known map[string]*word // by form; bounded, since the words come from the network
}

const (
	// maxKnownWords bounds the cache of a language: about 10 MB of honest words, 50 MB of the longest.
	maxKnownWords = 100_000
	// maxWord bounds in bytes what is looked up as a word: each of its beginnings and ends is. Longer ones fit nothing.
	maxWord = 200
)

func newVocabulary(stem func(string) string) *vocabulary {
	return &vocabulary{ids: map[wordTest]int32{}, sets: map[string]int32{}, in: map[int32][]int32{}, stem: stem, known: map[string]*word{}}
}

func (v *vocabulary) id(t wordTest) int32 {
	if id, ok := v.ids[t]; ok {
		return id
	}
	id := v.next
	v.next++
	v.ids[t] = id
	if t.kind == holding {
		v.parts = append(v.parts, t)
	}
	return id
}

// set numbers the tests of a step: one, or any of several.
func (v *vocabulary) set(tests []wordTest) int32 {
	if len(tests) == 1 {
		return v.id(tests[0])
	}
	key := fmt.Sprint(tests)
	if id, ok := v.sets[key]; ok {
		return id
	}
	id := v.next
	v.next++
	v.sets[key] = id
	for _, t := range tests {
		member := v.id(t)
		v.in[member] = append(v.in[member], id)
	}
	return id
}

// classes returns the tests, and sets of tests, that a word fits.
func (v *vocabulary) classes(cased, folded string) []int32 {
	if max(len(cased), len(folded)) > maxWord {
		return nil
	}
	var out []int32
	add := func(kind wordKind, text string) {
		if id, ok := v.ids[wordTest{kind, text}]; ok {
			out = append(append(out, id), v.in[id]...)
		}
	}
	add(exactly, folded)
	add(asCased, cased)
	if v.stem != nil {
		add(stemmed, v.stem(folded))
	}
	for i := range folded {
		add(prefixed, folded[:i])
		add(suffixed, folded[i:])
	}
	add(prefixed, folded)
	for _, t := range v.parts {
		if strings.Contains(folded, t.text) {
			add(holding, t.text)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lookUp returns the word of a form; nil when it is not known.
func (v *vocabulary) lookUp(form string) *word {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.known[form]
}

func (v *vocabulary) remember(form string, w *word) {
	if len(form) > maxWord {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.known) >= maxKnownWords {
		clear(v.known)
	}
	v.known[strings.Clone(form)] = w
}

// A step is one element of a term: one of several words, or a gap.
type step struct {
	tests []wordTest
	gap   int // more than 0: up to that many words of any kind
}

// defaultGap is how many words an ellipsis in a term spans at most.
const defaultGap = 4

// maxReadings bounds into how many sequences the options of one term may unfold.
const maxReadings = 200

// parseTerm reads a term: words with their marks, `[…]` optional, `(a|b)` either, `…` a gap of up to four words,
// `…9` one of up to nine. It returns every reading.
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
		var next [][]step
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
	tokens := l.tokenize(body, 0, len(body), nil)
	if len(tokens) == 0 {
		return nil, fmt.Errorf("%q is no word", word)
	}
	if kind == stemmed && l.vocabulary.stem == nil {
		return nil, errors.New("this language has no stemmer: write the forms or a wildcard")
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

// A lexicon finds all terms of a language in one pass: a trie over word tests.
type lexicon struct {
	root    *node
	entries []entry
}

type node struct {
	next    map[int32]*node
	gaps    map[int]*node
	entries []int32
	edges   []edge // next, sorted by test: a list is walked faster than a map
}

type edge struct {
	test int32
	to   *node
}

// An entry is what a term stands for: a label of the pack, or an entity of the gazetteers.
type entry struct {
	label  label
	entity *Entity
	term   string
	value  int         // of a month or weekday: its number; of an expression of time: its index
	near   []condition // one of these must occur in the same paragraph or the title; none: no condition
	unless []condition // none of these may occur in the same sentence
}

// A condition is an entity, or any of a kind.
type condition struct {
	slug string
	kind label
}

// grounds are what a sentence or paragraph names for certain: the entities with all that they belong to, and their kinds.
// A name that itself needs others near is no ground for another.
type grounds struct {
	slugs map[string]bool
	kinds map[label]bool
}

func newGrounds() grounds { return grounds{map[string]bool{}, map[label]bool{}} }

func (g grounds) add(rs *Ruleset, spans []span) {
	for _, s := range spans {
		if s.entity != nil && len(s.entry.near) == 0 {
			g.kinds[s.label] = true
			g.include(rs, s.entity.Slug)
		}
	}
}

func (g grounds) include(rs *Ruleset, slug string) {
	if g.slugs[slug] {
		return
	}
	g.slugs[slug] = true
	if e := rs.entities[slug]; e != nil {
		for _, p := range e.Parents {
			g.include(rs, p)
		}
	}
}

func (g grounds) hold(c condition) bool {
	if c.slug == "" {
		return g.kinds[c.kind]
	}
	return g.slugs[c.slug]
}

// A label numbers a lexicon, a cue, a kind of entity.
type label int32

func (x *lexicon) add(v *vocabulary, readings [][]step, e entry) {
	id := int32(len(x.entries))
	x.entries = append(x.entries, e)
	for _, steps := range readings {
		at := x.root
		for _, s := range steps {
			if s.gap > 0 {
				at = child(&at.gaps, s.gap)
				continue
			}
			at = child(&at.next, v.set(s.tests))
		}
		if !slices.Contains(at.entries, id) {
			at.entries = append(at.entries, id)
		}
	}
}

// close makes ready for finding, when all terms are in.
func (x *lexicon) close() {
	x.root.close()
}

// after returns where the terms go on whose first word has one of the classes.
func (x *lexicon) after(classes []int32) []*node {
	var out []*node
	for _, c := range classes {
		if i, ok := slices.BinarySearchFunc(x.root.edges, c, func(e edge, c int32) int { return int(e.test - c) }); ok {
			out = append(out, x.root.edges[i].to)
		}
	}
	return out
}

func (n *node) close() {
	for test, next := range n.next {
		n.edges = append(n.edges, edge{test, next})
		next.close()
	}
	slices.SortFunc(n.edges, func(a, b edge) int { return int(a.test - b.test) })
	n.next = nil
	for _, next := range n.gaps {
		next.close()
	}
}

func child[K comparable](children *map[K]*node, key K) *node {
	if *children == nil {
		*children = map[K]*node{}
	}
	if (*children)[key] == nil {
		(*children)[key] = &node{}
	}
	return (*children)[key]
}

// A span is an occurrence of an entry: tokens[from:to] of a sentence.
type span struct {
	label    label
	from, to int
	entry    *entry
	entity   *Entity // of an entity or a resolved antecedent
	aside    bool    // named in passing: it fills no slot
	toward   bool    // of a country: goods go there
	anaphor  bool    // stands for an entity named before
	date     string  // of an expression of time: 2006-01-02, 2006-01 or 2006
}

func (s span) covers(o span) bool { return s.from <= o.from && o.to <= s.to }
func (s span) length() int        { return s.to - s.from }

// find returns every occurrence of every term. What is found gathers in scratch, which the next sentence may use again.
func (x *lexicon) find(tokens []token, scratch *[]span) []span {
	f := finder{lexicon: x, tokens: tokens, out: (*scratch)[:0]}
	f.find()
	*scratch = f.out
	return slices.Clone(f.out)
}

// maxSkips is how many words that may be skipped are, one after the other.
const maxSkips = 5

// A finder walks the trie along the words of a sentence.
type finder struct {
	*lexicon
	tokens []token
	from   int // the word that the terms begin with
	out    []span
	begun  int // of out: the first that begins there
	steps  int // nodes looked at, for tests
}

func (f *finder) find() {
	for i := range f.tokens {
		f.from, f.begun = i, len(f.out)
		f.steps++
		for _, next := range f.tokens[i].first {
			f.walk(next, i+1)
		}
	}
}

func (f *finder) walk(at *node, i int) {
	for _, id := range at.entries {
		e := &f.entries[id]
		if !slices.ContainsFunc(f.out[f.begun:], func(o span) bool { return o.entry == e && o.to == i }) {
			f.out = append(f.out, span{label: e.label, from: f.from, to: i, entry: e, entity: e.entity})
		}
	}
	f.take(at, i)
	f.skip(at, i)
	for gap, next := range at.gaps {
		for k := i; k <= i+gap; k++ {
			f.take(next, k)
		}
		f.skip(next, i+gap)
	}
}

// take goes on with the word at i.
func (f *finder) take(at *node, i int) {
	f.steps++
	if i >= len(f.tokens) {
		return
	}
	edges := at.edges
	for _, c := range f.tokens[i].classes {
		for len(edges) > 0 && edges[0].test < c {
			edges = edges[1:]
		}
		if len(edges) == 0 {
			return
		}
		if edges[0].test == c {
			f.walk(edges[0].to, i+1)
		}
	}
}

// skip goes on behind words that may stand unnamed. The entries of the node end before them.
func (f *finder) skip(at *node, i int) {
	if len(at.edges) == 0 {
		return
	}
	for k := i; k < min(i+maxSkips, len(f.tokens)) && f.tokens[k].skip; k++ {
		f.take(at, k+1)
	}
}
