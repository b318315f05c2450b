package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"exportwatch/extract"
)

// TestCases runs the cases that stand beside each rule.
func TestCases(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if err := rs.Check(); err != nil {
		t.Fatal(err)
	}
	for _, code := range rs.Languages() {
		l, err := rs.packs[code]()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.rules {
			if len(r.def.Yes) == 0 || len(r.def.No) == 0 {
				t.Errorf("%s: %s: a rule comes with its refusals: yes and no cases are needed", r.file, r.id)
			}
			for _, c := range r.def.Yes {
				if problem := rs.fails(r, code, c, true); problem != "" {
					t.Errorf("%s:%d: %s: %s\n%s", r.file, c.Text.line, r.id, problem, rs.Explain(c.article(code)))
				}
			}
			for _, c := range r.def.No {
				if problem := rs.fails(r, code, c, false); problem != "" {
					t.Errorf("%s:%d: %s: %s\n%s", r.file, c.Text.line, r.id, problem, rs.Explain(c.article(code)))
				}
			}
		}
	}
}

func (d caseDef) article(lang string) extract.Article {
	day := d.Published
	if day == "" {
		day = "2025-08-12"
	}
	return extract.Article{Lang: lang, Title: d.Title, Text: d.Text.string, Kind: extract.KindArticle, Published: extract.Published{Day: day}}
}

// fails says what is wrong with the outcome of a case; empty: nothing.
func (rs *Ruleset) fails(r *rule, lang string, c caseDef, wanted bool) string {
	events := rs.Classify(c.article(lang))
	want := r.kind + "/" + r.status
	if c.Event != "" {
		want = c.Event
	}
	i := slices.IndexFunc(events, func(e Event) bool { return e.Rule == r.id && (!wanted || e.Type+"/"+e.Status == want) })
	switch {
	case !wanted && i >= 0:
		return fmt.Sprintf("must give no event, gives %s/%s", events[i].Type, events[i].Status)
	case !wanted:
		return ""
	case i < 0:
		return "must give " + want
	}
	e := events[i]
	if c.Current != nil && e.Current != *c.Current {
		return fmt.Sprintf("current is %v", e.Current)
	}
	got := map[string]string{
		"companies": strings.Join(e.Companies, ","), "authority": e.Authority,
		"items": strings.Join(e.Items, ","), "destinations": strings.Join(e.Destinations, ","), "date": e.Date, "attribution": e.Attribution,
	}
	for slot, want := range c.Slots {
		if got[slot] != want {
			return fmt.Sprintf("%s is %q, must be %q", slot, got[slot], want)
		}
	}
	return ""
}
