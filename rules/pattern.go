package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A pattern is what must stand in one clause: sequences of elements, which may come in any order where `&` parts them.
//
//	{grant} … {permit}         a span of one lexicon, then one of the other, at most eight words between
//	{permit} & {grant}         the same in any order, at most twelve words between
//	authority=<authority> …    an entity, bound to a role
//	<country>? {regulator}     an element that may be missing
type pattern struct {
	parts []sequence
	must  []label // of the elements that must be there: their label, or the group of them
}

type sequence []element

// An element fits a span with one of its labels, or is a gap.
type element struct {
	labels   []label
	role     string // of an entity: the slot that it fills
	optional bool
	gap      int // more than 0: up to that many words of any kind
}

// entity says whether the element is an <entity>, and so fits spans; a {lexicon} fits triggers.
func (e *element) entity() bool { return e.labels[0] < firstLexiconLabel }

// fits says whether a label is one of the element's, which mostly has a single one.
func (e *element) fits(l label) bool {
	return e.labels[0] == l || len(e.labels) > 1 && slices.Contains(e.labels[1:], l)
}

const (
	patternGap   = 8  // words that an ellipsis in a pattern spans
	unorderedGap = 12 // words between the parts of an unordered pattern
)

func (l *language) parsePattern(text string) (*pattern, error) {
	p := new(pattern)
	for part := range strings.SplitSeq(text, "&") {
		var seq sequence
		for word := range strings.FieldsSeq(part) {
			e, err := l.parseElement(word)
			if err != nil {
				return p, fmt.Errorf("pattern %q: %w", text, err)
			}
			seq = append(seq, e)
		}
		if err := seq.check(); err != nil {
			return p, fmt.Errorf("pattern %q: %w", text, err)
		}
		p.parts = append(p.parts, seq)
	}
	return p, nil
}

func (s sequence) check() error {
	if len(s) == 0 {
		return errors.New("an empty part")
	}
	first, last := s[0], s[len(s)-1]
	if first.gap > 0 || last.gap > 0 || first.optional {
		return errors.New("a part must begin with an element that cannot be missing and end with an element")
	}
	return nil
}

func (l *language) parseElement(word string) (element, error) {
	if gap, ok, err := parseGap(word, patternGap); ok || err != nil {
		return element{gap: gap}, err
	}
	var e element
	word, e.optional = strings.CutSuffix(word, "?")
	if role, rest, ok := strings.Cut(word, "="); ok {
		if !slices.Contains(roleNames, role) {
			return e, fmt.Errorf("%q: no such role: it is one of %s", role, strings.Join(roleNames, ", "))
		}
		e.role, word = role, rest
	}
	switch {
	case strings.HasPrefix(word, "{") && strings.HasSuffix(word, "}"):
		for name := range strings.SplitSeq(word[1:len(word)-1], "|") {
			id, ok := l.lexiconLabel(name)
			if !ok {
				return e, fmt.Errorf("{%s}: no such lexicon in this language%s", name, l.suggest(name))
			}
			e.labels = append(e.labels, id)
		}
	case strings.HasPrefix(word, "<") && strings.HasSuffix(word, ">"):
		for name := range strings.SplitSeq(word[1:len(word)-1], "|") {
			id, ok := entityLabel(name)
			if !ok {
				return e, fmt.Errorf("<%s>: no such kind of entity: it is one of %s", name, strings.Join(entityKinds, ", "))
			}
			e.labels = append(e.labels, id)
		}
	default:
		return e, fmt.Errorf("%q: an element is {lexicon}, <entity> or …", word)
	}
	if e.role != "" && !strings.HasPrefix(word, "<") {
		return e, fmt.Errorf("%q: only an <entity> fills a role", word)
	}
	return e, nil
}

// A clause is the tokens of a sentence that belong together, by their index; a relative clause inside is left out.
type clause []int

// holds says whether a token is one of the clause.
func (c clause) holds(token int) bool {
	_, in := c.number(token)
	return in
}

// number returns how many tokens of the clause stand before a token, and whether it is one itself.
func (c clause) number(token int) (int, bool) {
	if len(c) > 0 && c[len(c)-1]-c[0] == len(c)-1 { // nothing is left out, as in most
		at := min(max(token-c[0], 0), len(c))
		return at, at < len(c) && c[at] == token
	}
	return slices.BinarySearch(c, token)
}

// reaches says whether the clause has all tokens from its token number at up to another.
func (c clause) reaches(at, to int) bool {
	last := at + to - c[at] - 1
	return last < len(c) && c[last] == to-1
}

// A fit is a place where a pattern stands: the spans of its elements, and the roles that it binds.
type fit struct {
	spans []span
	roles []binding
}

type binding struct {
	role string
	span span
}

func (f fit) from() int {
	return slices.MinFunc(f.spans, func(a, b span) int { return a.from - b.from }).from
}

func (f fit) to() int { return slices.MaxFunc(f.spans, func(a, b span) int { return a.to - b.to }).to }

// possible says whether the sentence has something for each element that must be there.
func (p *pattern) possible(s *sentence) bool {
	for _, l := range p.must {
		if !s.has.has(l) {
			return false
		}
	}
	return true
}

// closePatterns notes what must be there for each of them, when all labels are known.
func (l *language) closePatterns() {
	l.groups = make([][]label, len(l.means))
	groups := map[string]label{}
	for _, patterns := range [][]*pattern{l.governments, l.bystanders, l.destinations, l.namer.patterns, l.namer.persons} {
		for _, p := range patterns {
			l.close(p, groups)
		}
	}
	for _, r := range l.rules {
		for _, p := range r.patterns {
			l.close(p, groups)
		}
	}
}

// close notes what must be there, what likely occurs least first.
func (l *language) close(p *pattern, groups map[string]label) {
	cost := map[label]float64{}
	for _, seq := range p.parts {
		for _, e := range seq {
			if e.gap > 0 || e.optional {
				continue
			}
			must := l.group(e.labels, groups)
			cost[must] = l.cost(e)
			p.must = append(p.must, must)
		}
	}
	slices.SortStableFunc(p.must, func(a, b label) int { return cmp.Compare(cost[a], cost[b]) })
}

// group returns the label that stands for any of several: a sentence that has one of them has the group.
func (l *language) group(labels []label, groups map[string]label) label {
	if len(labels) == 1 {
		return labels[0]
	}
	name := l.list(labels)
	id, known := groups[name]
	if !known {
		id = l.newLabel(name)
		groups[name] = id
		for _, member := range labels {
			l.groups[member] = append(l.groups[member], id)
		}
	}
	return id
}

// maxSteps bounds how often the patterns of all rules are tried in one sentence. A sentence of nothing but the words
// that rules look for has more fits than can be looked at; those of the rules with the highest priority are.
const maxSteps = 50_000

// step counts one try and says whether it may be made.
func (s *sentence) step() bool {
	s.steps++
	return s.steps <= maxSteps
}

// fits returns the fits of the pattern in a clause of the sentence, each set of spans once: all of them as long as the
// sentence has steps left. They hold until the next call.
func (p *pattern) fits(s *sentence, c clause) []fit {
	m := s.matcher
	m.sentence, m.clause = s, c
	m.out, m.kept, m.bound = m.out[:0], m.kept[:0], m.bound[:0]
	m.among(p.parts[0], 0, len(c))
	from := 0 // of the fits so far
	for _, seq := range p.parts[1:] {
		found := len(m.out)
		if found == from {
			return nil
		}
		m.among(seq, 0, len(c))
		all := len(m.out)
		if !m.combine(from, found, all) {
			return m.out[all:]
		}
		from = all
	}
	return m.out[from:]
}

// combine puts the fits [from, found) together with those of the next sequence, [found, all). It says whether there were
// steps for all of them.
func (m *matcher) combine(from, found, all int) bool {
	for i := from; i < found; i++ {
		for j := found; j < all; j++ {
			if !m.step() {
				return false
			}
			if a, b := m.out[i], m.out[j]; within(a, b, m.clause, unorderedGap) {
				m.keep(a, b)
			}
		}
	}
	return true
}

// keep notes a fit that is made of others.
func (m *matcher) keep(parts ...fit) {
	spans, roles := len(m.kept), len(m.bound)
	for _, f := range parts {
		m.kept = append(m.kept, f.spans...)
		m.bound = append(m.bound, f.roles...)
	}
	m.out = append(m.out, fit{m.kept[spans:len(m.kept):len(m.kept)], m.bound[roles:len(m.bound):len(m.bound)]})
}

// within says whether two fits stand apart, and by at most that many words of the clause.
func within(a, b fit, c clause, gap int) bool {
	if a.from() > b.from() {
		a, b = b, a
	}
	if a.to() > b.from() {
		return false
	}
	return c.between(a.to(), b.from()) <= gap
}

// between counts the tokens of the clause in [from, to).
func (c clause) between(from, to int) int {
	i, _ := c.number(from)
	j, _ := c.number(to)
	return j - i
}

// A matcher follows a sequence through the clause of a sentence and goes back where it cannot go on. It is used again.
type matcher struct {
	*sentence
	clause clause
	fit    fit       // so far
	out    []fit     // found
	kept   []span    // by those
	bound  []binding // by those
}

// follow matches the rest of a sequence from the clause's token number at on.
func (m *matcher) follow(seq sequence, at int) {
	if len(seq) == 0 {
		m.keep(m.fit)
		return
	}
	e, rest := &seq[0], seq[1:]
	if e.gap > 0 {
		m.among(rest, at, at+e.gap+1)
		return
	}
	m.here(seq, at)
	// Words such as articles may stand between two elements, but not before the first.
	for k := at; len(m.fit.spans) > 0 && k < min(at+maxSkips, len(m.clause)) && m.tokens[m.clause[k]].skip; k++ {
		m.here(seq, k+1)
	}
	if e.optional {
		m.follow(rest, at)
	}
}

// here matches a sequence at the clause's token number at.
func (m *matcher) here(seq sequence, at int) { m.among(seq, at, at+1) }

// among matches a sequence at each of the clause's tokens [from, to), by their numbers.
func (m *matcher) among(seq sequence, from, to int) {
	to = min(to, len(m.clause))
	if from >= to {
		return
	}
	e := &seq[0]
	first, last := m.clause[from], m.clause[to-1]
	if e.entity() {
		for _, sp := range m.spans[m.offsets[first]:m.offsets[last+1]] {
			if e.fits(sp.label) {
				m.take(seq, sp)
			}
		}
		return
	}
	for _, t := range m.triggers[m.starts[first]:m.starts[last+1]] {
		if e.fits(t.label) {
			m.take(seq, t.span())
		}
	}
}

// take fits a span to the first element of a sequence, and matches the rest.
func (m *matcher) take(seq sequence, sp span) {
	at, inside := m.clause.number(sp.from)
	if !inside || !m.clause.reaches(at, sp.to) || !m.step() {
		return
	}
	before := m.fit
	m.fit.spans = append(m.fit.spans, sp)
	if role := seq[0].role; role != "" {
		m.fit.roles = append(m.fit.roles, binding{role, sp})
	}
	m.follow(seq[1:], at+sp.length())
	m.fit.spans, m.fit.roles = m.fit.spans[:len(before.spans)], m.fit.roles[:len(before.roles)]
}
