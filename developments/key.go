package developments

import "slices"

// key is what tells developments of one type and status apart.
type key struct {
	companies, items, destinations []string // sorted
	country                        string   // of the deciding authority
}

func keyOf(companies, items, destinations []string, country string) key {
	return key{sorted(companies), sorted(items), sorted(destinations), country}
}

func sorted(values []string) []string {
	out := slices.Clone(values)
	slices.Sort(out)
	return slices.Compact(out)
}

// likeness says how two keys relate.
type likeness int

const (
	differs  likeness = iota
	vaguer            // the mention leaves one slot open that the development has
	narrower          // the mention has one slot that the development leaves open
	equal
)

// compare tells whether mention m may be about a development with key d. One slot that one side leaves open is
// tolerated where the companies or the items agree and name something; two open slots never are, since then
// little more than the type would hold the two together.
func compare(m, d key) likeness {
	var open, found int
	result := equal
	for _, slot := range [...]struct{ m, d []string }{
		{m.companies, d.companies},
		{m.items, d.items},
		{m.destinations, d.destinations},
		{one(m.country), one(d.country)},
	} {
		switch {
		case slices.Equal(slot.m, slot.d):
		case len(slot.m) == 0:
			result = vaguer
			open++
		case len(slot.d) == 0:
			result = narrower
			open++
		default:
			return differs
		}
	}
	if open == 0 {
		return equal
	}
	for _, slot := range [...]struct{ m, d []string }{{m.companies, d.companies}, {m.items, d.items}} {
		if len(slot.m) > 0 && slices.Equal(slot.m, slot.d) {
			found++
		}
	}
	if open > 1 || found == 0 {
		return differs
	}
	return result
}

func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// union adds the slots that one side leaves open. It is only asked of keys that agree where both name something.
func union(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}
