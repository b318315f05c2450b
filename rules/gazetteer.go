package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// A gazetteerFile is one file of gazetteers/: entities with their names, by language or in any.
type gazetteerFile struct {
	Companies   []companyDef   `yaml:"companies"`
	Authorities []authorityDef `yaml:"authorities"`
	Items       []itemDef      `yaml:"items"`
	Countries   []countryDef   `yaml:"countries"`
}

type companyDef struct {
	Slug    text     `yaml:"slug"`
	Country string   `yaml:"country"` // of its seat, ISO 3166-1 alpha-2
	Trades  []text   `yaml:"trades"`  // what it is: an antecedent such as "the chipmaker" points to one of that trade
	Parent  text     `yaml:"parent"`
	Names   nameDefs `yaml:",inline"`
}

type authorityDef struct {
	Slug    text     `yaml:"slug"`
	Country string   `yaml:"country"`
	Class   text     `yaml:"class"`
	Acts    []string `yaml:"acts"` // types of events that its government does through it
	Parent  text     `yaml:"parent"`
	Names   nameDefs `yaml:",inline"`
}

type itemDef struct {
	Slug    text     `yaml:"slug"`
	Parents []text   `yaml:"parents"` // the kinds of goods that it is one of; an article that names it names no kind besides
	Names   nameDefs `yaml:",inline"`
}

type countryDef struct {
	Code       text                 `yaml:"code"`       // ISO 3166-1 alpha-2
	Government string               `yaml:"government"` // slug of its government, and prefix of those that a pack composes; default: the code in lower case
	Names      nameDefs             `yaml:",inline"`
	Demonyms   map[string][]nameDef `yaml:"demonyms"` // by language
}

// nameDefs are the names of an entity: in any language, and by language. Office holders and nicknames stand
// for the entity like a name.
type nameDefs struct {
	Names []nameDef            `yaml:"names"`
	In    map[string][]nameDef `yaml:"in"`
}

func (d nameDefs) of(language string) []nameDef { return slices.Concat(d.Names, d.In[language]) }

// A named is an entity with its names, ready to be put into the lexicon of a language.
type named struct {
	entity *Entity
	label  label
	file   string
	at     text // its slug
	names  nameDefs
}

func (rs *Ruleset) loadGazetteers(fsys fs.FS) error {
	files, err := fs.Glob(fsys, "gazetteers/*.yaml")
	if err != nil {
		return err
	}
	gazetteers, err := decodeFiles[gazetteerFile](fsys, files)
	errs := []error{err}
	for i, g := range gazetteers {
		errs = append(errs, rs.addGazetteer(files[i], g))
	}
	for _, n := range rs.named {
		for _, p := range n.entity.Parents {
			rs.kinds[p] = true
			if rs.entities[p] == nil {
				errs = append(errs, n.at.at(n.file, fmt.Errorf("%s: no entity %q to be its parent%s", n.entity.Slug, p, suggest(p, rs.entities))))
			}
		}
		n.entity.above = rs.above(n.entity, nil)
		if slices.Contains(n.entity.above, n.entity.number) {
			errs = append(errs, n.at.at(n.file, fmt.Errorf("%q belongs to itself by way of its parents", n.entity.Slug)))
		}
	}
	return errors.Join(errs...)
}

// above appends the numbers of all that an entity belongs to.
func (rs *Ruleset) above(e *Entity, found []label) []label {
	for _, slug := range e.Parents {
		if p := rs.entities[slug]; p != nil && !slices.Contains(found, p.number) {
			found = rs.above(p, append(found, p.number))
		}
	}
	return found
}

func (rs *Ruleset) addGazetteer(file string, g gazetteerFile) error {
	var errs []error
	add := func(at text, e Entity, l label, names nameDefs) *Entity {
		switch {
		case at.string == "":
			errs = append(errs, fmt.Errorf("%s: an entry without a slug", file))
		case rs.entities[e.Slug] != nil:
			errs = append(errs, at.at(file, fmt.Errorf("%q stands in the gazetteers twice", e.Slug)))
		}
		e.number = label(len(rs.entities))
		rs.entities[e.Slug] = &e
		rs.named = append(rs.named, named{&e, l, file, at, names})
		return &e
	}
	for _, d := range g.Companies {
		var trades []string
		for _, t := range d.Trades {
			if !slices.Contains(TheOntology().Trades, t.string) {
				errs = append(errs, t.at(file, fmt.Errorf("%s: no trade %q: it is one of %s", d.Slug.string, t.string, strings.Join(TheOntology().Trades, ", "))))
			}
			trades = append(trades, t.string)
		}
		add(d.Slug, Entity{Slug: d.Slug.string, Kind: "company", Country: d.Country, Classes: trades, Parents: parents(d.Parent)}, companyLabel, d.Names)
	}
	for _, d := range g.Authorities {
		if !slices.Contains(authorityClasses, d.Class.string) {
			errs = append(errs, d.Slug.at(file, fmt.Errorf("%s: class %q: it is one of %s", d.Slug.string, d.Class.string, strings.Join(authorityClasses, ", "))))
		}
		add(d.Slug, Entity{
			Slug: d.Slug.string, Kind: "authority", Country: d.Country, Classes: []string{d.Class.string}, Acts: d.Acts, Parents: parents(d.Parent),
		}, authorityLabel, d.Names)
	}
	for _, d := range g.Items {
		add(d.Slug, Entity{Slug: d.Slug.string, Kind: "item", Parents: parents(d.Parents...)}, itemLabel, d.Names)
	}
	for _, d := range g.Countries {
		e := add(d.Code, Entity{Slug: d.Code.string, Kind: "country", Country: d.Code.string}, countryLabel, d.Names)
		rs.named = append(rs.named, named{e, demonymLabel, file, d.Code, nameDefs{In: d.Demonyms}})
		if d.Government != "" {
			rs.prefixes[d.Code.string] = d.Government
		}
	}
	return errors.Join(errs...)
}

func parents(slugs ...text) []string {
	var out []string
	for _, s := range slugs {
		if s.string != "" {
			out = append(out, s.string)
		}
	}
	return out
}

// suggest returns the names that a misspelt one may have meant.
func suggest[V any](name string, known map[string]V) string {
	best, distance := "", 3
	for _, k := range slices.Sorted(maps.Keys(known)) {
		if d := levenshtein.ComputeDistance(name, k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
