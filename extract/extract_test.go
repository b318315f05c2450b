package extract_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"exportwatch/crawler"
	"exportwatch/extract"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// golden is an article as the golden files show it.
type golden struct {
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Authors   []string     `json:"authors"`
	Published string       `json:"published"`
	Day       string       `json:"day"`
	Precision string       `json:"precision"`
	Lang      string       `json:"lang"`
	Kind      extract.Kind `json:"kind"`
	Text      []string     `json:"text"` // paragraphs
}

func TestExtractPages(t *testing.T) {
	tests := []struct {
		name  string
		url   string
		hints extract.Hints
	}{
		{name: "wordpress_fr", url: "https://www.lefil.test/2025/08/lumen-feu-vert/?utm_source=rss", hints: extract.Hints{SiteName: "Le Fil des Puces", Timezone: "Europe/Paris"}},
		{name: "windows_1252", url: "https://echo.test/a1.html", hints: extract.Hints{SiteName: "L'Écho des ports"}},
		{name: "graph", url: "https://harbourpost.test/news/lathes", hints: extract.Hints{Timezone: "America/New_York"}},
		{name: "listing", url: "https://harbourpost.test/topics/export-control"},
		{name: "paywall", url: "https://hafenblatt.test/plus/exportstopp", hints: extract.Hints{Timezone: "Europe/Berlin"}},
		{name: "soft_404", url: "https://lefil.test/2020/01/perdu/"},
		{name: "consent", url: "https://hafenblatt.test/wirtschaft/artikel"},
		{name: "login", url: "https://harbourpost.test/account"},
		{name: "stub", url: "https://harbourpost.test/photo/9"},
		{name: "shift_jis", url: "https://kowan.test/news/8.html", hints: extract.Hints{Timezone: "Asia/Tokyo"}},
		{name: "gbk", url: "https://gangkou.test/jj/12.html", hints: extract.Hints{Timezone: "Asia/Shanghai", SiteName: "港口日报"}},
		{name: "hidden", url: "https://agency.test/lists/q2", hints: extract.Hints{Published: time.Date(2025, 7, 14, 9, 0, 0, 0, time.UTC)}},
		{name: "local_date", url: "https://freight.test/fine", hints: extract.Hints{Timezone: "America/New_York", Authors: []string{"Feed Bot"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("testdata", tt.name+".html"))
			if err != nil {
				t.Fatal(err)
			}
			a, err := extract.Extract(page(tt.url, body), tt.hints)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(golden{
				a.URL, a.Title, a.Authors, a.Published.String(), a.Published.Day, a.Published.Precision(), a.Lang, a.Kind,
				strings.Split(a.Text, "\n\n"),
			}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", tt.name+".json")
			if *update {
				if err := os.WriteFile(path, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		})
	}
}

func page(url string, body []byte) crawler.Page {
	return crawler.Page{URL: url, FetchedAt: time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC), Status: 200, ContentType: "text/html", Body: body}
}

func TestExtractRefuses(t *testing.T) {
	var fonts strings.Builder
	for range 400 {
		fonts.WriteString("<font><b><i>")
	}
	tests := []struct {
		name, body, tz, want string
	}{
		{"nested too deep", strings.Repeat("<div>", 600) + "text", "", "512"},
		{"formatting bomb", "<p>" + fonts.String() + "</p>" + strings.Repeat("<p>x</p>", 2000), "", "unclosed formatting"},
		{"deep and long", strings.Repeat("<div>", 400) + strings.Repeat("<p>some text that goes on for a while</p>", 10_000), "", "nested too deep"},
		{"unknown zone", "<p>text", "Mars/Olympus", `time zone "Mars/Olympus"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := extract.Extract(page("https://a.test/deep", []byte(tt.body)), extract.Hints{Timezone: tt.tz})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "https://a.test/deep") {
				t.Errorf("error = %v, want one that names the page and says %q", err, tt.want)
			}
		})
	}
}

func TestExtractNotHTML(t *testing.T) {
	tests := []struct{ name, contentType, body string }{
		{"declared", "application/pdf", "<html>"},
		{"PDF called HTML", "text/html", "%PDF-1.7\n1 0 obj"},
		{"image", "", "\x89PNG\r\n\x1a\n"},
		{"feed", "text/html", `<rss version="2.0"><channel>`},
		{"feed after its prolog", "", `<?xml version="1.0"?> <feed xmlns="http://www.w3.org/2005/Atom">`},
		{"JSON", "", `{"a": 1}`},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := extract.Extract(crawler.Page{URL: "https://a.test/x", ContentType: tt.contentType, Body: []byte(tt.body)}, extract.Hints{})
			if err != nil || a.Kind != extract.KindNotHTML || a.Text != "" {
				t.Errorf("Extract = kind %q, text %q, %v; want not_html", a.Kind, a.Text, err)
			}
		})
	}
}

func TestHintsFrom(t *testing.T) {
	link := crawler.Link{Title: "T", Date: "vendredi", Authors: []string{"A"}}
	src := crawler.Source{Name: "N", Language: "fr", Timezone: "Europe/Paris"}
	want := extract.Hints{Title: "T", Date: "vendredi", Authors: []string{"A"}, Language: "fr", Timezone: "Europe/Paris", SiteName: "N"}
	if diff := cmp.Diff(want, extract.HintsFrom(link, src)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	link.Language = "de"
	if got := extract.HintsFrom(link, src).Language; got != "de" {
		t.Errorf("Language = %q: what the feed declares of the link comes before the source", got)
	}
}

func FuzzExtract(f *testing.F) {
	names, err := filepath.Glob("testdata/*.html")
	if err != nil || len(names) == 0 {
		f.Fatal("no pages in testdata", err)
	}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, "", "2025-08-08")
	}
	f.Add([]byte("<p>e<i>\u0301</i>\u202e\x00\xff"), "shift_jis", "Fri, 08 Aug 2025 10:00:00 GMT")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"\ud800"`), "utf-16", "8 août 2025")
	f.Fuzz(func(t *testing.T, body []byte, charset, date string) {
		p := page("https://a.test/x", body)
		p.Charset = charset
		a, err := extract.Extract(p, extract.Hints{Date: date, Title: date})
		if err != nil {
			return
		}
		fields := append([]string{a.Title, a.Published.String()}, a.Authors...)
		if a.Text != "" {
			fields = append(fields, strings.Split(a.Text, "\n\n")...)
		}
		for _, s := range fields {
			if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("not one line of NFC text: %q", s)
			}
		}
		if strings.Contains(a.Text, "\n\n\n") || strings.TrimSpace(a.Text) != a.Text {
			t.Errorf("an empty paragraph in %q", a.Text)
		}
	})
}

// BenchmarkExtract and its rival read the same page, so that one run compares them.
func BenchmarkExtract(b *testing.B) {
	body := benchmarkPage(b)
	b.Run("extract", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := extract.Extract(page("https://lefil.test/a", body), extract.Hints{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("readability", func(b *testing.B) {
		u, err := url.Parse("https://lefil.test/a")
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			a, err := readability.FromReader(bytes.NewReader(body), u)
			if err != nil {
				b.Fatal(err)
			}
			if err := a.RenderText(&strings.Builder{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchmarkPage is the WordPress page with a text and a navigation of usual size.
func benchmarkPage(b *testing.B) []byte {
	body, err := os.ReadFile("testdata/wordpress_fr.html")
	if err != nil {
		b.Fatal(err)
	}
	paragraph := []byte("<p>Le concurrent Orso, lui,")
	body = bytes.Replace(body, paragraph, append(bytes.Repeat([]byte("<p>La licence couvre, selon elles, les livraisons, les pièces et les services, sans limite de valeur.</p>\n"), 60), paragraph...), 1)
	return bytes.ReplaceAll(body, []byte(`<li><a href="/actus/">Actus</a></li>`), bytes.Repeat([]byte(`<li class="menu-item"><a href="/actus/">Actus</a></li>`), 200))
}
