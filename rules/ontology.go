package rules

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Ontology is the vocabulary of events: types, their statuses, and which slots they have. It is data
// (ontology.yaml), so that packs, database and output share one source.
type Ontology struct {
	Types        map[string]Type   `yaml:"types"`
	Trades       []string          `yaml:"trades"` // what a company can be
	Attributions []string          `yaml:"attributions"`
	Cues         map[string]string `yaml:"cues"` // category → what it does where a rule says nothing
}

// Type is one type of event.
type Type struct {
	Statuses  []string            `yaml:"statuses"`
	Parties   bool                `yaml:"parties"`   // its destinations are the countries of its companies
	Home      bool                `yaml:"home"`      // its destination is the country of the authority, unless the text says another
	Needs     []string            `yaml:"needs"`     // slots that must be filled, "companies|items" by one of them
	Makers    bool                `yaml:"makers"`    // its open companies are the makers of its goods, where the article names them
	Market    bool                `yaml:"market"`    // its destination is the country that the article is about, where nothing nearer says another
	Local     []string            `yaml:"local"`     // slots that only the sentence of an event fills
	Slots     []string            `yaml:"slots"`     // those of companies, authority, items, destinations that it has
	Prefers   map[string][]string `yaml:"prefers"`   // by status: the classes that act, wherever the article names one
	Authority []string            `yaml:"authority"` // classes of authorities that may decide it
	// Without lists the slots that a status lacks although its type has them.
	Without map[string][]string `yaml:"without"`
}

//go:embed ontology.yaml
var ontologyYAML []byte

// TheOntology returns the one vocabulary of rules, database and output.
var TheOntology = sync.OnceValue(func() Ontology {
	var o Ontology
	if err := yaml.Load(ontologyYAML, &o, yaml.WithKnownFields()); err != nil {
		panic("rules: the embedded ontology.yaml: " + err.Error()) // cannot happen: a test loads it
	}
	return o
})

// Check says what is wrong with a type and status, and which ones exist. An empty status stands for all.
func (o Ontology) Check(kind, status string) error {
	t, ok := o.Types[kind]
	if !ok {
		return fmt.Errorf("no event type %q: it is one of %s", kind, strings.Join(slices.Sorted(maps.Keys(o.Types)), ", "))
	}
	if status != "" && !slices.Contains(t.Statuses, status) {
		return fmt.Errorf("no status %q of %s: it is one of %s", status, kind, strings.Join(t.Statuses, ", "))
	}
	return nil
}

// has says whether an event of that type and status has the slot.
func (o Ontology) has(kind, status, slot string) bool {
	t := o.Types[kind]
	return slices.Contains(t.Slots, slot) && !slices.Contains(t.Without[status], slot)
}
