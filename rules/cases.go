package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"exportwatch/extract"
)

// casePublished is the day of publication of a case that names none.
const casePublished = "2025-08-12"

// caseForms are the ways of saying a thing that a case can be marked with, so that [Matrix] shows which ones have been
// thought of.
var caseForms = []string{"active", "passive", "nominal", "headline", "reported"}

// CaseReport is the outcome of the cases that stand beside the rules.
type CaseReport struct {
	Rules    int
	Cases    int
	Failures []CaseFailure // by language, then in the order of the files
}

// CaseFailure is a case that does not give what its rule promises.
type CaseFailure struct {
	File    string // in the folder of the rules
	Line    int
	Rule    string
	Problem string
	Article extract.Article // the text of the case, for [Ruleset.Explain]
}

func (f CaseFailure) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Problem)
}

// Test runs the cases of every rule. The error is that of [Ruleset.Check].
func (rs *Ruleset) Test() (CaseReport, error) {
	var report CaseReport
	languages, err := rs.compiled()
	if err != nil {
		return report, err
	}
	for _, l := range languages {
		for _, r := range l.written() {
			report.Rules++
			for _, c := range r.cases() {
				report.Cases++
				article := c.article(l.code)
				if problem := r.fails(c, rs.piece(l, article)); problem != "" {
					report.Failures = append(report.Failures, CaseFailure{File: r.file, Line: c.Text.line, Rule: r.id, Problem: problem, Article: article})
				}
			}
		}
	}
	return report, nil
}

// compiled returns every pack, by the code of its language.
func (rs *Ruleset) compiled() ([]*language, error) {
	if err := rs.Check(); err != nil {
		return nil, err
	}
	var out []*language
	for _, code := range rs.Languages() {
		l, err := rs.packs[code]()
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// written returns the rules in the order of their files, for people; the engine has them by priority.
func (l *language) written() []*rule {
	return slices.SortedStableFunc(slices.Values(l.rules), func(a, b *rule) int {
		return cmp.Or(cmp.Compare(a.file, b.file), a.def.ID.line-b.def.ID.line)
	})
}

// A testCase is a case with what is wanted of it.
type testCase struct {
	caseDef
	wanted bool // it stands under yes
}

func (r *rule) cases() []testCase {
	var out []testCase
	for _, c := range r.def.Yes {
		out = append(out, testCase{c, true})
	}
	for _, c := range r.def.No {
		out = append(out, testCase{c, false})
	}
	return out
}

// article is the case as an article that is nothing but its text.
func (d caseDef) article(lang string) extract.Article {
	return extract.Article{
		Lang: lang, Title: d.Title, Text: d.Text.string, Kind: extract.KindArticle,
		Published: extract.Published{Day: cmp.Or(d.Published, casePublished)},
	}
}

// piece returns the events of a text that is no whole article.
func (rs *Ruleset) piece(l *language, a extract.Article) []Event {
	d := rs.read(l, a)
	d.piece = true
	return d.events()
}

// fails says what is wrong with the events of a case; empty: nothing.
func (r *rule) fails(c testCase, events []Event) string {
	want := cmp.Or(c.Event, r.kind+"/"+r.status)
	i := slices.IndexFunc(events, func(e Event) bool { return e.Rule == r.id && (!c.wanted || e.Type+"/"+e.Status == want) })
	switch {
	case !c.wanted && i >= 0:
		return fmt.Sprintf("must give no event, gives %s/%s", events[i].Type, events[i].Status)
	case !c.wanted:
		return ""
	case i < 0 && len(events) == 0:
		return fmt.Sprintf("must give %s, gives no event", want)
	case i < 0:
		return fmt.Sprintf("must give %s by this rule, gives %s", want, listEvents(events))
	}
	e := events[i]
	if c.Current != nil && e.Current != *c.Current {
		return fmt.Sprintf("current is %v, must be %v", e.Current, *c.Current)
	}
	got := e.slots()
	var wrong []string
	for slot, value := range c.Slots {
		if got[slot] != value {
			wrong = append(wrong, fmt.Sprintf("%s is %q, must be %q", slot, got[slot], value))
		}
	}
	slices.Sort(wrong)
	return strings.Join(wrong, "; ")
}

// slots are what a case can say of an event, each as one text.
func (e Event) slots() map[string]string {
	return map[string]string{
		"companies": strings.Join(e.Companies, ","), "authority": e.Authority, "items": strings.Join(e.Items, ","),
		"destinations": strings.Join(e.Destinations, ","), "date": e.Date, "attribution": e.Attribution,
	}
}

func listEvents(events []Event) string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = fmt.Sprintf("%s/%s (%s)", e.Type, e.Status, e.Rule)
	}
	return strings.Join(names, ", ")
}
