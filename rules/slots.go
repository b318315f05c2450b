package rules

import (
	"math"
	"slices"
	"strings"
)

// bound returns the entities that the pattern binds to a slot, with those that are named together with them.
func (d *document) bound(m *match, slot string) []*Entity {
	var out []*Entity
	for _, b := range m.fit.roles {
		if b.role == slot && b.span.entity != nil {
			out = append(out, d.together(m.sentence, b.span)...)
		}
	}
	return out
}

// companies fills the slot with those of the nearest place that has some. Those that goods go to are named for that, and
// fill it only where nobody else is named.
func (d *document) companies(m *match, items []string) (slugs []string, near bool) {
	if bound := d.bound(m, "companies"); len(bound) > 0 {
		return d.slugs(bound), true
	}
	t := TheOntology().Types[m.kind]
	makers := []string{}
	if t.Makers {
		makers = d.makers(items)
	}
	if slices.Contains(m.rule.bound, "companies") {
		return makers, false
	}
	var customers []*Entity
	for i, s := range d.places(m) {
		if i >= 2 && slices.Contains(t.Local, "companies") {
			break
		}
		var found []*Entity
		for sp := range m.spansAt(i, s) {
			if sp.label != companyLabel || sp.aside || m.restsOn(i, sp) {
				continue
			}
			if t.Market && sp.toward {
				if i < 2 {
					customers = append(customers, sp.entity)
				}
				continue
			}
			if i >= 2 && s.field == "text" {
				found = d.together(s, sp) // the subject, most often
				break
			}
			found = append(found, sp.entity)
		}
		if len(found) > 0 {
			return d.slugs(found), i == 0
		}
	}
	if len(makers) > 0 {
		return makers, false
	}
	if len(customers) > 0 {
		return d.slugs(customers), false
	}
	if t.Market {
		if e := d.principal(companyLabel, nil); e != nil {
			return []string{e.Slug}, false
		}
	}
	return []string{}, false
}

// items fills the slot with the goods of the nearest place that names some: the clause, the sentence, the one before; then
// with what the article is about, then with those of places further away. Beyond the sentence a kind of goods ("chips")
// gives way to the product that is meant.
func (d *document) items(m *match) (slugs []string, near bool) {
	if bound := d.bound(m, "items"); len(bound) > 0 {
		return d.slugs(d.meant(bound)), true
	}
	if slices.Contains(m.rule.bound, "items") {
		return []string{}, false
	}
	local := slices.Contains(TheOntology().Types[m.kind].Local, "items")
	var trades []*Entity // named in passing: "drone makers"
	for i, s := range d.places(m) {
		if i >= 2 && local {
			break
		}
		if i == 3 {
			if goods := d.goods(); len(goods) > 0 {
				return goods, false
			}
		}
		var found []*Entity
		for sp := range m.spansAt(i, s) {
			switch {
			case sp.label != itemLabel || m.restsOn(i, sp):
			case !sp.aside:
				found = append(found, sp.entity)
			case i == 1:
				trades = append(trades, sp.entity)
			}
		}
		if i >= 2 && len(found) == 1 && (d.general(found[0]) || m.sentence.field == "title" && d.isKind(found[0])) {
			continue // "chips" of another sentence may be any, where the article names others
		}
		if len(found) > 0 {
			return d.slugs(d.meant(found)), i == 0
		}
	}
	return d.slugs(trades), false
}

// goods returns the item that the article is most about, where a product counts a little more than a kind, and a kind of
// many kinds ("chips") nothing; none: it names each but once.
func (d *document) goods() []string {
	best, most := "", 3
	for e, s := range d.salient[itemLabel] {
		weight := 2 * s.weight
		if d.isKind(e) {
			weight--
		}
		if !d.general(e) && (weight > most || weight == most && e.Slug < best) {
			best, most = e.Slug, weight
		}
	}
	if best == "" {
		return []string{}
	}
	return []string{best}
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
	return place < 2 && slices.ContainsFunc(m.sentence.triggers, func(o trigger) bool {
		return int(o.from) < sp.to && sp.from < int(o.to) &&
			slices.ContainsFunc(m.fit.spans, func(t span) bool { return t.label == o.label })
	})
}

// isKind says whether an item is a kind of goods, not a product.
func (d *document) isKind(e *Entity) bool { return e.Kind == "item" && d.ruleset.kinds[e.Slug] }

// general says whether an item is a kind of many kinds ("chips") in an article that names other goods.
func (d *document) general(e *Entity) bool {
	return d.isKind(e) && len(e.Parents) == 0 && len(d.salient[itemLabel]) > 1
}

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
	t := TheOntology().Types[m.kind]
	for _, classes := range [][]string{t.Prefers[m.status], t.Authority} {
		for i, s := range d.places(m) {
			if i == 2 && m.rule.authority != nil {
				break
			}
			var best *Entity
			for sp := range m.spansAt(i, s) {
				if m.rule.authority != nil && sp.entity != nil && sp.entity.Country != m.rule.authority.Country {
					continue
				}
				if sp.label != authorityLabel || sp.toward || !sp.entity.isOne(classes) {
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
	}
	if m.rule.authority != nil {
		return []string{m.rule.authority.Slug}, true
	}
	if e := d.principal(authorityLabel, t.Authority); e != nil {
		return []string{e.Slug}, false
	}
	return nil, false
}

// principal returns the entity of a kind that the article is most about, of authorities one of these classes; nil: it
// names none.
func (d *document) principal(kind label, classes []string) *Entity {
	var best *Entity
	most := 0
	for e, s := range d.salient[kind] {
		fits := classes == nil || e.isOne(classes)
		if fits && (s.weight > most || s.weight == most && e.Slug < best.Slug) {
			best, most = e, s.weight
		}
	}
	return best
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

// destinations fills the slot with the countries that the goods go to: those that the nearest place says so of, else
// those that the sentence names, but the country that decides. A list is aimed at the countries of those that it
// names.
func (d *document) destinations(m *match, authority string, companies []string) (codes []string, near bool) {
	t := TheOntology().Types[m.kind]
	home := d.ruleset.Country(authority)
	if bound := countries(d.bound(m, "destinations"), ""); len(bound) > 0 {
		return bound, true
	}
	if t.Home && home != "" {
		return []string{home}, true
	}
	if slices.Contains(m.rule.bound, "destinations") {
		return []string{}, false
	}
	if t.Parties {
		var parties []*Entity
		for _, slug := range companies {
			parties = append(parties, d.ruleset.entities[slug])
		}
		if found := countries(parties, home); len(found) > 0 {
			return found, true
		}
	}
	local := slices.Contains(t.Local, "destinations")
	for _, certain := range []bool{true, false} {
		if !certain && local {
			break
		}
		for i, s := range d.places(m) {
			if i >= 2 && (local || !certain) {
				break
			}
			var found []*Entity
			for sp := range m.spansAt(i, s) {
				if sp.goesTo() || !certain && sp.label == countryLabel && !sp.aside {
					found = append(found, sp.entity)
				}
			}
			if codes := countries(found, home); len(codes) > 0 {
				return codes, i == 0
			}
		}
	}
	if local {
		return []string{}, false
	}
	most := d.market(home, span.goesTo)
	if most == "" && t.Market {
		most = d.market(home, func(sp span) bool { return (sp.label == countryLabel || sp.label == demonymLabel) && !sp.aside })
	}
	if most == "" {
		return []string{}, false
	}
	return []string{most}, false
}

// goesTo says whether goods go to what the span names.
func (s span) goesTo() bool { return s.toward && (!s.aside || s.label == companyLabel) }

// countries returns the countries of entities but for one, sorted.
func countries(entities []*Entity, but string) []string {
	var out []string
	for _, e := range entities {
		if e != nil && e.Country != "" && e.Country != but {
			out = append(out, e.Country)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// market returns the country that most of the spans in question name; empty when none is named more than once, or
// several as often.
func (d *document) market(home string, counts func(span) bool) string {
	count := map[string]int{}
	for _, s := range d.sentences {
		for _, sp := range s.spans {
			if sp.entity != nil && sp.entity.Country != home && counts(sp) {
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
		if !m.clause.holds(sp.from) {
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

// meant replaces a kind of goods by what the article is about: "chips" by a product or kind below it, "advanced chips"
// by another kind of chips that is named more often.
func (d *document) meant(entities []*Entity) []*Entity {
	out := slices.Clone(entities)
	for i, e := range out {
		if e.Kind != "item" || !d.isKind(e) {
			continue
		}
		best, most := e, 0
		if len(e.Parents) > 0 {
			most = d.salient[itemLabel][e].weight
		}
		for o, s := range d.salient[itemLabel] {
			if d.closer(o, e) && (s.weight > most || s.weight == most && best != e && o.Slug < best.Slug) {
				best, most = o, s.weight
			}
		}
		out[i] = best
	}
	return out
}

// closer says whether an item may be what a kind of goods stands for.
func (d *document) closer(o, kind *Entity) bool {
	if len(kind.Parents) > 0 {
		return o != kind && d.isKind(o) && slices.Equal(o.Parents, kind.Parents)
	}
	return slices.Contains(o.Parents, kind.Slug) || !d.isKind(o) && d.ruleset.descends(o, kind.Slug)
}

// makers returns the companies that the article names whose products the items are.
func (d *document) makers(items []string) []string {
	out := []string{}
	for e := range d.salient[companyLabel] {
		if slices.ContainsFunc(items, func(slug string) bool { return strings.HasPrefix(slug, e.Slug+"-") }) {
			out = append(out, e.Slug)
		}
	}
	slices.Sort(out)
	return out
}
