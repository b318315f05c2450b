package rules

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// memory is how many sentences back a slot is looked for.
const memory = 3

// A mention is an event with what merging needs to know of it.
type mention struct {
	Event
	order int             // sentence
	own   map[string]bool // the slots that its own clause fills
}

// fills says whether the slot holds something.
func (m mention) fills(slot string) bool {
	switch slot {
	case "companies":
		return len(m.Companies) > 0
	case "authority":
		return m.Authority != ""
	case "items":
		return len(m.Items) > 0
	}
	return len(m.Destinations) > 0
}

// mention fills the slots of a match.
func (d *document) mention(m *match) mention {
	e := Event{
		Type: m.kind, Status: m.status, Attribution: m.attribution, Rule: m.rule.id,
		Evidence: Evidence{Field: m.sentence.field, Start: m.sentence.start, End: m.sentence.end},
	}
	e.Evidence.Quote = d.field(e.Evidence.Field)[e.Evidence.Start:e.Evidence.End]
	for _, sp := range m.cues {
		name := d.language.means[sp.label].name
		if !slices.Contains(e.Cues, name) {
			e.Cues = append(e.Cues, name)
		}
	}
	own := map[string]bool{}
	fill := func(slot string, value func() ([]string, bool)) []string {
		if !TheOntology().has(e.Type, e.Status, slot) {
			return []string{}
		}
		values, near := value()
		if near && len(values) > 0 && (m.sentence.field == "text" || len(d.bound(m, slot)) > 0) {
			own[slot] = true
		}
		return values
	}
	authority := fill("authority", func() ([]string, bool) { return d.authority(m) })
	if len(authority) > 0 {
		e.Authority = authority[0]
	}
	e.Items = fill("items", func() ([]string, bool) { return d.items(m) })
	e.Companies = fill("companies", func() ([]string, bool) { return d.companies(m, e.Items) })
	e.Destinations = fill("destinations", func() ([]string, bool) { return d.destinations(m, e.Authority, e.Companies) })
	e.Date = d.when(m)
	e.Current = !m.background && (m.recent || !past(cmp.Or(e.Date, m.sentence.era), d.published))
	e.Score = d.score(m, len(own))
	return mention{e, m.index, own}
}

// score ranks mentions of one event: those that fill more slots from their own clause, that name rather than point
// back, that the text tells rather than the title.
func (d *document) score(m *match, bound int) float64 {
	score := 0.5 + 0.08*float64(bound)
	if m.sentence.field == "text" {
		score += 0.08
	}
	if !m.background {
		score += 0.04
	}
	if m.attribution != "opinion" {
		score += 0.04
	}
	return math.Round(min(score, 0.99)*100) / 100
}

// places returns the sentences in which to look for a slot, nearest first: the match's own for its clause (place 0), the
// whole of it, those before, the title; behind the title the first sentences of the text.
func (d *document) places(m *match) iter.Seq2[int, *sentence] {
	return func(yield func(int, *sentence) bool) {
		if !yield(0, m.sentence) || !yield(1, m.sentence) {
			return
		}
		place := 2
		step, last := -1, max(0, m.index-memory)
		if m.sentence.field == "title" { // which the lede takes up
			step, last = 1, min(m.index+memory, len(d.sentences)-1)
		}
		for i := m.index + step; i*step <= last*step; i += step {
			if !yield(place, d.sentences[i]) {
				return
			}
			place++
		}
		if m.sentence.field == "text" {
			yield(place, d.sentences[0])
		}
	}
}

// spansAt goes through the spans of a place: of the first, those of the clause alone.
func (m *match) spansAt(place int, s *sentence) iter.Seq[span] {
	return func(yield func(span) bool) {
		for _, sp := range s.spans {
			if place == 0 {
				if !m.clause.holds(sp.from) {
					continue
				}
			}
			if !yield(sp) {
				return
			}
		}
	}
}
