package rules

import (
	"slices"
	"strings"
)

// A rule finds events of one type and status.
type rule struct {
	id           string
	file         string
	def          ruleDef
	kind, status string
	patterns     []*pattern
	sentence     bool     // patterns range over the sentence, not the clause
	near         []label  // one of these in the paragraph, the sentences beside or the title; none: no condition
	with         []label  // one of these in the sentence; none: no condition
	about        []label  // one of these in the article; none: no condition
	nowhere      []label  // none of these in the article
	bound        []string // slots that only roles of the pattern fill
	authority    *Entity  // who acts where the sentence names nobody of that country; nil: nobody
	unless       []label  // none of these in the clause
	priority     int
	effects      map[string]effect // by category of cue
}

const defaultPriority = 50

// A cue is one entry of a pack's cues: where its words reach.
type cue struct {
	category string
	scope    string   // after, before, around, sentence
	reach    int      // words; 0: to the end of the clause
	hides    []string // categories
	unless   label    // makes it void where it stands before; 0: nothing does
	until    label    // ends the scope; 0: nothing does but the clause
}

// lookingAhead is the category of cues that tell of what is to come: dates without a year then lie ahead.
const lookingAhead = "future"

// An effect is what a category of cues does to an event.
type effect struct {
	name         string
	kind, status string // of the event that it becomes
}

const becomes = "event"

var effectNames = []string{"drop", "keep", "background", "current", "official", "reported", "opinion"}

// A match is a rule that fits a sentence, before it becomes an event.
type match struct {
	rule         *rule
	index        int // of the sentence in the document
	sentence     *sentence
	clause       clause
	fit          fit
	kind, status string
	cues         []span // those whose scope reaches the match
	mention      mention
	held         string // why there is no event; empty: there is one
	background   bool
	recent       bool
	attribution  string // empty: the text does not say whose word it is
}

// matches returns the matches of a sentence, those that were held back with the reason.
func (d *document) matches(index int, s *sentence) []*match {
	var out []*match
	var patterns []*pattern // of a rule
	whole := [1]clause{s.whole()}
	try := func(r *rule) {
		lacks := d.lacks(r, index)
		if lacks.what != "" && !d.explaining {
			return
		}
		clauses := s.clauses
		if r.sentence {
			clauses = whole[:]
		}
		for _, c := range clauses {
			if f, ok := best(patterns, s, c); ok {
				out = append(out, &match{rule: r, index: index, sentence: s, clause: c, fit: f, kind: r.kind, status: r.status, held: d.why(lacks)})
			}
		}
	}
	var last *rule
	for number := range d.candidates(s).all {
		p := &d.language.patterns[number]
		if !p.pattern.possible(s) {
			continue
		}
		if p.rule != last && len(patterns) > 0 {
			try(last)
			patterns = patterns[:0]
		}
		last = p.rule
		patterns = append(patterns, p.pattern)
	}
	if len(patterns) > 0 {
		try(last)
	}
	for _, m := range out {
		if m.held == "" && m.excluded() {
			m.held = d.why(lack{"excluded by", m.rule.unless})
		}
	}
	for i, m := range out {
		if m.held != "" {
			continue
		}
		// Rules are sorted by priority, so the stronger comes first.
		for _, o := range out[:i] {
			if o.kind == m.kind && (o.held == "" || o.priority() > m.priority()) && o.held != weaker && !o.conditional() && o.overlaps(m) {
				m.held = weaker
				break
			}
		}
	}
	for _, m := range out {
		if m.held == "" {
			d.applyCues(m)
		}
		if m.held != "" {
			continue
		}
		m.mention = d.mention(m)
		m.held = d.needs(m)
	}
	return out
}

// needs says which of the slots that an event of its type must have are open; empty: none. A piece of an article need
// only name something.
func (d *document) needs(m *match) string {
	needs := TheOntology().Types[m.kind].Needs
	if d.piece && len(needs) > 1 {
		needs = []string{strings.Join(roleNames, "|")}
	} else if d.piece {
		needs = nil
	}
	for _, need := range needs {
		if !slices.ContainsFunc(strings.Split(need, "|"), m.mention.fills) {
			return "nothing says: " + need
		}
	}
	return ""
}

const weaker = "a stronger rule fits the same words"

func (m *match) priority() int { return m.rule.priority }

// conditional says whether the match failed a condition of its rule, and so takes no part.
func (m *match) conditional() bool { return m.held != "" && m.held != weaker }

func (m *match) overlaps(o *match) bool {
	for _, a := range m.fit.spans {
		if a.label < firstLexiconLabel {
			continue
		}
		for _, b := range o.fit.spans {
			if b.label >= firstLexiconLabel && a.from < b.to && b.from < a.to {
				return true
			}
		}
	}
	return false
}

// candidates returns the numbers of the patterns that the words of a sentence call for, those of the strongest rules first:
// of each one element that must be there is watched, so that patterns cost nothing where none of its words occurs, and
// next to nothing where another one has none.
func (d *document) candidates(s *sentence) set {
	called := d.room.called
	clear(called)
	for label := range s.has.all {
		for _, w := range d.language.watched[label] {
			if s.has.has(w.with) {
				called.add(w.pattern)
			}
		}
	}
	return called
}

// A ruled pattern is one of a rule.
type ruled struct {
	*rule
	pattern *pattern
}

// A watch is a pattern that a label calls for where the sentence has another one too.
type watch struct {
	pattern label // its number
	with    label
}

// watch lets each pattern be called by the two of its elements that likely occur least.
func (l *language) watch() {
	l.watched = make([][]watch, len(l.means))
	for _, r := range l.rules {
		for _, p := range r.patterns {
			first, second := p.must[0], p.must[min(1, len(p.must)-1)]
			l.watched[first] = append(l.watched[first], watch{label(len(l.patterns)), second})
			l.patterns = append(l.patterns, ruled{r, p})
		}
	}
}

func (l *language) cost(e element) float64 {
	c := 0.0
	for _, label := range e.labels {
		if label < firstLexiconLabel {
			return 3 // names are many
		}
		c += l.means[label].weight
	}
	return c
}

// best returns the fit of the patterns in a clause that binds the most roles, of those the tightest.
func best(patterns []*pattern, s *sentence, c clause) (fit, bool) {
	var best fit
	for _, p := range patterns {
		for _, f := range p.fits(s, c) {
			if best.spans == nil || len(f.roles) > len(best.roles) || len(f.roles) == len(best.roles) && f.to()-f.from() < best.to()-best.from() {
				best = f.clone()
			}
		}
	}
	return best, best.spans != nil
}

func (f fit) clone() fit { return fit{slices.Clone(f.spans), slices.Clone(f.roles)} }

// A lack is a condition of a rule that a sentence or its article does not meet.
type lack struct {
	what   string // empty: all are met
	labels []label
}

func (d *document) lacks(r *rule, index int) lack {
	s := d.sentences[index]
	switch {
	case len(r.with) > 0 && !s.has.hasAny(r.with):
		return lack{"not in the sentence", r.with}
	case len(r.near) > 0 && !slices.ContainsFunc(d.around(index), func(o *sentence) bool { return o.has.hasAny(r.near) }) && !d.sentences[0].has.hasAny(r.near):
		return lack{"nothing near", r.near}
	case len(r.about) > 0 && !d.has.hasAny(r.about):
		return lack{"the article is not about", r.about}
	case d.has.hasAny(r.nowhere):
		return lack{"the article has", r.nowhere}
	}
	return lack{}
}

// around returns the sentence with those of its paragraph, and at least the one before and the one behind it.
func (d *document) around(index int) []*sentence {
	from, to := max(index-1, 0), min(index+2, len(d.sentences))
	for from > 0 && d.sentences[from-1].paragraph == d.sentences[index].paragraph {
		from--
	}
	for to < len(d.sentences) && d.sentences[to].paragraph == d.sentences[index].paragraph {
		to++
	}
	return d.sentences[from:to]
}

// why tells of a lack; the words that it is about are written out where somebody reads them.
func (d *document) why(k lack) string {
	if k.what == "" || !d.explaining {
		return k.what
	}
	return k.what + ": " + d.language.list(k.labels)
}

// excluded says whether the clause has what the rule must not stand beside.
func (m *match) excluded() bool {
	s, unless := m.sentence, m.rule.unless
	return s.has.hasAny(unless) &&
		(slices.ContainsFunc(s.triggers, func(t trigger) bool { return slices.Contains(unless, t.label) && m.clause.holds(int(t.from)) }) ||
			slices.ContainsFunc(s.spans, func(sp span) bool { return slices.Contains(unless, sp.label) && m.clause.holds(sp.from) }))
}

// applyCues lets the cues of the sentence act on a match.
func (d *document) applyCues(m *match) {
	act := func(category string) {
		switch e := m.rule.effects[category]; e.name {
		case "drop":
			m.held = category
		case "background":
			m.background = true
		case "current":
			m.recent = true
		case "official", "reported", "opinion":
			m.attribution = stronger(m.attribution, e.name)
		case becomes:
			m.kind, m.status = e.kind, e.status
		}
	}
	for _, sp := range m.sentence.spans {
		q := d.language.means[sp.label].cue
		if q == nil || !q.reaches(sp, m) {
			continue
		}
		m.cues = append(m.cues, sp)
		act(q.category)
	}
	if m.sentence.asks() {
		act("question")
	}
}

// stronger returns which of two attributions holds: an opinion stays one whoever tells it, and what the authority or company
// itself says is more than a report.
func stronger(a, b string) string {
	for _, s := range []string{"opinion", "official", "reported"} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}

// asks says whether the sentence ends with a question mark.
func (s *sentence) asks() bool {
	for i := len(s.tokens) - 1; i >= 0 && s.tokens[i].punct; i-- {
		if s.tokens[i].cased == "?" {
			return true
		}
	}
	return false
}

// reaches says whether the scope of a cue holds one of the words that the match rests on.
func (q *cue) reaches(sp span, m *match) bool {
	for _, t := range m.fit.spans {
		if t.covers(sp) {
			return false // the rule has taken it into account
		}
	}
	if q.unless != 0 && slices.ContainsFunc(m.sentence.spans, func(o span) bool { return o.label == q.unless && o.to <= sp.from }) {
		return false
	}
	if q.scope == "sentence" {
		return true
	}
	if !m.clause.holds(sp.from) {
		return false
	}
	for _, t := range m.fit.spans {
		if t.label < firstLexiconLabel {
			continue
		}
		after := t.from >= sp.to && q.scope != "before" && q.open(m, sp.to, t.from)
		before := t.to <= sp.from && q.scope != "after" && q.open(m, t.to, sp.from)
		if after || before {
			return true
		}
	}
	return false
}

// open says whether the scope is not closed between two places of the clause.
func (q *cue) open(m *match, from, to int) bool {
	if q.reach > 0 && m.clause.between(from, to) > q.reach {
		return false
	}
	return q.until == 0 || !slices.ContainsFunc(m.sentence.spans, func(sp span) bool {
		return sp.label == q.until && sp.from >= from && sp.from < to
	})
}

func (l *language) list(labels []label) string {
	var out strings.Builder
	for i, id := range labels {
		if i > 0 {
			out.WriteString(", ")
		}
		out.WriteString(l.means[id].name)
	}
	return out.String()
}
