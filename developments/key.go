package developments

import "slices"

// key is what tells developments of one type and status apart. Slots are sorted and without doubles.
type key struct {
	companies, items, destinations []string
	country                        string // of the deciding authority
}

func keyOf(companies, items, destinations []string, country string) key {
	return key{distinct(companies), distinct(items), distinct(destinations), country}
}

func distinct(values []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// likeness says how the key of a mention relates to that of a development.
type likeness int

const (
	differs  likeness = iota
	equal             //
	vaguer            // the mention leaves one slot open that the development has
	narrower          // the mention has one slot that the development leaves open
)

// compare tolerates one slot that one side leaves open, where the companies or the items agree and name something.
// Two open slots it never tolerates: little more than the type would hold the two together.
func compare(mention, development key) likeness {
	like, open := equal, 0
	for i, m := range mention.slots() {
		d := development.slots()[i]
		switch {
		case slices.Equal(m, d):
			continue
		case len(m) == 0:
			like = vaguer
		case len(d) == 0:
			like = narrower
		default:
			return differs
		}
		if open++; open > 1 {
			return differs
		}
	}
	if open > 0 && !agree(mention.companies, development.companies) && !agree(mention.items, development.items) {
		return differs
	}
	return like
}

func (k key) slots() [4][]string {
	var country []string
	if k.country != "" {
		country = []string{k.country}
	}
	return [...][]string{k.companies, k.items, k.destinations, country}
}

func agree(a, b []string) bool {
	return len(a) > 0 && slices.Equal(a, b)
}

// fill keeps what is there and takes the other where nothing is.
func fill(slot, other []string) []string {
	if len(slot) > 0 {
		return slot
	}
	return other
}
