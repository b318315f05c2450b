package rules

import "slices"

// Entity is a party, authority, thing or country of the gazetteers.
type Entity struct {
	Slug    string
	Kind    string   // company, authority, item, country
	Country string   // ISO 3166-1 alpha-2: of an authority or company, and of the country itself
	Classes []string // of an authority its class, of a company its trades
	Acts    []string // of an authority: the types of events that its government does through it
	Parents []string // what it belongs to: a bureau's department, a product's kind

	number label   // among all entities
	above  []label // the numbers of all that it belongs to, by way of others too
}

// isOne says whether the entity is of one of these classes or trades.
func (e *Entity) isOne(of []string) bool {
	return slices.ContainsFunc(e.Classes, func(c string) bool { return slices.Contains(of, c) })
}

// authorityClasses are what an authority can be.
var authorityClasses = []string{"executive", "regulator", "prosecutor", "police", "court", "parliament", "body"}

// The kinds of entities, as patterns write them: <company>. A country is <country> by its name and <demonym> by the
// adjective made of it; a <date> is an expression of time; a <product> is an item that is one thing of a kind of
// goods, not a kind itself; a <name> is a run of words with a capital that no gazetteer has, where a pack looks for companies.
var entityKinds = []string{"company", "authority", "item", "country", "demonym", "date", "product", "name"}

const (
	companyLabel label = iota
	authorityLabel
	itemLabel
	countryLabel
	demonymLabel
	dateLabel
	productLabel
	nameLabel
	firstLexiconLabel
)

func entityLabel(kind string) (label, bool) {
	i := slices.Index(entityKinds, kind)
	return label(i), i >= 0
}

// roleNames are the slots that a pattern can bind.
var roleNames = []string{"companies", "authority", "items", "destinations"}

// descends says whether the entity is below the one with that slug.
func (rs *Ruleset) descends(e *Entity, slug string) bool {
	for _, p := range e.Parents {
		if p == slug {
			return true
		}
		if parent := rs.entities[p]; parent != nil && rs.descends(parent, slug) {
			return true
		}
	}
	return false
}
