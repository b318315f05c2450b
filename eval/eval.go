package eval

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"exportwatch/extract"
	"exportwatch/rules"
)

// Report is the outcome of a measurement.
type Report struct {
	Rows     []Row     `json:"rows"` // by language, and last "all"
	Types    []TypeRow `json:"types"`
	Detected float64   `json:"detected"` // share of documents whose language was found right
	Errors   []Error   `json:"errors,omitempty"`
}

// Row is the figures of one language, or of all.
type Row struct {
	Lang      string  `json:"lang"`
	Documents int     `json:"documents"`
	Figures   Figures `json:"figures"`
}

// TypeRow is how well one type of event is found, in all languages together.
type TypeRow struct {
	Type      string  `json:"type"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Gold      int     `json:"gold"` // pairs that people found
}

// All is the name of the row of all languages.
const All = "all"

// Measure classifies the documents and compares. With detect the language of each is found by its text, as of an
// article that nobody has labelled.
func Measure(rs *rules.Ruleset, docs []Document, detect bool) (Report, error) {
	answers := make([]answer, len(docs))
	for i, d := range docs {
		lang := d.Lang
		if detect {
			lang = extract.Language(cmp.Or(d.Text, d.Title))
		}
		a, err := d.article(lang)
		if err != nil {
			return Report{}, fmt.Errorf("%s: %w", d.ID, err)
		}
		events, err := rs.Classify(a)
		if err != nil {
			return Report{}, err
		}
		answers[i] = answer{lang, events}
	}
	return compare(docs, answers), nil
}

// answer is what was found in a document.
type answer struct {
	lang   string
	events []rules.Event
}

func compare(docs []Document, answers []answer) Report {
	var report Report
	whole := &tally{}
	languages := map[string]*tally{}
	detected := 0
	for i, d := range docs {
		if languages[d.Lang] == nil {
			languages[d.Lang] = &tally{}
		}
		languages[d.Lang].add(d, answers[i].events)
		report.Errors = append(report.Errors, whole.add(d, answers[i].events)...)
		if base(answers[i].lang) == base(d.Lang) {
			detected++
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(languages)) {
		report.Rows = append(report.Rows, Row{lang, languages[lang].docs, languages[lang].figures()})
	}
	report.Rows = append(report.Rows, Row{All, whole.docs, whole.figures()})
	for _, kind := range slices.Sorted(maps.Keys(whole.types)) {
		c := whole.types[kind]
		p, r, f := c.scores()
		report.Types = append(report.Types, TypeRow{kind, p, r, f, c.right + c.missed})
	}
	report.Detected = share(detected, len(docs), 0)
	return report
}

func base(lang string) string {
	primary, _, _ := strings.Cut(lang, "-")
	return primary
}

// CheckNames says which bar has the name of no figure.
func CheckNames(bars map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(bars)) {
		if !slices.Contains(Names, name) {
			return fmt.Errorf("no figure %q: it is one of %s", name, strings.Join(Names, ", "))
		}
	}
	return nil
}

// Below returns the figures of all languages together that are below a bar, as "pair 0.871 < 0.88".
func (r Report) Below(bars map[string]float64) []string {
	var below []string
	for _, name := range slices.Sorted(maps.Keys(bars)) {
		if got := r.Rows[len(r.Rows)-1].Figures[name]; got < bars[name] {
			below = append(below, fmt.Sprintf("%s %.3f < %v", name, got, bars[name]))
		}
	}
	return below
}
