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
			"Water (H2O) for Intel got its licence to ship. The Commerce Department granted it on Friday.",
			[]string{"license/granted current intel us-commerce  "},
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
		"The Commerce Department has granted Nvidia licences for the H20.":                                                                                  "official",
		"Nvidia has been granted licences to export the H20 to China, two people familiar with the matter said.":                                            "reported",
		"Nvidia has been granted licences to export the H20 to China, Reuters reported. The company confirmed on Monday that it had received the licences.": "official",
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

// slotPack is a small language for [TestSlots].
var slotPack = map[string]string{
	"gazetteers/all.yaml": `
companies:
  - {slug: acme, country: US, trades: [toolmaker], names: [Acme]}
  - {slug: acme-labs, parent: acme, names: [Acme Labs]}
  - {slug: huawei, country: CN, trades: [telecom], names: [Huawei]}
items:
  - {slug: chips, names: [chips]}
  - {slug: ai-chips, parents: [chips], names: [accelerators]}
  - {slug: h20, parents: [ai-chips], names: [H20]}
  - {slug: magnets, names: [magnets]}
  - {slug: acme-zeta, parents: [ai-chips], names: [Zeta]}
authorities:
  - {slug: us-government, country: US, class: executive, names: [Washington]}
  - {slug: us-commerce, country: US, class: executive, parent: us-government, acts: [license], names: [Commerce]}
  - {slug: sa-government, country: SA, class: executive, names: [Riyadh]}
  - {slug: us-courts, country: US, class: court, names: [the court]}
countries:
  - {code: US, names: [America], demonyms: {xx: [American]}}
  - {code: CN, names: [China], demonyms: {xx: [Chinese]}}
  - {code: SA, names: [Arabia], demonyms: {xx: [Saudi]}}
`,
	"packs/xx/language.yaml": `
skip: [the]
topic: ["{permit}", "{bill}", "{fines}"]
destinations: ["{to} destinations=<country|company|authority>"]
antecedents:
  - {kind: company, terms: ["the [<demonym>] firm"]}
  - {kind: company, of: [toolmaker], terms: [the toolmaker]}
names:
  forms: ["{form}"]
  ends: ["{ends}"]
  patterns: ["{dealer} companies=<name>", "companies=<name> {comma} {dealer}"]
  persons: ["companies=<name> {comma} {owner}"]
lexicons:
  form: [Ltd, Inc]
  for: [for]
  ends: [Optics]
  dealer: [dealer]
  owner: [owner]
  comma: [","]
  to: [to]
  permit: [licence]
  grants: [granted]
  bill: [bill]
  passes: [passed]
  fines: [fined]
`,
	"packs/xx/license.yaml": `
rules:
  - id: xx.license.granted
    event: license/granted
    patterns: ["{grants} & {permit}"]
    yes: [Washington granted Acme the licence.]
    no: [Washington read the licence.]
  - id: xx.legislation.advanced
    event: legislation/advanced
    patterns: ["{bill} & {passes}"]
    yes: [The bill passed.]
    no: [The bill failed.]
  - id: xx.enforcement.penalized
    event: enforcement/penalized
    patterns: ["{fines} companies=<company> {for}"]
    bound: [companies]
    yes: [Washington fined Acme for it.]
    no: [Washington fined Acme.]
`,
}

// TestSlots holds where a slot is looked for when no pattern binds it: companies, authority, items, destinations.
func TestSlots(t *testing.T) {
	rs := loadTiny(t, slotPack)
	for _, tt := range []struct{ name, title, text, want string }{
		{"all in the clause", "", "Commerce granted Acme the licence for the H20 to China.", "license acme us-commerce h20 CN"},
		{"a customer is no licensee", "", "Commerce granted Acme the licence to Huawei.", "license acme us-commerce  CN"},
		{"but where nobody else is named", "", "Commerce granted the licence to Huawei.", "license huawei us-commerce  CN"},
		{"the maker of the goods", "News", "Huawei hopes. Huawei waits. Acme hopes. Rain. Rain. Rain. Rain. Commerce granted the licence for the Zeta.", "license acme us-commerce acme-zeta "},
		{"a capital that goods go to decides nothing", "", "Commerce spoke. Acme was granted a licence to Riyadh.", "license acme us-commerce  SA"},
		{"a government gives way to its department", "", "Commerce spoke. Washington granted Acme the licence.", "license acme us-commerce  "},
		{"the authority that the article is about", "Commerce and the court", "Rain. Rain. Rain. Rain. Acme was granted the licence.", "license acme us-commerce  "},
		{"a kind of goods is the product that the article is about", "The H20", "Rain. Commerce granted the licence for the chips.", "license  us-commerce h20 "},
		{"a kind that may be any is not fetched from afar", "", "Chips sell. Commerce granted Acme the licence. Magnets are old.", "license acme us-commerce  "},
		{"the country that the article is about", "", "China wants more. China hopes. Rain. Rain. Rain. Acme was granted the licence.", "license acme   CN"},
		{"goods that no sentence near names are what the article is about", "", "The H20 sells. The H20 is old. Rain. Rain. Commerce granted Acme the licence.", "license acme us-commerce h20 "},
		{"goods named once in passing are not", "", "Rain. The H20 sells. Rain. Rain. Rain. Rain. Commerce granted Acme the licence.", "license acme us-commerce  "},
		{"a bill takes its goods from its own sentence", "", "The H20 sells. Washington passed the bill.", "legislation  us-government  "},
		{"nothing says whose licence it is", "", "Commerce granted the licence to China.", ""},
		{"an antecedent is of the country that it names", "", "Acme sells, Acme buys, Huawei waits. Commerce granted the Chinese firm the licence for the H20.", "license huawei us-commerce h20 "},
		{"an antecedent is of its trade", "", "Huawei sells. Huawei buys. Acme waits. Huawei sleeps. Commerce granted the toolmaker the licence for the H20.", "license acme us-commerce h20 "},
		{"an antecedent beside a name is that name", "", "Acme sells. Acme buys. Commerce granted the firm Huawei the licence for the H20.", "license huawei us-commerce h20 "},
		{"a name with a legal form is of a company", "", "Commerce granted Nordic Überlicht, Inc. the licence for the H20.", "license nordic-uberlicht us-commerce h20 "},
		{"a legal form belongs to the name", "", "Washington fined Nordic Light Ltd for the H20.", "enforcement nordic-light us-government h20 "},
		{"a name with the word of a company", "", "Commerce granted Polar Optics the licence for the H20.", "license polar-optics us-commerce h20 "},
		{"a name that is introduced, and its first word after that", "", "Polar Bear, dealer since May, sells. Commerce granted Polar the licence for the H20.", "license polar-bear us-commerce h20 "},
		{"a place that a name begins with stays a place", "", "China Optics sells. Huawei is in China. Commerce granted Acme the licence for the H20 to China.", "license acme us-commerce h20 CN"},
		{"the last word of another name is no company", "", "Polar Optics sells. Commerce granted Acme, says Ann Polar, the licence for the H20.", "license acme us-commerce h20 "},
		{"a person is no company", "", "Ann Bear, owner and dealer, sells. Commerce granted Ann Bear the licence for the H20.", "license  us-commerce h20 "},
		{"off the topic", "", "Washington granted Acme the H20.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := extract.Article{Lang: "xx", Title: tt.title, Text: tt.text}
			events, err := rs.Classify(a)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, e := range events {
				got.WriteString(strings.Join([]string{e.Type, strings.Join(e.Companies, ","), e.Authority, strings.Join(e.Items, ","), strings.Join(e.Destinations, ",")}, " "))
			}
			if got.String() != tt.want {
				t.Errorf("%q, want %q\n%s", got.String(), tt.want, rs.Explain(a))
			}
		})
	}
}
