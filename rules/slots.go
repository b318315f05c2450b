package rules

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// A salience is how much of an article is about an entity so far.
type salience struct {
	weight int // a mention counts 1, in the title 3
	last   int // sentence of the last mention
}

// resolve gives the antecedents of a sentence ("the chipmaker") the entity that they stand for: of those of their kind before them the one that the
// article is most about, where mentions in this sentence and the one before weigh more.
func (d *document) resolve(index int) {
	s := d.sentences[index]
	found := false
	for _, sp := range s.spans {
		kind, ok := d.language.antecedents[sp.label]
		if !ok {
			continue
		}
		if e := d.antecedent(index, sp, kind); e != nil && !d.named(s, sp, e) {
			s.spans = append(s.spans, span{label: kind, from: sp.from, to: sp.to, entry: sp.entry, entity: e, anaphor: true})
			found = true
		}
	}
	if found {
		s.index(d.language)
	}
	d.remember(index, s)
}

// named says whether the words of an antecedent are part of a name ("the agency" of "the agency for cybersecurity"), and so do
// not point back; a kind of goods points back to a product of that kind: "the chips".
func (d *document) named(s *sentence, sp span, e *Entity) bool {
	return slices.ContainsFunc(s.spans, func(o span) bool {
		return o.label <= itemLabel && !o.anaphor && o.from < sp.to && sp.from < o.to && !d.ruleset.descends(e, o.entity.Slug)
	})
}

// memory is how many sentences back a slot is looked for.
const memory = 3

func (d *document) antecedent(index int, sp span, kind label) *Entity {
	near := map[*Entity]int{}
	count := func(s *sentence, end, weight int) {
		for _, o := range s.spans {
			if o.label == kind && !o.aside && !d.isKind(o.entity) && o.to <= end {
				near[o.entity] += weight
			}
		}
	}
	if index > 0 {
		count(d.sentences[index-1], len(d.sentences[index-1].tokens), recent)
	}
	count(d.sentences[index], sp.from, recent+1)
	var best *Entity
	most := salience{}
	weigh := func(e *Entity, s salience) {
		s.weight += near[e]
		if s.weight > most.weight || s.weight == most.weight && (s.last > most.last || s.last == most.last && e.Slug < best.Slug) {
			best, most = e, s
		}
	}
	for e, s := range d.salient[kind] {
		weigh(e, s)
	}
	for e := range near {
		if _, known := d.salient[kind][e]; !known {
			weigh(e, salience{last: index})
		}
	}
	return best
}

// recent is how much more a mention in the same sentence or the one before weighs.
const recent = 2

// remember adds the mentions of a sentence to what the article is about.
func (d *document) remember(index int, s *sentence) {
	weight := 1
	if s.field == "title" {
		weight = 3
	}
	for _, o := range s.spans {
		if o.entity == nil || o.aside || d.isKind(o.entity) {
			continue
		}
		if d.salient[o.label] == nil {
			d.salient[o.label] = map[*Entity]salience{}
		}
		d.salient[o.label][o.entity] = salience{d.salient[o.label][o.entity].weight + weight, index}
	}
}

// A mention is an event with what merging needs to know of it.
type mention struct {
	Event
	order int // sentence
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
		name := d.language.names[sp.label]
		if !slices.Contains(e.Cues, name) {
			e.Cues = append(e.Cues, name)
		}
	}
	bound := 0
	fill := func(slot string, value func() ([]string, bool)) []string {
		if !TheOntology().has(e.Type, e.Status, slot) {
			return []string{}
		}
		values, near := value()
		if near {
			bound++
		}
		return values
	}
	authority := fill("authority", func() ([]string, bool) { return d.authority(m) })
	if len(authority) > 0 {
		e.Authority = authority[0]
	}
	e.Companies = fill("companies", func() ([]string, bool) { return d.entities(m, "companies", companyLabel) })
	e.Items = fill("items", func() ([]string, bool) { return d.entities(m, "items", itemLabel) })
	e.Destinations = fill("destinations", func() ([]string, bool) { return d.destinations(m, e.Authority, e.Companies) })
	e.Date = d.when(m)
	e.Current = !m.background && (m.recent || !past(cmp.Or(e.Date, m.sentence.era), d.published))
	e.Score = d.score(m, bound)
	return mention{e, m.index}
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

// places returns the sentences in which to look for a slot, nearest first: the match's own for its clause (place 0), the whole of it, those before, the
// title; behind the title the first sentences of the text.
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
				if _, in := slices.BinarySearch(m.clause, sp.from); !in {
					continue
				}
			}
			if !yield(sp) {
				return
			}
		}
	}
}

// entities fills a slot with the companies or items of the nearest place that has some.
func (d *document) entities(m *match, role string, kind label) (slugs []string, near bool) {
	var bound []*Entity
	for _, b := range m.fit.roles {
		if b.role == role && b.span.entity != nil {
			bound = append(bound, d.together(m.sentence, b.span)...)
		}
	}
	if len(bound) > 0 {
		return d.slugs(bound), true
	}
	if slices.Contains(m.rule.bound, role) {
		return []string{}, false
	}
	general := []string{}
	for i, s := range d.places(m) {
		var found []*Entity
		for sp := range m.spansAt(i, s) {
			if sp.label != kind || sp.aside || m.restsOn(i, sp) {
				continue
			}
			if i >= 2 && kind == companyLabel && s.field == "text" {
				found = d.together(s, sp) // the subject, most often
				break
			}
			found = append(found, sp.entity)
		}
		if len(found) == 0 {
			continue
		}
		// Beyond the sentence a kind of goods ("chips") gives way to the product that is meant.
		if i < 2 || !slices.ContainsFunc(found, d.isKind) {
			return d.slugs(found), i == 0
		}
		if len(general) == 0 {
			general = d.slugs(found)
		}
	}
	return general, false
}

// together returns the entity of a span and those that are named together with it: "Samsung, SK hynix and TSMC".
func (d *document) together(s *sentence, sp span) []*Entity {
	var same []span
	at := -1
	for _, o := range s.spans {
		if o.label != sp.label {
			continue
		}
		if o.from == sp.from && o.to == sp.to {
			at = len(same)
		}
		same = append(same, o)
	}
	out := []*Entity{sp.entity}
	for i := at; i > 0 && d.joined(s, same[i-1].to, same[i].from); i-- {
		out = append(out, same[i-1].entity)
	}
	for i := at; i >= 0 && i+1 < len(same) && d.joined(s, same[i].to, same[i+1].from); i++ {
		out = append(out, same[i+1].entity)
	}
	return out
}

// joined says whether only joining words, commas and countries stand between two places of a sentence.
func (d *document) joined(s *sentence, from, to int) bool {
	if to <= from {
		return false
	}
	joins := false
	for i := from; i < to; i++ {
		t := s.tokens[i]
		join := t.folded == "," || slices.ContainsFunc(s.at(i), func(o span) bool { return o.label == d.language.join })
		joins = joins || join
		if !join && !t.skip && !slices.ContainsFunc(s.at(i), func(o span) bool { return o.label == countryLabel || o.label == demonymLabel }) {
			return false
		}
	}
	return joins
}

// restsOn says whether a name of goods is also a word of the kind that the match rests on ("spyware"), and so not its item.
func (m *match) restsOn(place int, sp span) bool {
	return place < 2 && slices.ContainsFunc(m.sentence.spans, func(o span) bool {
		return o.label >= firstLexiconLabel && o.from < sp.to && sp.from < o.to &&
			slices.ContainsFunc(m.fit.spans, func(t span) bool { return t.label == o.label })
	})
}

// isKind says whether an item is a kind of goods, not a product.
func (d *document) isKind(e *Entity) bool { return d.ruleset.kinds[e.Slug] }

// slugs returns the slugs of the entities, sorted, without those that another one is a kind of.
func (d *document) slugs(entities []*Entity) []string {
	out := []string{}
	for _, e := range entities {
		general := slices.ContainsFunc(entities, func(o *Entity) bool { return o.Kind == "item" && d.ruleset.descends(o, e.Slug) })
		if !general && !slices.Contains(out, e.Slug) {
			out = append(out, e.Slug)
		}
	}
	slices.Sort(out)
	return out
}

// authority fills the slot with who may decide an event of that type, nearest first; a government gives way to the one of
// its departments that the article names for such acts.
func (d *document) authority(m *match) (slugs []string, near bool) {
	for _, b := range m.fit.roles {
		if b.role == "authority" && b.span.entity != nil {
			if e := d.ruleset.decider(b.span.entity); e != nil && (m.rule.authority == nil || m.rule.authority.Country == e.Country) {
				return []string{d.department(m, e).Slug}, true
			}
		}
	}
	for i, s := range d.places(m) {
		if i == 2 && m.rule.authority != nil {
			break
		}
		var best *Entity
		for sp := range m.spansAt(i, s) {
			if m.rule.authority != nil && sp.entity != nil && sp.entity.Country != m.rule.authority.Country {
				continue
			}
			if sp.label != authorityLabel || !slices.Contains(TheOntology().Types[m.kind].Authority, sp.entity.Class) {
				continue
			}
			if best == nil || d.ruleset.descends(sp.entity, best.Slug) {
				best = sp.entity
			}
		}
		if best != nil {
			return []string{d.department(m, best).Slug}, i == 0
		}
	}
	if m.rule.authority != nil {
		return []string{m.rule.authority.Slug}, true
	}
	return nil, false
}

func (d *document) department(m *match, e *Entity) *Entity {
	if slices.Contains(e.Acts, m.kind) {
		return e
	}
	best, distance := e, math.MaxInt
	for i, s := range d.sentences {
		for _, sp := range s.spans {
			if sp.label != authorityLabel || sp.entity.Country != e.Country || !slices.Contains(sp.entity.Acts, m.kind) {
				continue
			}
			if away := max(i-m.index, m.index-i); away < distance {
				best, distance = sp.entity, away
			}
		}
	}
	return best
}

// destinations fills the slot with the countries that the goods go to: those that the nearest place says so of, else those that the
// sentence names, but the country that decides. A list is aimed at the countries of those that it names.
func (d *document) destinations(m *match, authority string, companies []string) (codes []string, near bool) {
	var bound []string
	for _, b := range m.fit.roles {
		if b.role == "destinations" && b.span.entity != nil {
			for _, e := range d.together(m.sentence, b.span) {
				bound = append(bound, e.Country)
			}
		}
	}
	if len(bound) > 0 {
		slices.Sort(bound)
		return slices.Compact(bound), true
	}
	home := d.ruleset.Country(authority)
	if TheOntology().Types[m.kind].Home && home != "" {
		return []string{home}, true
	}
	if slices.Contains(m.rule.bound, "destinations") {
		return []string{}, false
	}
	if TheOntology().Types[m.kind].Parties && len(companies) > 0 {
		var found []string
		for _, slug := range companies {
			if c := d.ruleset.entities[slug]; c != nil && c.Country != "" && c.Country != home {
				found = append(found, c.Country)
			}
		}
		if len(found) > 0 {
			slices.Sort(found)
			return slices.Compact(found), true
		}
	}
	for _, certain := range []bool{true, false} {
		for i, s := range d.places(m) {
			if !certain && i >= 2 {
				break
			}
			found := []string{}
			for sp := range m.spansAt(i, s) {
				fits := sp.toward || !certain && sp.label == countryLabel
				if fits && !sp.aside && sp.entity.Country != home {
					found = append(found, sp.entity.Country)
				}
			}
			if len(found) > 0 {
				slices.Sort(found)
				return slices.Compact(found), i == 0
			}
		}
	}
	if most := d.market(home); most != "" {
		return []string{most}, false
	}
	return []string{}, false
}

// market returns the country that the article most often says goods go to; empty when it says none more than once, or several as often.
func (d *document) market(home string) string {
	count := map[string]int{}
	for _, s := range d.sentences {
		for _, sp := range s.spans {
			if sp.toward && !sp.aside && sp.entity.Country != home {
				count[sp.entity.Country]++
			}
		}
	}
	best, most := "", 1
	for country, n := range count {
		switch {
		case n > most:
			best, most = country, n
		case n == most:
			best = ""
		}
	}
	return best
}

// when takes the expression of time of the clause that is nearest to the match, else the only one of the sentence.
func (d *document) when(m *match) string {
	best, distance, count, only := "", math.MaxInt, 0, ""
	for _, sp := range m.sentence.spans {
		if sp.label != dateLabel {
			continue
		}
		count, only = count+1, sp.date
		if _, in := slices.BinarySearch(m.clause, sp.from); !in {
			continue
		}
		if away := max(sp.from-m.fit.to(), m.fit.from()-sp.to, 0); away < distance {
			best, distance = sp.date, away
		}
	}
	if best == "" && count == 1 {
		return only
	}
	return best
}
