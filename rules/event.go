// Package rules finds export-policy events in articles. Rules, lexicons and gazetteers are YAML that an analyst
// writes (packs/, gazetteers/, docs/rules.md); this package is their engine and holds no word of any language.
package rules

// Event is one thing that an article says, in the vocabulary of docs/ontology.md: the field names and the JSON
// are those of `exportwatch classify`.
type Event struct {
	Type         string   `json:"type"`
	Status       string   `json:"status"`
	Companies    []string `json:"companies"`    // slugs, sorted
	Authority    string   `json:"authority"`    // slug; empty when the article names none
	Items        []string `json:"items"`        // slugs, sorted
	Destinations []string `json:"destinations"` // ISO 3166-1 alpha-2, sorted
	Date         string   `json:"date"`         // 2006-01-02, 2006-01 or 2006; empty when the text does not say
	Current      bool     `json:"current"`      // news of this article; false: background
	Attribution  string   `json:"attribution"`  // official, reported, opinion
	Rule         string   `json:"rule"`         // id of the rule that found it
	Score        float64  `json:"score"`        // 0..1, to rank evidence; not a probability
	Cues         []string `json:"cues,omitempty"`
	Evidence     Evidence `json:"evidence"`
}

// Evidence is the sentence that says so. Offsets are bytes into the field, end exclusive.
type Evidence struct {
	Field string `json:"field"` // "title" or "text"
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
}
