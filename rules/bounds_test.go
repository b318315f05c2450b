package rules

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// greedy is a pack whose every word is a trigger, so that all of them can be tried with all others.
const greedy = `
skip: [of, the]
lexicons:
  grant: [grant, granted, "the grant", "grant … licence", "grant …9 [the] …9 licence", "of …30 licence"]
  licence: [licence, "licence [of] …9 licence", "licence the of the of licence"]
governments: {patterns: ["<country> … {grant}"]}
rules:
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
			f := finder{lexicon: &l.lexicon, tokens: l.tokenize(text, st.start, st.end, nil)}
			f.find()
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
	if got := l.vocabulary.classes(strings.Repeat("a", maxWord+1), strings.Repeat("a", maxWord+1)); got != nil || len(l.vocabulary.known) > 20 {
		t.Errorf("a word of %d bytes fits %v, %d words are known", maxWord+1, got, len(l.vocabulary.known))
	}
}
