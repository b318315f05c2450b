package rules

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"sync"
)

// A lexicon finds all terms of a language in one pass: a trie over word tests.
type lexicon struct {
	root   *node
	next   tests // those that stand in a term right behind a word
	gapped tests // those that stand behind a gap
	last   int32 // number of the last entry
	tests  int   // how many there are, when all terms are in

	mu     sync.Mutex
	joined map[string]*node // nodes made of several, by their numbers: as many as there are combinations of terms that a word can begin
}

// tests are word tests by their numbers.
type tests map[int32]bool

type node struct {
	number  int32
	next    map[int32]*node
	gaps    []gap
	labels  []label  // of the lexicons that have a term that ends here, sorted
	entries []*entry // what else ends here
	edges   []edge   // next, sorted by test: a list is walked faster than a map
	sieve   sieve    // of the edges
	tests   set      // of the edges of a node with many; nil: there are few
}

// manyEdges is from how many edges on a node keeps the set of their tests.
const manyEdges = 8

type edge struct {
	test int32
	to   *node
}

// A gap leads to where a term goes on behind up to so many words.
type gap struct {
	words int
	to    *node
}

// A sieve holds which of 64 groups its word tests are of: two without a common bit have no common test (Bloom 1970).
type sieve uint64

func sieveOf(test int32) sieve { return 1 << (uint32(test) * 0x9E3779B1 >> 26) }

// An entry is what a term stands for that is not of a lexicon: an entity of the gazetteers, or a word of the grammar.
type entry struct {
	number int32
	label  label
	entity *Entity
	term   string
	value  int         // of a month or weekday: its number; of an expression of time: its index
	date   string      // of a date that was read: 2006-01-02, 2006-01 or 2006
	near   []condition // one of these must occur in the same paragraph or the title; none: no condition
	unless []condition // none of these may occur in the same sentence
}

// A label numbers a lexicon, a cue, a kind of entity.
type label int32

// addLabel puts in a term of the lexicon with that label.
func (x *lexicon) addLabel(v *vocabulary, readings [][]step, of label) {
	for _, at := range x.ends(v, readings) {
		if i, known := slices.BinarySearch(at.labels, of); !known {
			at.labels = slices.Insert(at.labels, i, of)
		}
	}
}

// addEntry puts in a term that stands for an entry.
func (x *lexicon) addEntry(v *vocabulary, readings [][]step, e *entry) {
	x.last++
	e.number = x.last
	for _, at := range x.ends(v, readings) {
		if !slices.Contains(at.entries, e) {
			at.entries = append(at.entries, e)
		}
	}
}

// ends returns the nodes at which the readings of a term end.
func (x *lexicon) ends(v *vocabulary, readings [][]step) []*node {
	ends := make([]*node, 0, len(readings))
	numbers := map[*wordTest]int32{} // of the sets of tests, which the readings share
	for _, steps := range readings {
		at := x.root
		for i, s := range steps {
			if s.gap > 0 {
				at = at.behind(s.gap)
				continue
			}
			test, ok := numbers[&s.tests[0]]
			if !ok {
				test = v.set(s.tests)
				numbers[&s.tests[0]] = test
			}
			switch {
			case i == 0:
			case steps[i-1].gap > 0:
				x.gapped[test] = true
			default:
				x.next[test] = true
			}
			at = at.child(test)
		}
		ends = append(ends, at)
	}
	return ends
}

func (n *node) child(test int32) *node {
	if n.next == nil {
		n.next = map[int32]*node{}
	}
	to := n.next[test]
	if to == nil {
		to = &node{}
		n.next[test] = to
	}
	return to
}

func (n *node) behind(words int) *node {
	if i := slices.IndexFunc(n.gaps, func(g gap) bool { return g.words == words }); i >= 0 {
		return n.gaps[i].to
	}
	to := &node{}
	n.gaps = append(n.gaps, gap{words, to})
	return to
}

// close makes ready for finding, when all terms are in; tests is how many word tests there are.
func (x *lexicon) close(tests int) {
	x.tests = tests
	x.joined = map[string]*node{}
	var count int32
	x.root.close(tests, &count)
}

func (n *node) close(tests int, count *int32) {
	*count++
	n.number = *count
	n.edges = make([]edge, 0, len(n.next))
	for test, next := range n.next {
		n.edges = append(n.edges, edge{test, next})
		next.close(tests, count)
	}
	n.next = nil
	n.order(tests)
	for _, g := range n.gaps {
		g.to.close(tests, count)
	}
}

// order sorts the edges and notes their tests.
func (n *node) order(tests int) {
	slices.SortStableFunc(n.edges, func(a, b edge) int { return int(a.test - b.test) })
	if len(n.edges) > manyEdges {
		n.tests = newSet(tests)
	}
	for _, e := range n.edges {
		n.sieve |= sieveOf(e.test)
		if n.tests != nil {
			n.tests.add(label(e.test))
		}
	}
}

// begin returns the lexicons and entries that a word with these classes is a term of by itself, and where the terms go
// on that begin with it; nil: there are none.
func (x *lexicon) begin(classes []int32) (triggers []label, alone []span, first *node) {
	var ways []*node
	for _, c := range classes {
		for _, n := range x.root.after(c) {
			triggers = append(triggers, n.to.labels...)
			for _, e := range n.to.entries {
				if !slices.ContainsFunc(alone, func(s span) bool { return s.entry == e }) {
					alone = append(alone, span{entry: e, label: e.label, to: 1})
				}
			}
			if len(n.to.edges)+len(n.to.gaps) > 0 {
				ways = append(ways, n.to)
			}
		}
	}
	slices.Sort(triggers)
	slices.SortFunc(alone, compareSpans)
	return slices.Compact(triggers), alone, x.join(ways)
}

// after returns the edges with a test.
func (n *node) after(test int32) []edge {
	i, _ := slices.BinarySearchFunc(n.edges, test, func(e edge, test int32) int { return int(e.test - test) })
	end := i
	for end < len(n.edges) && n.edges[end].test == test {
		end++
	}
	return n.edges[i:end]
}

// join makes one node that goes on where any of several does; nil of none. Common words begin terms of many sets of words,
// whose nodes would else be asked one by one.
func (x *lexicon) join(nodes []*node) *node {
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	var key []byte
	for _, n := range nodes {
		key = binary.AppendVarint(key, int64(n.number))
	}
	x.mu.Lock()
	all, ok := x.joined[string(key)]
	x.mu.Unlock()
	if ok {
		return all
	}
	all = &node{}
	behind := map[int][]*node{}
	for _, n := range nodes {
		all.edges = append(all.edges, n.edges...)
		for _, g := range n.gaps {
			behind[g.words] = append(behind[g.words], g.to)
		}
	}
	all.order(x.tests)
	for _, words := range slices.Sorted(maps.Keys(behind)) {
		all.gaps = append(all.gaps, gap{words, x.join(behind[words])})
	}
	x.mu.Lock()
	x.joined[string(key)] = all
	x.mu.Unlock()
	return all
}

// An answer is what a word is where a term goes on: the classes that terms ask for there, sorted.
type answer struct {
	classes []int32
	sieve   sieve // of them
}

// answer returns those of a word's classes that are asked for.
func (asked tests) answer(classes []int32) answer {
	var a answer
	for _, c := range classes {
		if asked[c] {
			a.classes = append(a.classes, c)
			a.sieve |= sieveOf(c)
		}
	}
	return a
}

// A trigger is an occurrence of a term of a lexicon: tokens[from:to] of a sentence. Most of what is found is triggers, so
// they are small, hold no pointers, and are kept apart from the spans.
type trigger struct {
	label    label
	from, to int32
	hidden   bool // something longer takes its place
}

func (t trigger) length() int { return int(t.to - t.from) }

func (t trigger) span() span { return span{label: t.label, from: int(t.from), to: int(t.to)} }

// compareTriggers orders triggers as [compareSpans] does spans.
func compareTriggers(a, b trigger) int {
	return int(cmp.Or(a.from-b.from, b.to-a.to, int32(a.label-b.label)))
}

// A span is an occurrence of an entry: tokens[from:to] of a sentence. Where a pattern fits, triggers are spans too, which
// have no entry.
type span struct {
	*entry
	label    label
	from, to int
	aside    bool // named in passing: it fills no slot
	toward   bool // of a country: goods go there
	anaphor  bool // stands for an entity named before
}

func (s span) covers(o span) bool { return s.from <= o.from && o.to <= s.to }

// compareSpans orders spans by where they begin, the longest first.
func compareSpans(a, b span) int {
	return cmp.Or(a.from-b.from, b.to-a.to, int(a.label-b.label), int(a.number-b.number))
}

func (s span) length() int { return s.to - s.from }

// maxSkips is how many words that may be skipped are, one after the other.
const maxSkips = 5

// findings are what was found, sentence by sentence, sorted in each.
type findings struct {
	triggers []trigger
	spans    []span
}

// A finder walks the trie along the words of a sentence.
type finder struct {
	tokens  []token
	present set // the word tests behind gaps that some word of the sentence fits
	from    int // the word that the terms begin with
	out     findings
	steps   int // nodes looked at, for tests
}

// finder returns a finder for sentences of the language; it may be used for one after the other.
func (x *lexicon) finder() *finder { return &finder{present: newSet(x.tests)} }

// find appends every occurrence of every term in the sentence to out.
func (f *finder) find(tokens []token, out findings) findings {
	f.tokens, f.out = tokens, out
	clear(f.present)
	for _, t := range tokens {
		for _, c := range t.gapped.classes {
			f.present.add(label(c))
		}
	}
	for i, t := range tokens {
		f.from = i
		f.steps++
		if t.first != nil {
			f.longer(t.first)
		}
		for _, l := range t.triggers {
			f.out.triggers = append(f.out.triggers, trigger{label: l, from: int32(i), to: int32(i + 1)})
		}
		for _, s := range t.alone {
			s.from, s.to = i, i+1
			f.out.spans = append(f.out.spans, s)
		}
	}
	return f.out
}

// longer finds the terms of several words that begin with the current one, each once.
func (f *finder) longer(first *node) {
	triggers, spans := len(f.out.triggers), len(f.out.spans)
	f.follow(first, f.from+1)
	if found := f.out.triggers[triggers:]; len(found) > 1 {
		slices.SortFunc(found, compareTriggers)
		f.out.triggers = f.out.triggers[:triggers+len(slices.Compact(found))]
	}
	if found := f.out.spans[spans:]; len(found) > 1 {
		slices.SortFunc(found, compareSpans)
		found = slices.CompactFunc(found, func(a, b span) bool { return a.entry == b.entry && a.to == b.to })
		f.out.spans = f.out.spans[:spans+len(found)]
	}
}

// reach finds what ends at a node that the words up to i led to, and goes on from it.
func (f *finder) reach(at *node, i int) {
	for _, l := range at.labels {
		f.out.triggers = append(f.out.triggers, trigger{label: l, from: int32(f.from), to: int32(i)})
	}
	for _, e := range at.entries {
		f.out.spans = append(f.out.spans, span{entry: e, label: e.label, from: f.from, to: i})
	}
	f.follow(at, i)
}

// follow goes on from a node with the words from i on.
func (f *finder) follow(at *node, i int) {
	if at.sieve != 0 {
		f.next(at, i)
		for k := i; f.skips(k, i); k++ {
			f.next(at, k+1)
		}
	}
	for _, g := range at.gaps {
		if !g.to.within(f.present) {
			continue
		}
		end := i + g.words
		for k := i; k <= end; k++ {
			f.behind(g.to, k)
		}
		for k := end; f.skips(k, end); k++ {
			f.behind(g.to, k+1)
		}
	}
}

// skips says whether the word at k may stand unnamed, behind others from i on.
func (f *finder) skips(k, i int) bool {
	return k < i+maxSkips && k < len(f.tokens) && f.tokens[k].skip
}

// within says whether one of the words that the node goes on with is among these.
func (n *node) within(present set) bool {
	for _, e := range n.edges {
		if present.has(label(e.test)) {
			return true
		}
	}
	return false
}

// next goes on from a node with the word at i.
func (f *finder) next(at *node, i int) {
	f.steps++
	if i < len(f.tokens) && at.sieve&f.tokens[i].nextSieve != 0 {
		f.take(at, i, f.tokens[i].next)
	}
}

// behind goes on from a node that a gap led to with the word at i.
func (f *finder) behind(at *node, i int) {
	f.steps++
	if i < len(f.tokens) && at.sieve&f.tokens[i].gappedSieve != 0 {
		f.take(at, i, f.tokens[i].gapped)
	}
}

// take goes on from a node with what the word at i is there.
func (f *finder) take(at *node, i int, word answer) {
	if at.tests != nil {
		for _, c := range word.classes {
			if at.tests.has(label(c)) {
				for _, e := range at.after(c) {
					f.reach(e.to, i+1)
				}
			}
		}
		return
	}
	for _, e := range at.edges {
		if word.sieve&sieveOf(e.test) == 0 {
			continue
		}
		if _, fits := slices.BinarySearch(word.classes, e.test); fits {
			f.reach(e.to, i+1)
		}
	}
}
