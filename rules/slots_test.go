package rules

import (
	"strings"
	"testing"
	"time"

	"exportwatch/extract"

	"github.com/google/go-cmp/cmp"
)

func mustDay(t *testing.T, s string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// TestMerge holds what becomes one event and what stays two: type/status, current, companies, authority, items, destinations.
func TestMerge(t *testing.T) {
	tests := []struct {
		name, title, text string
		want              []string
	}{
		{
			"a fact told twice is one event, with the slots of both", "Nvidia gets its licences for the H20",
			"The Commerce Department has granted the company licences to ship its chips to China.",
			[]string{"license/granted current nvidia us-commerce nvidia-h20 CN"},
		},
		{
			"two licensees are two events", "",
			"The Commerce Department granted Nvidia a licence to export the H20 to China. It granted AMD a licence to export the MI308 to China.",
			[]string{"license/granted current nvidia us-commerce nvidia-h20 CN", "license/granted current amd us-commerce amd-mi308 CN"},
		},
		{
			"the same as news and as recap is one, current", "",
			"In April the Commerce Department granted Nvidia a licence to export the H20 to China.\n\nThe Commerce Department has granted Nvidia licences to export the H20 to China.",
			[]string{"license/granted current nvidia us-commerce nvidia-h20 CN"},
		},
		{
			"the government gives way to the department that the article names", "",
			"Nvidia filed its papers with the Commerce Department.\n\nThe US government has granted Nvidia licences to export the H20 to China.",
			[]string{"license/granted current nvidia us-commerce nvidia-h20 CN"},
		},
		{
			"a name with a condition needs it", "",
			"Water (H2O) for the plant got its licence to ship. The Commerce Department granted it on Friday.",
			[]string{"license/granted current  us-commerce  "},
		},
		{
			"an item of the clause, not its kind", "",
			"The Commerce Department has granted Nvidia licences for AI chips such as the H20, which go to China.",
			[]string{"license/granted current nvidia us-commerce nvidia-h20 CN"},
		},
	}
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extract.Article{Lang: "en", Title: tt.title, Text: tt.text, Published: extract.Published{Day: "2025-08-12"}}
			var got []string
			events, err := rs.Classify(a)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Type != "license" || e.Status != "granted" {
					continue
				}
				news := "background"
				if e.Current {
					news = "current"
				}
				got = append(got, strings.Join([]string{
					e.Type + "/" + e.Status, news, strings.Join(e.Companies, ","), e.Authority, strings.Join(e.Items, ","), strings.Join(e.Destinations, ","),
				}, " "))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s\n%s", diff, rs.Explain(a))
			}
		})
	}
}

// TestAttribution: whose word it is.
func TestAttribution(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"The Commerce Department has granted Nvidia licences for the H20.":                                                                         "official",
		"Nvidia has been granted licences to export the H20, two people familiar with the matter said.":                                            "reported",
		"Nvidia has been granted licences to export the H20, Reuters reported. The company confirmed on Monday that it had received the licences.": "official",
	} {
		events, _ := rs.Classify(extract.Article{Lang: "en", Text: text, Published: extract.Published{Day: "2025-08-12"}})
		if len(events) == 0 || events[0].Attribution != want {
			t.Errorf("%s: %+v, want %s", text, events, want)
		}
	}
}

// TestNews: what others usually do makes no news of what somebody did long ago.
func TestNews(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	events, err := rs.Classify(extract.Article{
		Lang: "en", Published: extract.Published{Day: "2025-08-12"},
		Text: "Lam Research applied in March for a licence to export etch tools to China. People who file these requests say that most of them simply age in a drawer.",
	})
	if err != nil || len(events) == 0 || events[0].Status != "sought" || events[0].Current {
		t.Errorf("%+v, %v: want a request of March as background", events, err)
	}
}

func TestCountry(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for authority, want := range map[string]string{"us-bis": "US", "cn-cac": "CN", "uk-government": "GB", "nobody": "", "": ""} {
		if got := rs.Country(authority); got != want {
			t.Errorf("Country(%q) = %q, want %q", authority, got, want)
		}
	}
}
