package rules

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"exportwatch/extract"
)

// greedy is a pack whose every word is a trigger, so that all of them can be tried with all others.
const greedy = `
skip: [of, the]
lexicons:
  grant: [grant, granted, "the grant", "grant … licence", "grant …9 [the] …9 licence", "of …30 licence"]
  permit: [permit]
  licence: [licence, "licence [of] …9 licence", "licence the of the of licence"]
governments: {patterns: ["<country> … {grant}"]}
rules:
  - {id: en.modest, event: license/granted, patterns: ["{permit}"]}
  - id: en.greedy
    event: license/granted
    patterns: ["{grant} …30 {licence} …30 {grant} …30 {licence}", "{grant} & {licence} & {grant}"]
  - id: en.greedy.sentence
    event: license/granted
    scope: sentence
    patterns: ["{licence} & {grant} & {licence} & {grant}"]
`

func greedyRules(t *testing.T) (*Ruleset, *language) {
	t.Helper()
	rs, err := Load(fstest.MapFS{"packs/en/en.yaml": {Data: []byte(greedy)}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := rs.pack("en")
	if err != nil {
		t.Fatal(err)
	}
	return rs, l
}

var hostile = map[string]string{
	"triggers":        "licence granted ",
	"grants":          "grant ",
	"skipped words":   "of the ",
	"gaps":            "grant of the ",
	"no full stop":    "the grant of licence, and ",
	"sentences":       "Grant the licence of the grant. ",
	"apostrophes":     "grant'licence'",
	"a word":          "a",
	"glued sentences": "aaa.A",
	"abbreviations":   "AB.—",
	"brackets":        ")",
}

// Twice the text must cost about twice the steps.
func TestFindIsLinear(t *testing.T) {
	_, l := greedyRules(t)
	steps := func(text string) int {
		sum := 0
		for _, st := range l.split(text) {
			var f finder
			f.find(l.tokenize(text, st.start, st.end, nil), findings{})
			sum += f.steps
		}
		return sum
	}
	for name, unit := range hostile {
		once := strings.Repeat(unit, 20_000/len(unit))
		a, b := steps(once), steps(once+once)
		if b > 3*a {
			t.Errorf("%s: %d steps, %d for twice the text", name, a, b)
		}
		if per := a / 20_000; per > 500 {
			t.Errorf("%s: %d steps for each byte", name, per)
		}
	}
}

// Whatever the text, its sentences are bounded, hold all of it but white space, and come in order.
func TestSplitIsBounded(t *testing.T) {
	_, l := greedyRules(t)
	for name, unit := range hostile {
		text := "a." + strings.Repeat(unit, 50_000/len(unit)) + "Z"
		end := 0
		for _, s := range l.split(text) {
			if strings.TrimSpace(text[end:s.start]) != "" || s.end-s.start > maxSentence || !utf8.ValidString(text[s.start:s.end]) {
				t.Fatalf("%s: sentence %d-%d behind %d: %.80q", name, s.start, s.end, end, text[s.start:s.end])
			}
			end = s.end
		}
		if end != len(text) && len(l.split(text)) < maxSentences {
			t.Errorf("%s: ends at %d of %d", name, end, len(text))
		}
	}
}

// A line that is longer than what is looked at at a time has the sentences that it would have in parts.
func TestSplitLongLine(t *testing.T) {
	_, l := greedyRules(t)
	sentence := "On Friday the bureau (which had said otherwise in May) granted the licences of all applicants. "
	got := l.split(strings.Repeat(sentence, 200))
	if len(got) != 200 {
		t.Errorf("%d sentences, want 200", len(got))
	}
}

func TestWordsAreBounded(t *testing.T) {
	_, l := greedyRules(t)
	long := strings.Repeat("a", maxWord+1)
	l.word(long)
	if got := l.vocabulary.classes(long, long); got != nil || l.vocabulary.lookUp(long) != nil {
		t.Errorf("a word of %d bytes fits %v, and is remembered: %v", maxWord+1, got, l.vocabulary.lookUp(long) != nil)
	}
}

// However many ways there are for the words of a sentence to fit, only so many are tried; the next sentence is read as ever.
func TestPatternsAreBounded(t *testing.T) {
	rs, l := greedyRules(t)
	for name, unit := range hostile {
		steps := func(n int) int {
			d := rs.read(l, extract.Article{Lang: "en", Text: strings.Repeat(unit, n/len(unit)) + "\nA permit."})
			sum := 0
			for i, s := range d.sentences {
				d.matches(i, s)
				sum += s.steps
			}
			last := d.sentences[len(d.sentences)-1]
			if len(d.sentences) < maxSentences && (last.steps > maxSteps || len(d.matches(len(d.sentences)-1, last)) == 0) {
				t.Errorf("%s: the sentence behind it is not read", name)
			}
			return sum
		}
		// Tries that are refused count as well.
		if a, b := steps(5000), steps(10_000); b > 3*a || a > 500_000 {
			t.Errorf("%s: %d steps, %d for twice the text", name, a, b)
		}
	}
}

// The condition of a name is held against what the text names, wherever in the paragraph, and not against names that
// have conditions themselves.
func TestConditionsOfNames(t *testing.T) {
	rs, err := Load(tiny(map[string]string{"gazetteers/more.yaml": `
companies:
  - {slug: west, country: US, names: [{name: West, unless: [acme]}]}
  - {slug: sub, country: US, parent: acme, names: [Subco]}
  - {slug: other, country: US, names: [{name: Other, near: [acme]}]}
  - {slug: third, country: US, names: [{name: Third, near: [other]}]}
`}))
	if err != nil {
		t.Fatal(err)
	}
	l, err := rs.pack("xx")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"West won.":                         "west",
		"West met Acme.":                    "acme",
		"West met Subco.":                   "sub",
		"Ace won. Then came the widgets.":   "acme widgets",
		"Other won. Subco came.":            "other sub",
		"Third met Other. Acme came.":       "acme other",
		"Other won.\nAcme came.":            "acme",
		"Ace won.\nThen came the widgets.":  "widgets",
		"West won. West met Acme. West won": "acme west",
	} {
		found := map[string]bool{}
		for _, s := range rs.read(l, extract.Article{Lang: "xx", Text: text}).sentences {
			for _, sp := range s.spans {
				if sp.entity != nil {
					found[sp.entity.Slug] = true
				}
			}
		}
		if got := strings.Join(slices.Sorted(maps.Keys(found)), " "); got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}
