package crawler

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

const feedBase = "https://news.test/feeds/all.xml"

func TestFeedLinks(t *testing.T) {
	at := time.Date(2025, 7, 15, 8, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		name, feed string
		want       []Link
	}{
		{
			"RSS 2.0", `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
			<title>News</title><language>en-gb</language>
			<item><title>H20 &amp;amp; more</title><link> /a?utm_source=rss#top </link>
			<pubDate>Tue, 15 Jul 2025 10:30:00 +0200</pubDate><dc:creator>Ada Writer</dc:creator>
			<description><![CDATA[<p>The <b>US</b>&nbsp;grants<br>licences.</p><script>x()</script>]]></description></item>
			<item><title>No link</title></item>
			<item><title>Only a guid</title><guid>https://news.test/b</guid></item>
			<item><title>Mail</title><link>mailto:a@news.test</link></item>
			</channel></rss>`,
			[]Link{
				{
					URL: "https://news.test/a?utm_source=rss", Title: "H20 & more", Published: at,
					Date: "Tue, 15 Jul 2025 10:30:00 +0200", Authors: []string{"Ada Writer"}, Language: "en-gb",
					Summary: "The US grants licences.",
				},
				{URL: "https://news.test/b", Title: "Only a guid", Language: "en-gb"},
			},
		},
		{
			"Atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>News</title>
			<entry><title type="html">&lt;i&gt;Nvidia&lt;/i&gt; darf</title><link rel="alternate" href="a"/>
			<author><name>B. Autor</name></author><published>2025-07-15T10:30:00+02:00</published>
			<updated>2025-07-16T00:00:00Z</updated><summary>Kurz.</summary></entry>
			<entry><title>B</title><link href="https://news.test/b"/><updated>2025-07-15T08:30:00Z</updated></entry></feed>`,
			[]Link{
				{
					URL: "https://news.test/feeds/a", Title: "Nvidia darf", Published: at, Date: "2025-07-15T10:30:00+02:00",
					Authors: []string{"B. Autor"}, Language: "de", Summary: "Kurz.",
				},
				{URL: "https://news.test/b", Title: "B", Published: at, Date: "2025-07-15T08:30:00Z", Language: "de"},
			},
		},
		{
			"RSS 1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
			xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title></channel>
			<item rdf:about="https://news.test/a"><title>A</title><link>https://news.test/a</link><dc:date>2025-07-15T17:30+09:00</dc:date></item></rdf:RDF>`,
			[]Link{{URL: "https://news.test/a", Title: "A", Published: at, Date: "2025-07-15T17:30+09:00"}},
		},
		{
			"JSON feed", `{"version":"https://jsonfeed.org/version/1.1","title":"T","language":"fr","items":[
			{"id":"1","url":"https://news.test/a","title":"\u001bA\u009b\nB","date_published":"2025-07-15T08:30:00Z","authors":[{"name":"C"}]}]}`,
			[]Link{{
				URL: "https://news.test/a", Title: "A B", Published: at, Date: "2025-07-15T08:30:00Z",
				Authors: []string{"C"}, Language: "fr",
			}},
		},
		{"no items", `<rss version="2.0"><channel><title>T</title></channel></rss>`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := feedLinks([]byte(test.feed), "", feedBase)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

// A date without a zone, or in one that could be several, stays words.
func TestFeedDates(t *testing.T) {
	for date, want := range map[string]string{
		"Tue, 15 Jul 2025 08:30:00 GMT":    "2025-07-15T08:30:00Z",
		"Tue, 15 Jul 2025 04:30:00 EDT":    "2025-07-15T08:30:00Z",
		"Tue, 15 Jul 2025 10:30:00 CEST":   "2025-07-15T08:30:00Z",
		"Tue, 15 Jul 2025 10:30:00 +0200":  "2025-07-15T08:30:00Z",
		"2025-07-15T10:30:00+02:00":        "2025-07-15T08:30:00Z",
		"2025-07-15T10:30:00.123+02:00":    "2025-07-15T08:30:00Z",
		"2025-07-15T08:30:00Z":             "2025-07-15T08:30:00Z",
		"Tue, 15 Jul 2025 16:30:00 CST":    "",
		"Tue, 15 Jul 2025 17:30:00 JST":    "",
		"Tue, 15 Jul 2025 08:30:00":        "",
		"2025-07-15 08:30:00":              "",
		"2025-07-15":                       "",
		"15-07-2025":                       "",
		"mar., 15 juil. 2025 10:30 +0200":  "",
		"Di, 15 Juli 2025 10:30:00 +02:00": "",
	} {
		links, err := feedLinks(fmt.Appendf(nil, `<rss version="2.0"><channel><item><link>/a</link><pubDate>%s</pubDate></item></channel></rss>`, date), "", feedBase)
		if err != nil || len(links) != 1 {
			t.Fatalf("%s: %v, %v", date, links, err)
		}
		got := ""
		if !links[0].Published.IsZero() {
			got = links[0].Published.Truncate(time.Second).Format(time.RFC3339)
		}
		if got != want || links[0].Date != date {
			t.Errorf("%q: published %q, date %q; want %q and the date as it is", date, got, links[0].Date, want)
		}
	}
}

func TestFeedCharsets(t *testing.T) {
	text := func(label, title string) string {
		if label != "" {
			label = fmt.Sprintf(` encoding="%s"`, label)
		}
		return fmt.Sprintf(`<?xml version="1.0"%s?><rss version="2.0"><channel><item><title>%s</title><link>/a</link></item></channel></rss>`, label, title)
	}
	bytesOf := func(s string, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return []byte(s)
	}
	for _, test := range []struct {
		name     string
		body     []byte
		declared string
		want     string
	}{
		{"UTF-8", []byte(text("utf-8", "Größe")), "", "Größe"},
		{"UTF-8 labelled as Latin-1", []byte(text("ISO-8859-1", "Größe")), "", "Größe"},
		{"UTF-8 with a mark", []byte("\ufeff" + text("", "Größe")), "", "Größe"},
		{"UTF-8 with a bad byte", []byte(text("utf-8", "Gr\xf6ße")), "", "Gr\ufffdße"},
		{"control characters", []byte(text("utf-8", "Grö\x00\x08ße")), "", "Größe"},
		{"windows-1252 by prolog", bytesOf(charmap.Windows1252.NewEncoder().String(text("windows-1252", "Größe – €"))), "", "Größe – €"},
		{"windows-1252 by header", bytesOf(charmap.Windows1252.NewEncoder().String(text("", "Größe"))), "windows-1252", "Größe"},
		{"Shift JIS", bytesOf(japanese.ShiftJIS.NewEncoder().String(text("Shift_JIS", "輸出規制"))), "", "輸出規制"},
		{"ISO-2022-JP", bytesOf(japanese.ISO2022JP.NewEncoder().String(text("ISO-2022-JP", "輸出規制"))), "", "輸出規制"},
		{"UTF-16", bytesOf(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text("utf-16", "輸出規制"))), "", "輸出規制"},
		{"unknown label", []byte(text("klingon", "Größe")), "", "Größe"},
	} {
		t.Run(test.name, func(t *testing.T) {
			links, err := feedLinks(test.body, test.declared, feedBase)
			if err != nil || len(links) != 1 || links[0].Title != test.want {
				t.Errorf("got %+v, %v; want the title %q", links, err, test.want)
			}
		})
	}
}

func TestFeedBroken(t *testing.T) {
	item := func(n int) string {
		return fmt.Sprintf("<item><title>T%d</title><link>https://news.test/%d</link></item>", n, n)
	}
	head := `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>`
	for _, test := range []struct {
		name, feed string
		links      int
		broken     bool
	}{
		{"whole", head + item(1) + item(2) + `</channel></rss>`, 2, false},
		{"cut inside an item", head + item(1) + item(2) + `<item><title>T`, 2, true},
		{"cut inside a tag", head + item(1) + item(2) + `<item><ti`, 2, true},
		{"cut inside CDATA", head + item(1) + item(2) + `<item><title><![CDATA[T`, 2, true},
		{"cut between items", head + item(1) + item(2), 2, true},
		{"cut before the first item", head, 0, true},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title><link href="https://news.test/1"/></entry><entry><tit`, 1, true},
		{"RSS 1.0 with prefixes", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>` + item(1) + item(2) + `<item><tit`, 2, true},
		{"HTML in a description", head + `<item><link>https://news.test/1</link><description>a<br>b &nbsp; c</description></item>` + item(2) + `</channel></rss>`, 2, false},
		{"a bare ampersand", head + `<item><title>A & B</title><link>https://news.test/1</link></item></channel></rss>`, 1, false},
		{"too deep", head + item(1) + "<item>" + strings.Repeat("<a:b>", 1000000), 1, true},
		{"too many elements", head + item(1) + "<item>" + strings.Repeat("<a/>", maxFeedElements), 1, true},
		{"more items than are taken", head + strings.Repeat(item(1), maxLinks) + "<item>" + strings.Repeat("<item/>", 100_000), maxLinks, false},
		{"no objects where items should be", `{"version":"https://jsonfeed.org/version/1","items":[null]}`, 0, true},
		{"too many objects", `{"version":"https://jsonfeed.org/version/1","items":[{}` + strings.Repeat(",{}", maxFeedElements) + `]}`, 0, true},
		{"an address longer than any", head + `<item><link>https://news.test/` + strings.Repeat("a", maxAddress) + `</link></item>` + item(1) + `</channel></rss>`, 1, false},
		{"HTML", "<!doctype html><html><body>Not found</body></html>", 0, true},
		{"nothing", "", 0, true},
		{"JSON of another kind", `{"error":"not found"}`, 0, true},
		{"half a JSON feed", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"https://news.test/1"}`, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			links, err := feedLinks([]byte(test.feed), "", feedBase)
			if len(links) != test.links || (err != nil) != test.broken {
				t.Errorf("%d links, error %v; want %d links and an error: %v", len(links), err, test.links, test.broken)
			}
		})
	}
}

func TestFeedLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel>`)
	long := strings.Repeat("ü", maxSummary)
	fmt.Fprintf(&b, "<item><title>%s</title><description>%s</description><link>/0</link></item>", long, long)
	for i := range maxLinks {
		fmt.Fprintf(&b, "<item><link>/%d</link></item>", i+1)
	}
	b.WriteString(`</channel></rss>`)
	links, err := feedLinks([]byte(b.String()), "", feedBase)
	if err != nil || len(links) != maxLinks {
		t.Fatalf("%d links, %v; want %d", len(links), err, maxLinks)
	}
	if got := len(links[0].Title); got > maxLinkField || got < maxLinkField-1 {
		t.Errorf("a title of %d bytes, want at most %d", got, maxLinkField)
	}
	if got := len(links[0].Summary); got > maxSummary {
		t.Errorf("a summary of %d bytes, want at most %d", got, maxSummary)
	}
}

func FuzzFeedLinks(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0" encoding="latin1"?><rss version="2.0"><channel><item><link>/a</link></item></channel></rss>`), "")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="a"/></entry><entry`), "shift_jis")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"url":"/a"}]}`), "utf-16")
	f.Add([]byte(`<rdf:RDF><item></entry></item>`), "x")
	f.Fuzz(func(t *testing.T, body []byte, declared string) {
		links, _ := feedLinks(body, declared, feedBase)
		for _, link := range links {
			if !strings.HasPrefix(link.URL, "http") {
				t.Errorf("link %q", link.URL)
			}
		}
	})
}
