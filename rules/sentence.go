package rules

import (
	"slices"
	"strings"
	"time"

	"exportwatch/extract"
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

// A document is an article as the rules see it: its sentences, title first.
type document struct {
	ruleset    *Ruleset
	language   *language
	title      string
	text       string
	published  time.Time // the day, zero when unknown
	sentences  []*sentence
	grounds    []grounds // by paragraph
	has        set       // of all sentences
	piece      bool      // of an article: what an event needs besides may stand in the rest
	explaining bool      // rules whose conditions are not met are matched all the same, to say so
	room       *room
	salient    map[label]map[*Entity]salience // what it is about, by kind, up to the sentence that is being resolved
}

// A room holds what the reading of a document needs: its sentences, their tokens, and what is found in them. The next
// document of the language may use it again.
type room struct {
	sentences []*sentence
	grounds   []grounds
	own       grounds // of one sentence
	tokens    []token
	found     findings
	finder    finder
	matcher   matcher
	division  division
	has       set // of the document
	called    set // of patterns by their number, for one sentence
	mentions  []mention
}

// enter gives a document its room.
func (rs *Ruleset) enter(l *language) *room {
	if r, ok := l.rooms.Get().(*room); ok {
		return r
	}
	return &room{own: rs.newGrounds(), has: newSet(len(l.means)), called: newSet(len(l.patterns))}
}

// sentence returns the next sentence of the document, empty but for the room that it takes.
func (d *document) sentence() *sentence {
	n := len(d.sentences)
	if n == len(d.room.sentences) {
		d.room.sentences = append(d.room.sentences, &sentence{language: d.language, has: newSet(len(d.language.means)), matcher: &d.room.matcher})
	}
	s := d.room.sentences[n]
	*s = sentence{language: s.language, has: s.has, starts: s.starts, offsets: s.offsets, clauses: s.clauses, members: s.members, matcher: s.matcher}
	d.sentences = d.room.sentences[:n+1]
	return s
}

// groundsOf returns the grounds of a paragraph. Paragraphs are asked for in their order.
func (d *document) groundsOf(paragraph int) grounds {
	for n := len(d.grounds); n <= paragraph; n++ {
		if n == len(d.room.grounds) {
			d.room.grounds = append(d.room.grounds, d.ruleset.newGrounds())
		}
		d.grounds = d.room.grounds[:n+1]
		d.grounds[n].clear()
	}
	return d.grounds[paragraph]
}

// leave ends the use of the document.
func (d *document) leave() { d.language.rooms.Put(d.room) }

func (d *document) field(name string) string {
	if name == "title" {
		return d.title
	}
	return d.text
}

// composed is how many spans a sentence has room for besides those of the lexicon: dates, authorities, antecedents.
const composed = 8

// maxSentences bounds the work on one article; the longest articles of the trade press have about 300.
const maxSentences = 2000

// read finds all that the rules look at in an article.
func (rs *Ruleset) read(l *language, a extract.Article) *document {
	d := rs.scan(l, a)
	d.understand()
	return d
}

// scan finds the terms of the language in an article.
func (rs *Ruleset) scan(l *language, a extract.Article) *document {
	d := &document{
		ruleset: rs, language: l, title: a.Title, text: a.Text,
		room: rs.enter(l), salient: map[label]map[*Entity]salience{},
	}
	d.has = d.room.has
	if a.Published.Known() {
		d.published, _ = time.Parse(time.DateOnly, a.Published.Day)
	}
	paragraph := 0
	tokens, found := d.room.tokens[:0], findings{d.room.found.triggers[:0], d.room.found.spans[:0]}
	for _, field := range []string{"title", "text"} {
		text := d.field(field)
		last := 0
		for _, st := range l.split(text) {
			if len(d.sentences) == maxSentences {
				break
			}
			if field == "text" && (paragraph == 0 || strings.Contains(text[last:st.start], "\n")) {
				paragraph++
			}
			last = st.end
			s := d.sentence()
			s.field, s.stretch, s.paragraph = field, st, paragraph
			begin := len(tokens)
			tokens = l.tokenize(text, st.start, st.end, tokens)
			s.tokens = tokens[begin:len(tokens):len(tokens)]
			triggers, spans := len(found.triggers), len(found.spans)
			found = d.room.finder.find(s.tokens, found)
			s.triggers = found.triggers[triggers:]
			end := len(found.spans)
			found.spans = slices.Grow(found.spans, composed)[:end+composed]
			s.spans = found.spans[spans:end:len(found.spans)]
			d.groundsOf(paragraph).add(s.spans)
		}
	}
	d.room.tokens, d.room.found = tokens, found
	return d
}

// onTopic says whether the article has one of the terms without which the pack looks for no events.
func (d *document) onTopic() bool {
	topic := d.language.topic
	return len(topic) == 0 || slices.ContainsFunc(d.sentences, func(s *sentence) bool {
		return slices.ContainsFunc(s.triggers, func(t trigger) bool { return slices.Contains(topic, t.label) }) ||
			slices.ContainsFunc(s.spans, func(sp span) bool { return slices.Contains(topic, sp.label) })
	})
}

// understand decides what the terms stand for.
func (d *document) understand() {
	for _, s := range d.sentences {
		d.settle(s)
	}
	d.strangers()
	for _, s := range d.sentences {
		d.layOut(s)
	}
	d.date()
	d.gather()
	d.disambiguate()
	for i := range d.sentences {
		d.resolve(i)
	}
	d.gather()
}

// date tells each sentence when its story plays: a paragraph stays at the time that it named last.
func (d *document) date() {
	for i, s := range d.sentences {
		if i > 0 && d.sentences[i-1].paragraph == s.paragraph {
			s.era = d.sentences[i-1].era
		}
		for _, sp := range s.spans {
			if sp.label == dateLabel {
				s.era = sp.date
			}
		}
	}
}

// A mask is a sense of a word that no rule is about.
type mask struct {
	hides, own []label
}

func (l *language) isMask(s *span) bool { return l.means[s.label].mask != nil }

// disambiguate removes the words that have another sense in this article: one sense a discourse (Gale, Church
// and Yarowsky 1992).
func (d *document) disambiguate() {
	for _, id := range d.language.masks {
		m := d.language.means[id].mask
		if len(m.hides) == 0 || !d.has.has(id) || d.has.hasAny(m.own) {
			continue
		}
		for _, s := range d.sentences {
			if !s.has.hasAny(m.hides) {
				continue
			}
			s.triggers = slices.DeleteFunc(s.triggers, func(t trigger) bool { return slices.Contains(m.hides, t.label) })
			s.spans = slices.DeleteFunc(s.spans, func(sp span) bool { return slices.Contains(m.hides, sp.label) })
			s.index()
		}
	}
}

// gather tells which labels the article has.
func (d *document) gather() {
	clear(d.has)
	for _, s := range d.sentences {
		for i, word := range s.has {
			d.has[i] |= word
		}
	}
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
