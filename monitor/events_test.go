package monitor_test

import (
	"slices"
	"testing"

	"exportwatch/demopress"
	"exportwatch/store"
	"exportwatch/testdata"
)

// crawledPress is the press after one cycle over it, and what is expected of that.
func crawledPress(t *testing.T) (demopress.Expected, *world) {
	t.Helper()
	expected, err := demopress.LoadExpected(testdata.Press)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, testdata.Press)
	w.now = expected.Clock
	w.mustRun()
	return expected, w
}

// firstStory tells the story that the project began with.
const firstStory = "https://www.puces-et-marches.test/2025/08/11/h20-washington-ouvre-la-porte/"

// TestEventsOfThePress measures the whole path, from the bytes of a site to rows, against what was written down before there
// were any rules: every event of every article, none besides, and every slot of the article that the project began with.
func TestEventsOfThePress(t *testing.T) {
	expected, w := crawledPress(t)
	rows, err := w.st.Events(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]store.EventRow{}
	for _, e := range rows {
		found[e.URL] = append(found[e.URL], e)
	}
	strict := 0
	for _, a := range expected.Articles {
		all := slices.Concat(a.Events, a.Later)
		for _, e := range found[a.URL] {
			if !slices.ContainsFunc(all, func(x demopress.ExpectedEvent) bool { return x.Type == e.Type && hasStatus(x, e.Status) }) {
				t.Errorf("%s: %s/%s is no event of this article: %s", a.URL, e.Type, e.Status, e.Evidence.Quote)
			}
		}
		for _, x := range a.Events {
			i := slices.IndexFunc(found[a.URL], func(e store.EventRow) bool {
				return x.Type == e.Type && hasStatus(x, e.Status) && overlap(x.Companies, e.Companies)
			})
			if i < 0 {
				if !x.Optional {
					t.Errorf("%s: %s/%s of %v is missing: %s", a.URL, x.Type, x.Status, x.Companies, x.Quote)
				}
				continue
			}
			if a.URL == firstStory {
				strict++
				checkSlots(t, x, found[a.URL][i])
			}
		}
	}
	if strict != 6 {
		t.Errorf("the slots of %d events were checked, want the 6 of the article that the project began with", strict)
	}
}

// TestDevelopmentsOfThePress: what is worth a mail is one development, with all the articles that tell it, across languages, copies and
// the official confirmation.
func TestDevelopmentsOfThePress(t *testing.T) {
	expected, w := crawledPress(t)
	rows, err := w.st.Developments(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range expected.Developments {
		if !slices.Contains(expected.Mails, x.ID) {
			continue
		}
		var found []store.DevelopmentRow
		for _, d := range rows {
			if d.Type == x.Type && d.Status == x.Status && overlap(x.Companies, d.Companies) && overlap(x.Items, d.Items) {
				found = append(found, d)
			}
		}
		if len(found) != 1 {
			t.Errorf("%s is %d developments: %+v", x.ID, len(found), found)
			continue
		}
		d := found[0]
		slices.Sort(d.URLs)
		slices.Sort(x.Articles)
		if !slices.Equal(d.URLs, x.Articles) {
			t.Errorf("%s: told by\n%v, want\n%v", x.ID, d.URLs, x.Articles)
		}
		if !d.Current || x.Official && !d.Official {
			t.Errorf("%s: current %v, official %v", x.ID, d.Current, d.Official)
		}
	}
}

func hasStatus(x demopress.ExpectedEvent, status string) bool {
	return x.Status == status || slices.Contains(x.StatusAlso, status)
}

func overlap(a, b []string) bool {
	return len(a) == 0 || slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func checkSlots(t *testing.T, x demopress.ExpectedEvent, e store.EventRow) {
	t.Helper()
	wrong := func(slot string, got, want any) {
		t.Errorf("%s/%s: %s is %v, want %v", x.Type, x.Status, slot, got, want)
	}
	if !slices.Equal(e.Companies, x.Companies) {
		wrong("companies", e.Companies, x.Companies)
	}
	if !slices.Contains(x.Authority, e.Authority) {
		wrong("authority", e.Authority, x.Authority)
	}
	for _, item := range x.Items {
		if !slices.Contains(e.Items, item) {
			wrong("items", e.Items, x.Items)
		}
	}
	if !slices.Equal(e.Destinations, x.Destinations) {
		wrong("destinations", e.Destinations, x.Destinations)
	}
	// A claim is as new as its latest wording in the article: the heading of the paragraph puts it into the present.
	if e.Current != x.Current && x.Type != "backdoor" {
		wrong("current", e.Current, x.Current)
	}
}
