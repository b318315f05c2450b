package rules

import (
	"slices"
)

// A salience is how much of an article is about an entity so far.
type salience struct {
	weight int // a mention counts 1, in the title 3
	last   int // sentence of the last mention
}

// resolve gives the antecedents of a sentence ("the chipmaker") the entity that they stand for: of those of their kind
// before them the one that the article is most about, where mentions in this sentence and the one before weigh more.
func (d *document) resolve(index int) {
	s := d.sentences[index]
	var found []span
	for _, sp := range s.spans {
		means := &d.language.means[sp.label]
		if !means.pointing {
			continue
		}
		kind := means.pointsTo
		if s.apposed(sp, kind) {
			continue
		}
		if e := d.antecedent(index, sp, means); e != nil && !d.named(s, sp, e) {
			found = append(found, span{entry: &entry{label: kind, entity: e, term: sp.term}, label: kind, from: sp.from, to: sp.to, anaphor: true})
		}
	}
	for _, sp := range found {
		s.insert(sp)
	}
	if len(found) > 0 {
		s.index()
	}
	d.remember(index, s)
}

// named says whether the words of an antecedent are part of a name ("the agency" of "the agency for cybersecurity"),
// and so do not point back; a kind of goods points back to a product of that kind ("the chips"), and tells what a company
// makes: "the drone maker".
func (d *document) named(s *sentence, sp span, e *Entity) bool {
	return slices.ContainsFunc(s.spans, func(o span) bool {
		trade := o.label == itemLabel && e.Kind == "company" && sp.covers(o)
		return o.label <= itemLabel && !o.anaphor && o.from < sp.to && sp.from < o.to && !trade && !d.ruleset.descends(e, o.entity.Slug)
	})
}

// apposed says whether a name stands beside the words: "the chipmaker Intel", "Huawei, the Chinese group,".
func (s *sentence) apposed(sp span, kind label) bool {
	return slices.ContainsFunc(s.spans, func(o span) bool {
		return o.label == kind && !o.anaphor && (o.from == sp.to || o.to == sp.from-1 && s.tokens[o.to].folded == ",")
	})
}

// antecedent returns the entity that the words of a span stand for: one of the country whose adjective they hold ("the
// Chinese group"), and of the trade or class that they name; failing that, one whose trade or class nobody knows.
func (d *document) antecedent(index int, sp span, means *meaning) *Entity {
	kind := means.pointsTo
	country := d.sentences[index].adjective(sp)
	if len(means.of) > 0 {
		known := func(e *Entity) bool { return e.isOne(means.of) && (country == "" || e.Country == country) }
		if e := d.likeliest(index, sp, kind, known); e != nil {
			return e
		}
	}
	return d.likeliest(index, sp, kind, func(e *Entity) bool {
		return (len(means.of) == 0 || len(e.Classes) == 0) && (country == "" || e.Country == country)
	})
}

// adjective returns the country whose adjective stands within a span; empty: there is none.
func (s *sentence) adjective(sp span) string {
	for _, o := range s.spans {
		if o.label == demonymLabel && sp.covers(o) {
			return o.entity.Country
		}
	}
	return ""
}

// likeliest returns the entity of a kind that the article before a span is most about, of those that fit.
func (d *document) likeliest(index int, sp span, kind label, fits func(*Entity) bool) *Entity {
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
		if d.isKind(e) || !fits(e) {
			return
		}
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
		if o.entity == nil || o.aside {
			continue
		}
		if d.salient[o.label] == nil {
			d.salient[o.label] = map[*Entity]salience{}
		}
		d.salient[o.label][o.entity] = salience{d.salient[o.label][o.entity].weight + weight, index}
	}
}
