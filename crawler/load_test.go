package crawler

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultSources(t *testing.T) {
	sources, err := DefaultSources()
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 30 {
		t.Errorf("%d sources are shipped, want at least 30", len(sources))
	}
	for _, s := range sources {
		if s.Timezone == defaultTimezone || s.Interval < defaultInterval || s.Every < defaultEvery || s.MaxArticles == 0 || s.Disabled {
			t.Errorf("%s: no time zone, or too eager: %+v", s.ID, s)
		}
	}
}

func TestLoadSources(t *testing.T) {
	fsys := fstest.MapFS{
		"s/b.yaml": {Data: []byte("id: b\nname: B\ndiscover:\n  - feed: https://b.test/feed\n")},
		"s/a.yml": {Data: []byte(`
id: a
name: "A & Co"
homepage: https://a.test/
country: DE
language: de
kind: trade_press
timezone: Europe/Berlin
interval: 1500ms
every: 1h30m
max_articles: 7
disabled: true
discover:
  - feed: https://a.test/feed
  - listing: https://a.test/news
    links: article > a[href^="/news/"]
`)},
		"s/README.md": {Data: []byte("not a source")},
		"s/d/c.yaml":  {Data: []byte("not looked at")},
	}
	got, err := LoadSources(fsys, "s")
	if err != nil {
		t.Fatal(err)
	}
	want := []Source{
		{
			ID: "a", Name: "A & Co", Homepage: "https://a.test/", Country: "DE", Language: "de", Kind: "trade_press",
			Timezone: "Europe/Berlin", Interval: Duration(1500 * time.Millisecond), Every: Duration(90 * time.Minute),
			MaxArticles: 7, Disabled: true,
			Discover: []Discovery{
				{Feed: "https://a.test/feed"},
				{Listing: "https://a.test/news", Links: `article > a[href^="/news/"]`},
			},
		},
		{
			ID: "b", Name: "B", Timezone: defaultTimezone, Interval: defaultInterval, Every: defaultEvery,
			MaxArticles: defaultMaxArticles, Discover: []Discovery{{Feed: "https://b.test/feed"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}

func TestLoadSourcesErrors(t *testing.T) {
	const good = "id: x\nname: X\ndiscover:\n  - feed: https://x.test/feed\n"
	for _, test := range []struct {
		name, yaml string
		want       []string // one line each
	}{
		{"empty", "", []string{`x.yaml:1: the file is empty; it should describe a source: id, name, discover`}},
		{"only a comment", "# nothing\n", []string{`x.yaml:1: the file is empty; it should describe a source: id, name, discover`}},
		{"no YAML", "id: x\nname: [", []string{`x.yaml:2: `}},
		{"a list", "- id: x\n", []string{`x.yaml:1: `}},
		{"two documents", good + "---\n" + good, []string{`x.yaml:6: a second document; give each source a file of its own`}},
		{"unknown field", good + "intervall: 2s\n", []string{`x.yaml:5: unknown field "intervall" (did you mean interval ?)`}},
		{"unknown field in discover", "id: x\nname: X\ndiscover:\n  - fed: https://x.test/feed\n", []string{`x.yaml:4: unknown field "fed" (did you mean feed ?)`}},
		{"unknown field like no other", good + "zzzzzz: 2s\n", []string{`x.yaml:5: unknown field "zzzzzz"; known are id, name, homepage, country, language, kind, timezone, discover, interval, every, max_articles, disabled, feed, listing, links`}},
		{"field twice", good + "id: y\n", []string{`x.yaml:5: mapping key "id" already defined at [1:1]`}},
		{"no number", good + "max_articles: many\n", []string{`x.yaml:5: `}},
		{"no duration", good + "interval: 2\n", []string{`x.yaml:5: not a duration: "2"; write it as in 2s or 1h30m`}},
		{"negative", good + "interval: -2s\nevery: -1h\nmax_articles: -1\n", []string{
			`x.yaml:5: interval: negative; leave it out for 2s`,
			`x.yaml:6: every: negative; leave it out for 1h0m0s`,
			`x.yaml:7: max_articles: negative; leave it out for 40`,
		}},
		{"nothing said", "disabled: true\n", []string{
			`x.yaml:1: id: missing; give the source a short name of its own, as in id: heise`,
			`x.yaml:1: name: missing; write it as readers know it`,
			`x.yaml:1: discover: missing; name at least one feed, or a listing with the selector of its links`,
		}},
		{"settings", "id: X Y\nname: X\nhomepage: x.test\ncountry: Germany\nlanguage: english!\nkind: trade-press\ntimezone: Europe/Bonn\ndiscover:\n  - feed: https://x.test/feed\n", []string{
			`x.yaml:1: id: "X Y": want lower-case letters and digits, joined by hyphens`,
			`x.yaml:3: homepage: not a URL of http or https: "x.test" (did you mean https://x.test ?)`,
			`x.yaml:4: country: "Germany": want two capital letters of ISO 3166, as in DE`,
			`x.yaml:5: language: "english!": want a BCP 47 tag, as in en or zh-Hant`,
			`x.yaml:6: kind: "trade-press" is no kind of source (did you mean trade_press ?)`,
			`x.yaml:7: timezone: "Europe/Bonn": want a name of the IANA list, as in Europe/Berlin`,
		}},
		{"addresses", "id: x\nname: X\ndiscover:\n  - feed: heise.de/feed\n  - feed: ftp://x.test/feed\n  - feed: /feed\n  - feed: https://\n  - feed: https://x.test:99999/\n", []string{
			`x.yaml:4: discover[0].feed: not a URL of http or https: "heise.de/feed" (did you mean https://heise.de/feed ?)`,
			`x.yaml:5: discover[1].feed: not a URL of http or https: "ftp://x.test/feed"`,
			`x.yaml:6: discover[2].feed: not a URL of http or https: "/feed"`,
			`x.yaml:7: discover[3].feed: not a URL of http or https: "https://"`,
			`x.yaml:8: discover[4].feed: address "https://x.test:99999/": `,
		}},
		{"feeds and listings", `id: x
name: X
discover:
  - feed: https://x.test/feed
    listing: https://x.test/news
  - links: h2 a
  - feed: https://x.test/feed
    links: h2 a
  - listing: https://x.test/news
  - listing: https://x.test/news
    links: "h2 a["
`, []string{
			`x.yaml:4: discover[0]: a feed and a listing in one entry; give each its own`,
			`x.yaml:6: discover[1]: neither feed nor listing; name the address of one`,
			`x.yaml:8: discover[2].links: a feed names its links itself; leave links out, or write listing instead of feed`,
			`x.yaml:9: discover[3]: a listing without links; add the CSS selector of its article links, as in links: h2 a`,
			`x.yaml:11: discover[4].links: "h2 a[" is no CSS selector: `,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			// A good file on either side: none of these mistakes may silence it.
			fsys := fstest.MapFS{
				"a.yaml": {Data: []byte("id: a\nname: A\ndiscover:\n  - feed: https://a.test/feed\n")},
				"x.yaml": {Data: []byte(test.yaml)},
				"z.yaml": {Data: []byte("id: z\nname: Z\ndiscover:\n  - feed: https://z.test/feed\n")},
			}
			sources, err := LoadSources(fsys, ".")
			if len(sources) != 2 || sources[0].ID != "a" || sources[1].ID != "z" {
				t.Errorf("good sources: %+v; want a and z", sources)
			}
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("got\n%v\nwant %d lines", err, len(test.want))
			}
			for i, line := range lines {
				if !strings.HasPrefix(line, test.want[i]) {
					t.Errorf("got  %s\nwant %s", line, test.want[i])
				}
			}
		})
	}
}

func TestLoadSourcesDuplicate(t *testing.T) {
	const text = "name: X\nid: x\ndiscover:\n  - feed: https://x.test/feed\n"
	sources, err := LoadSources(fstest.MapFS{"d/a.yaml": {Data: []byte(text)}, "d/b.yaml": {Data: []byte(text)}}, "d")
	const want = `d/b.yaml:2: id: "x" is taken by d/a.yaml:2; give one of them another id`
	if err == nil || err.Error() != want || len(sources) != 1 {
		t.Errorf("got %d sources and %v; want the first source and %s", len(sources), err, want)
	}
	if _, err := LoadSources(fstest.MapFS{}, "nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func FuzzLoadSources(f *testing.F) {
	f.Add([]byte("id: x\nname: X\ndiscover:\n  - feed: https://x.test/feed\n"))
	f.Add([]byte("a: &a [*a]\n? [\n---\n"))
	f.Add([]byte("interval: {}\ndiscover: [[{feed: 1}]]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sources, err := LoadSources(fstest.MapFS{"x.yaml": {Data: data}}, ".")
		if (len(sources) == 0) == (err == nil) {
			t.Errorf("%d sources, %v", len(sources), err)
		}
	})
}
