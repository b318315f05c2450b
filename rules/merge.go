package rules

import (
	"cmp"
	"slices"
)

// merge makes one event of the mentions of one fact: the best evidence is kept, slots that it leaves open are filled from
// the others, and what is news in one mention is news.
func (d *document) merge(mentions []mention) []Event {
	byScore := slices.Clone(mentions)
	slices.SortStableFunc(byScore, func(a, b mention) int { return cmp.Compare(b.Score, a.Score) })
	var kept []mention
	for _, m := range byScore {
		i := slices.IndexFunc(kept, func(k mention) bool { return d.same(k, m) })
		if i < 0 {
			kept = append(kept, m)
			continue
		}
		d.complete(&kept[i], m)
	}
	slices.SortStableFunc(kept, func(a, b mention) int { return cmp.Compare(a.order, b.order) })
	events := make([]Event, len(kept))
	for i, k := range kept {
		events[i] = k.Event
		events[i].Attribution = cmp.Or(k.Attribution, "official")
	}
	return events
}

// same says whether two mentions can tell of one fact: no slot that both fill contradicts. Who acts contradicts only
// where both clauses say it, and so do the other slots where one of the two is the title, which says little.
func (d *document) same(a, b mention) bool {
	title := a.Evidence.Field == "title" || b.Evidence.Field == "title"
	open := func(slot string) bool { return title && !(a.own[slot] && b.own[slot]) }
	return a.Type == b.Type && a.Status == b.Status &&
		(open("companies") || d.agree(a.Companies, b.Companies)) &&
		(open("items") || d.agree(a.Items, b.Items)) &&
		(open("destinations") || d.agree(a.Destinations, b.Destinations)) &&
		(!(a.own["authority"] && b.own["authority"]) || d.related(a.Authority, b.Authority))
}

func (d *document) agree(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return d.related(x, y) })
	})
}

// related says whether two slugs are the same or one is a kind or a part of the other.
func (d *document) related(a, b string) bool {
	if a == b {
		return true
	}
	x, y := d.ruleset.entities[a], d.ruleset.entities[b]
	return x != nil && d.ruleset.descends(x, b) || y != nil && d.ruleset.descends(y, a)
}

// complete fills the slots that an event leaves open from another mention of it. That other makes it news only where
// it names something itself: "people who file such requests" say nothing new of a request.
func (d *document) complete(to *mention, from mention) {
	to.Companies = filled(to.Companies, from.Companies)
	to.Destinations = filled(to.Destinations, from.Destinations)
	to.Items = d.moreSpecific(to.Items, from.Items)
	if from.Authority != "" && (to.Authority == "" || d.ruleset.descends(d.ruleset.entities[from.Authority], to.Authority)) {
		to.Authority = from.Authority
	}
	if from.Current && !to.Current && len(from.own) > 0 {
		to.Current, to.Date = true, from.Date
	} else {
		to.Date = cmp.Or(to.Date, from.Date)
	}
	to.Attribution = stronger(to.Attribution, from.Attribution)
}

// moreSpecific replaces each slug by those of the other mention that are a kind of it.
func (d *document) moreSpecific(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	out := []string{}
	for _, x := range a {
		kinds := slices.DeleteFunc(slices.Clone(b), func(y string) bool {
			e := d.ruleset.entities[y]
			return e == nil || !d.ruleset.descends(e, x)
		})
		if len(kinds) == 0 {
			kinds = []string{x}
		}
		out = append(out, kinds...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// filled returns the first of two slots, or the second where that is open.
func filled(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}
