package rules

import (
	"slices"
)

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
	if i >= len(f.tokens) || len(at.edges) == 0 {
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
