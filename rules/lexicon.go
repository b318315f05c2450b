package rules

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"sync"
)

// A lexicon finds all terms of a language in one pass: a trie over word tests.
type lexicon struct {
	root   *node
	next   tests // those that stand in a term right behind a word
	gapped tests // those that stand behind a gap
	last   int32 // number of the last entry
	nodes  int32 // number of the last node
	spare  []node
	known  map[passage]*node // where sets of tests lead, while terms come in

	mu     sync.Mutex
	joined map[string]*node // nodes made of several, by their numbers: as many as there are combinations of terms that a word can begin
}

// tests says of word tests, by their numbers, whether they belong to it.
type tests []bool

func (t *tests) add(tests []int32) {
	for _, test := range tests {
		for len(*t) <= int(test) {
			*t = append(*t, false)
		}
		(*t)[test] = true
	}
}

func newLexicon() *lexicon {
	x := &lexicon{known: map[passage]*node{}, joined: map[string]*node{}}
	x.root = x.node()
	return x
}

// A node is where the words of some terms have led.
type node struct {
	sieve   sieve   // of the tests
	tests   []int32 // that terms go on with; 0: none, in a table
	to      []*node // where each of them leads
	gaps    []gap
	labels  []label  // of the lexicons that have a term that ends here, sorted
	entries []*entry // what else ends here
	count   int32    // of the tests
	number  int32
}

// manyTests is up to how many tests of a node are a list; more are a table, where each stands at the first free place from
// the one that its number gives it.
const manyTests = 8

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
	for _, steps := range readings {
		at := x.root
		for i, s := range steps {
			if s.gap > 0 {
				at = x.behind(at, int(s.gap))
				continue
			}
			tests := v.members(s.test)
			switch {
			case i == 0:
			case steps[i-1].gap > 0:
				x.gapped.add(tests)
			default:
				x.next.add(tests)
			}
			at = x.child(at, s.test, tests)
		}
		ends = append(ends, at)
	}
	return ends
}

// node returns a new one. They are made many at a time, to lie side by side.
func (x *lexicon) node() *node {
	if len(x.spare) == 0 {
		x.spare = make([]node, 64)
	}
	n := &x.spare[0]
	x.spare = x.spare[1:]
	x.nodes++
	n.number = x.nodes
	return n
}

// A passage leads from a node, by its number, to another by one of a set of tests.
type passage struct{ from, set int32 }

// child returns the node that a set of tests leads to: any of them does, so that a word is asked for nothing but itself.
func (x *lexicon) child(n *node, set int32, tests []int32) *node {
	to, known := x.known[passage{n.number, set}]
	if known {
		return to
	}
	to = x.node()
	x.known[passage{n.number, set}] = to
	n.reserve(len(tests))
	for _, test := range tests {
		n.put(test, to)
	}
	return to
}

// reserve makes room for more tests.
func (n *node) reserve(more int) {
	count := int(n.count) + more
	switch {
	case count <= manyTests:
		n.tests, n.to = slices.Grow(n.tests, more), slices.Grow(n.to, more)
	case 2*count > len(n.tests):
		tests, to := n.tests, n.to
		size := 2 << bits.Len(uint(count))
		n.tests, n.to = make([]int32, size), make([]*node, size)
		for i, test := range tests {
			if test != 0 {
				n.place(test, to[i])
			}
		}
	}
}

// put notes where a test leads, in room that is reserved.
func (n *node) put(test int32, to *node) {
	n.sieve |= sieveOf(test)
	n.count++
	if n.list() {
		n.tests, n.to = append(n.tests, test), append(n.to, to)
		return
	}
	n.place(test, to)
}

// list says whether the tests are a list.
func (n *node) list() bool { return len(n.tests) <= manyTests }

func (n *node) place(test int32, to *node) {
	i := n.first(test)
	for n.tests[i] != 0 {
		i = n.second(i)
	}
	n.tests[i], n.to[i] = test, to
}

// first returns the place of a table where a test stands, or else behind it.
func (n *node) first(test int32) int {
	h := uint32(test) * 0x9E3779B1
	return int(h^h>>15) & (len(n.tests) - 1)
}

// second returns the place behind another.
func (n *node) second(i int) int { return (i + 1) & (len(n.tests) - 1) }

// after appends the nodes that a test leads to: by itself, and as one of a set.
func (n *node) after(test int32, to []*node) []*node {
	if n.list() {
		for i, t := range n.tests {
			if t == test {
				to = append(to, n.to[i])
			}
		}
		return to
	}
	for i := n.first(test); n.tests[i] != 0; i = n.second(i) {
		if n.tests[i] == test {
			to = append(to, n.to[i])
		}
	}
	return to
}

// behind returns the node that a gap leads to.
func (x *lexicon) behind(n *node, words int) *node {
	if i := slices.IndexFunc(n.gaps, func(g gap) bool { return g.words == words }); i >= 0 {
		return n.gaps[i].to
	}
	to := x.node()
	n.gaps = append(n.gaps, gap{words, to})
	return to
}

// begin returns the lexicons and entries that a word with these classes is a term of by itself, and where the terms go
// on that begin with it; nil: there are none.
func (x *lexicon) begin(classes []int32) (triggers []label, alone []span, first *node) {
	var ways []*node
	for _, c := range classes {
		for _, n := range x.root.after(c, nil) {
			triggers = append(triggers, n.labels...)
			for _, e := range n.entries {
				if !slices.ContainsFunc(alone, func(s span) bool { return s.entry == e }) {
					alone = append(alone, span{entry: e, label: e.label, to: 1})
				}
			}
			if len(n.tests)+len(n.gaps) > 0 && !slices.Contains(ways, n) {
				ways = append(ways, n)
			}
		}
	}
	slices.Sort(triggers)
	slices.SortFunc(alone, compareSpans)
	return slices.Compact(triggers), alone, x.join(ways)
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
	more := 0
	for _, n := range nodes {
		more += int(n.count)
	}
	all.reserve(more)
	behind := map[int][]*node{}
	for _, n := range nodes {
		for i, test := range n.tests {
			if test != 0 {
				all.put(test, n.to[i])
			}
		}
		for _, g := range n.gaps {
			behind[g.words] = append(behind[g.words], g.to)
		}
	}
	for _, words := range slices.Sorted(maps.Keys(behind)) {
		all.gaps = append(all.gaps, gap{words, x.join(behind[words])})
	}
	x.mu.Lock()
	x.joined[string(key)] = all
	x.mu.Unlock()
	return all
}

// answer returns those of a word's classes that terms ask for, sorted, and their sieve.
func (asked tests) answer(classes []int32) (answer []int32, s sieve) {
	for _, c := range classes {
		if int(c) < len(asked) && asked[c] {
			answer = append(answer, c)
			s |= sieveOf(c)
		}
	}
	return answer, s
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
	tokens []token
	from   int // the word that the terms begin with
	out    findings
	steps  int // nodes looked at, for tests
}

// find appends every occurrence of every term in the sentence to out.
func (f *finder) find(tokens []token, out findings) findings {
	f.tokens, f.out = tokens, out
	for i := range tokens {
		t := &tokens[i]
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
		end := i + g.words
		f.behind(g.to, i, end)
		for k := end; f.skips(k, end); k++ {
			f.behind(g.to, k+1, k+1)
		}
	}
}

// skips says whether the word at k may stand unnamed, behind others from i on.
func (f *finder) skips(k, i int) bool {
	return k < i+maxSkips && k < len(f.tokens) && f.tokens[k].skip
}

// next goes on from a node with the word at i.
func (f *finder) next(at *node, i int) {
	f.steps++
	if i >= len(f.tokens) {
		return
	}
	if t := &f.tokens[i]; at.sieve&t.nextSieve != 0 {
		f.take(at, i, t.next)
	}
}

// behind goes on from a node that a gap led to with each of the words from i to another.
func (f *finder) behind(at *node, i, last int) {
	sieve := at.sieve
	for k := i; k <= last && k < len(f.tokens); k++ {
		f.steps++
		if t := &f.tokens[k]; sieve&t.gappedSieve != 0 {
			f.take(at, k, t.gapped)
		}
	}
}

// take goes on from a node with the word at i, which fits these tests.
func (f *finder) take(at *node, i int, fits []int32) {
	for _, test := range fits {
		if at.list() {
			for k, asked := range at.tests {
				if asked == test {
					f.reach(at.to[k], i+1)
				}
			}
			continue
		}
		for k := at.first(test); at.tests[k] != 0; k = at.second(k) {
			if at.tests[k] == test {
				f.reach(at.to[k], i+1)
			}
		}
	}
}
