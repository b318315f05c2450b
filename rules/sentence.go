package rules

import (
	"slices"
)

// A sentence of the title or the text, with all that was found in it.
type sentence struct {
	language  *language
	field     string // title, text
	stretch          // bytes of the field
	paragraph int    // the title is paragraph 0
	tokens    []token
	triggers  []trigger
	spans     []span
	starts    []int32 // of the triggers that begin with each token, and behind the last
	offsets   []int32 // of the spans, likewise
	has       set     // of both
	clauses   []clause
	members   []int // tokens of the clauses
	matcher   *matcher
	steps     int    // that patterns took, see maxSteps
	era       string // the date of the last expression of time in the paragraph up to here
}

// settle decides between spans that overlap.
func (d *document) settle(s *sentence) {
	l := d.language
	d.admit(s)
	s.hide(l)
	s.index()
	ahead := slices.ContainsFunc(s.spans, func(sp span) bool { q := l.means[sp.label].cue; return q != nil && q.category == lookingAhead })
	dates := l.times.dates(s, d.published, ahead)
	composed := s.compose(l, d.ruleset)
	for _, date := range dates {
		s.insert(date)
	}
	if composed || len(dates) > 0 {
		s.index()
	}
}

// layOut tells of the entities of a sentence who is named in passing and where goods go, and where its clauses are.
func (d *document) layOut(s *sentence) {
	l := d.language
	s.mark(l.bystanders, func(sp *span) { sp.aside = true })
	s.mark(l.destinations, func(sp *span) {
		// Of authorities only a capital is a place.
		sp.toward = sp.label != authorityLabel || sp.entity == d.ruleset.government(sp.entity.Country)
	})
	s.clauses = d.clauses(s)
}

// admit removes the ambiguous names whose condition does not hold.
func (d *document) admit(s *sentence) {
	if !slices.ContainsFunc(s.spans, func(sp span) bool { return len(sp.near)+len(sp.unless) > 0 }) {
		return
	}
	own := d.room.own
	own.clear()
	own.add(s.spans)
	s.spans = slices.DeleteFunc(s.spans, func(sp span) bool { return !d.admissible(s, sp.entry, own) })
}

// admissible says whether the condition of an ambiguous name holds; own are the grounds of its sentence.
func (d *document) admissible(s *sentence, e *entry, own grounds) bool {
	if slices.ContainsFunc(e.unless, own.hold) {
		return false
	}
	return len(e.near) == 0 || slices.ContainsFunc(e.near, d.grounds[s.paragraph].hold) || slices.ContainsFunc(e.near, d.grounds[0].hold)
}

// A mask is a sense of a word that no rule is about.
type mask struct {
	hides, own []label
}

func (l *language) isMask(s *span) bool { return l.means[s.label].mask != nil }

// hide removes what a longer span or trigger takes the place of. A single word hides nothing but by another sense.
func (s *sentence) hide(l *language) {
	s.hideTriggers(l)
	s.hideSpans(l)
}

// hideTriggers removes the triggers inside a longer one of their lexicon, a name, or a mask.
func (s *sentence) hideTriggers(l *language) {
	hid := false
	for i, o := range s.triggers {
		if o.to-o.from == 1 {
			continue
		}
		// Of those that begin with the same word the longest comes first.
		for j := i + 1; j < len(s.triggers) && s.triggers[j].from < o.to; j++ {
			if t := &s.triggers[j]; t.label == o.label && t.to <= o.to {
				t.hidden, hid = true, true
			}
		}
	}
	next := 0 // the first trigger that does not begin before the span
	for i := range s.spans {
		o := &s.spans[i]
		for next < len(s.triggers) && int(s.triggers[next].from) < o.from {
			next++
		}
		mask := l.isMask(o)
		if !mask && (o.label >= firstLexiconLabel || o.length() == 1) {
			continue
		}
		for j := next; j < len(s.triggers) && int(s.triggers[j].from) < o.to; j++ {
			// "Bureau of Industry and Security" tells of no security.
			if t := &s.triggers[j]; int(t.to) <= o.to && (mask || t.length() < o.length()) {
				t.hidden, hid = true, true
			}
		}
	}
	if hid {
		s.triggers = slices.DeleteFunc(s.triggers, func(t trigger) bool { return t.hidden })
	}
}

// hideSpans removes the spans whose place a longer one takes, and leaves one of those that two names of an entity give.
func (s *sentence) hideSpans(l *language) {
	s.spans = slices.CompactFunc(s.spans, func(a, b span) bool {
		return a.entity != nil && a.entity == b.entity && a.label == b.label && a.from == b.from && a.to == b.to
	})
	var hidden []int
	for i := range s.spans {
		o := &s.spans[i]
		if o.length() == 1 && !l.isMask(o) {
			continue
		}
		first := i
		for first > 0 && s.spans[first-1].from == o.from {
			first--
		}
		for j := first; j < len(s.spans) && s.spans[j].from < o.to; j++ {
			if sp := &s.spans[j]; j != i && sp.to <= o.to && l.hides(o, sp) {
				hidden = append(hidden, j)
			}
		}
	}
	if len(hidden) == 0 {
		return
	}
	slices.Sort(hidden)
	kept := s.spans[:hidden[0]]
	for i := hidden[0]; i < len(s.spans); i++ {
		if _, gone := slices.BinarySearch(hidden, i); !gone {
			kept = append(kept, s.spans[i])
		}
	}
	s.spans = kept
}

// hides says whether a longer span takes the place of one that it covers.
func (l *language) hides(o, s *span) bool {
	longer := o.length() > s.length()
	switch {
	case l.isMask(o):
		return !l.isMask(s)
	case o.label == s.label:
		return longer
	case o.label <= itemLabel && s.label < firstLexiconLabel:
		return longer // "US Commerce Department" names no country
	case o.label < firstLexiconLabel && o.label != dateLabel:
		return longer
	}
	q, hidden := l.means[o.label].cue, l.means[s.label].cue
	return longer && q != nil && hidden != nil && slices.Contains(q.hides, hidden.category) // "not yet" is no "not"
}

// insert puts a span in its place. The index is made anew later.
func (s *sentence) insert(sp span) {
	i, _ := slices.BinarySearchFunc(s.spans, sp, compareSpans)
	s.spans = slices.Insert(s.spans, i, sp)
}

// index tells where the triggers and spans of each token are, and what labels there are.
func (s *sentence) index() {
	clear(s.has)
	for i := range s.triggers {
		s.note(s.triggers[i].label)
	}
	for i := range s.spans {
		s.note(s.spans[i].label)
	}
	ends := len(s.tokens) + 2
	s.starts, s.offsets = slices.Grow(s.starts[:0], ends)[:ends], slices.Grow(s.offsets[:0], ends)[:ends]
	next := 0
	for token := range s.starts {
		for next < len(s.triggers) && int(s.triggers[next].from) < token {
			next++
		}
		s.starts[token] = int32(next)
	}
	next = 0
	for token := range s.offsets {
		for next < len(s.spans) && s.spans[next].from < token {
			next++
		}
		s.offsets[token] = int32(next)
	}
}

// note adds a label to those that the sentence has, with its groups.
func (s *sentence) note(l label) {
	if s.has.has(l) {
		return
	}
	s.has.add(l)
	for _, group := range s.language.groups[l] {
		s.has.add(group)
	}
}

// at returns the spans that begin with a token.
func (s *sentence) at(token int) []span {
	return s.spans[s.offsets[token]:s.offsets[token+1]]
}

// compose finds the authorities that a language names by country and noun, "Chinese regulators", and says whether there are.
func (s *sentence) compose(l *language, rs *Ruleset) bool {
	var found, parts []span
	for _, p := range l.governments {
		if !p.possible(s) {
			continue
		}
		for _, f := range p.fits(s, s.whole()) {
			for _, part := range f.spans {
				if part.label != countryLabel && part.label != demonymLabel {
					continue
				}
				e := rs.government(part.entity.Country)
				named := func(o span) bool { return o.label == authorityLabel && o.from <= f.from() && f.to() <= o.to }
				if e == nil || slices.ContainsFunc(s.spans, named) || slices.ContainsFunc(found, named) {
					continue
				}
				found = append(found, span{entry: &entry{label: authorityLabel, entity: e, term: part.term}, label: authorityLabel, from: f.from(), to: f.to()})
				parts = append(parts, part)
			}
		}
	}
	if len(found) == 0 {
		return false
	}
	s.spans = slices.DeleteFunc(s.spans, func(o span) bool { return slices.Contains(parts, o) })
	for _, sp := range found {
		s.insert(sp)
	}
	return true
}

// mark lets the patterns of a pack tell of the entities that they bind whether they are named in passing, or where goods go.
func (s *sentence) mark(patterns []*pattern, as func(*span)) {
	whole := s.whole()
	for _, p := range patterns {
		if !p.possible(s) {
			continue
		}
		for _, f := range p.fits(s, whole) {
			for _, b := range f.roles {
				for i := range s.spans {
					if s.spans[i] == b.span {
						as(&s.spans[i])
					}
				}
			}
		}
	}
}

// whole is the sentence as one clause.
func (s *sentence) whole() clause { return everyToken[:len(s.tokens):len(s.tokens)] }

// everyToken is the longest sentence as one clause, since a token has at least a byte.
var everyToken = func() clause {
	c := make(clause, maxSentence)
	for i := range c {
		c[i] = i
	}
	return c
}()

// clauses takes a sentence apart: a new clause begins at a break; a relative clause ends with the comma that follows
// it, and the one around it goes on.
func (d *document) clauses(s *sentence) []clause {
	out := s.clauses[:0]
	if !s.has.hasAny(d.language.breaks[:]) {
		return append(out, s.whole())
	}
	p := &d.room.division
	p.take(d.language, s)
	s.members = slices.Grow(s.members[:0], len(s.tokens))
	begin := 0
	for _, size := range p.sizes {
		out = append(out, s.members[begin:begin:begin+size])
		begin += size
	}
	for i, c := range p.of {
		out[c] = append(out[c], i)
	}
	return slices.DeleteFunc(out, func(c clause) bool { return len(c) == 0 })
}

// A division is the clauses of a sentence while it is taken apart.
type division struct {
	of     []int // of each token the clause that it is in
	sizes  []int // of each clause
	around []int // those around the current one
}

func (p *division) take(l *language, s *sentence) {
	p.of, p.sizes, p.around = p.of[:0], append(p.sizes[:0], 0), p.around[:0]
	current := 0
	start := func() {
		current = len(p.sizes)
		p.sizes = append(p.sizes, 0)
	}
	for i, t := range s.tokens {
		for _, sp := range s.at(i) {
			switch sp.label {
			case l.breaks[0]:
				p.around = p.around[:0]
				start()
			case l.breaks[1]:
				p.around = append(p.around, current)
				start()
			}
		}
		if last := len(p.around) - 1; last >= 0 && p.sizes[current] > 1 && t.punct && t.folded == "," {
			current = p.around[last]
			p.around = p.around[:last]
		}
		p.of = append(p.of, current)
		p.sizes[current]++
	}
}
