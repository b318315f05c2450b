package developments

import (
	"cmp"
	"slices"
	"time"
)

// Candidates tells the store which developments to offer to [Assign] for a mention: those of its type and status
// whose days overlap first..last (2006-01-02; an empty first day is open). More do no harm.
func Candidates(m Mention) (first, last string) {
	p := when(m)
	return shift(p.first, -window), shift(p.last, window)
}

// Assign decides which development a mention is about. country is that of the deciding authority (ISO 3166-1
// alpha-2, empty when unknown). Candidates have the type and status of the mention; others are passed over.
//
// A mention joins the nearest candidate with the same companies, items, destinations and country that lies within 14
// days of it. Failing that, it may join one that differs by a single slot which one side leaves open: a vaguer mention
// the nearest such candidate, since it says nothing new; a narrower one only if there is exactly one, since of two it
// could be either. The open slot is then filled.
//
// A recap (Event.Current is false) joins by the date that it gives. Without a date it joins the latest development
// of its key that had begun when the recap was published, however long ago. It never causes a change; where
// nothing fits it makes a development that is known as background only.
//
// A development causes [ChangeNew] once: with its first current mention. A late mention moves FirstDay or LastDay
// and says nothing; whether old news is worth a mail is the alert's decision, which knows the age of the article.
// The first official mention of what had only been reported causes [ChangeConfirmed] if it is current.
//
// The number of ChangeNew does not depend on the order of mentions whose days lie within 14 days. Over longer
// stretches it may: days 0 and 20 are two developments until day 10 comes between.
func Assign(m Mention, country string, candidates []Development) Decision {
	k := keyOf(m.Event.Companies, m.Event.Items, m.Event.Destinations, country)
	happened := when(m)
	d, found := choose(m, k, happened, candidates)
	if !found {
		d = Development{Type: m.Event.Type, Status: m.Event.Status, FirstSeen: m.SeenAt, LastSeen: m.SeenAt}
	}
	isNews := m.Event.Current && !d.Current
	isOfficial := m.Official || m.Event.Attribution == "official"
	isConfirmation := m.Event.Current && d.Current && isOfficial && !d.Official

	span := happened
	if found {
		span = extend(daysOf(d), happened)
	}
	d.FirstDay, d.LastDay = span.first, span.last
	d.Date = clearer(d.Date, m.Event.Date)
	d.Companies = fill(distinct(d.Companies), k.companies)
	d.Items = fill(distinct(d.Items), k.items)
	d.Destinations = fill(distinct(d.Destinations), k.destinations)
	d.Country = cmp.Or(d.Country, country)
	d.Authority = cmp.Or(d.Authority, m.Event.Authority)
	d.Current = d.Current || m.Event.Current
	d.Official = d.Official || isOfficial
	if m.SeenAt.Before(d.FirstSeen) {
		d.FirstSeen = m.SeenAt
	}
	if m.SeenAt.After(d.LastSeen) {
		d.LastSeen = m.SeenAt
	}

	switch {
	case isNews:
		return Decision{Development: d, Changes: []ChangeKind{ChangeNew}}
	case isConfirmation:
		return Decision{Development: d, Changes: []ChangeKind{ChangeConfirmed}}
	default:
		return Decision{Development: d}
	}
}

// fit is a candidate that a mention may be about.
type fit struct {
	Development
	like likeness
	gap  time.Duration
}

func choose(m Mention, k key, happened period, candidates []Development) (Development, bool) {
	var same, open []fit
	narrowed := 0
	for _, d := range candidates {
		if d.Type != m.Event.Type || d.Status != m.Event.Status {
			continue
		}
		f := fit{d, compare(k, keyOf(d.Companies, d.Items, d.Destinations, d.Country)), gap(happened, daysOf(d))}
		switch {
		case f.gap > window || f.like == differs:
			continue
		case f.like == equal:
			same = append(same, f)
			continue
		case f.like == narrower:
			narrowed++
		}
		open = append(open, f)
	}
	if narrowed > 1 {
		open = slices.DeleteFunc(open, func(f fit) bool { return f.like == narrower })
	}
	fits := same
	if len(fits) == 0 {
		fits = open
	}
	if len(fits) == 0 {
		return Development{}, false
	}
	best := slices.MinFunc(fits, func(a, b fit) int {
		return cmp.Or(cmp.Compare(a.gap, b.gap), cmp.Compare(b.LastDay, a.LastDay), cmp.Compare(a.ID, b.ID))
	})
	return best.Development, true
}
