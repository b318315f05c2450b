package extract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"exportwatch/extract"
)

func TestTitleVote(t *testing.T) {
	tests := []struct {
		name, head, body string
		hints            extract.Hints
		want             string
	}{
		{name: "site name after a bar", head: `<title>Licence granted | Harbour Post</title><meta property="og:site_name" content="Harbour Post">`, want: "Licence granted"},
		{name: "site name before", head: `<title>Harbour Post: news - Licence granted</title>`, body: `<h1>Licence granted</h1>`, want: "Licence granted"},
		{name: "site known by its source", head: `<title>Licence granted - Harbour Post</title>`, hints: extract.Hints{SiteName: "Harbour Post"}, want: "Licence granted"},
		{name: "site known by its host", head: `<title>Licence granted – harbour.test</title>`, want: "Licence granted"},
		{name: "section and site", head: `<title>Licence granted for lathes | Politics | Harbour Post</title>`, hints: extract.Hints{SiteName: "Harbour Post"}, want: "Licence granted for lathes"},
		{name: "a dash of the title stays", head: `<title>Licence granted - at last</title>`, want: "Licence granted - at last"},
		{name: "a section that another claim lacks", head: `<meta property="og:title" content="Licence granted | Opinion"><meta name="twitter:title" content="Licence granted | Opinion"><script type="application/ld+json">{"@type":"Article","headline":"Licence granted"}</script>`, want: "Licence granted"},
		{name: "the heading confirms", head: `<title>Lathes cleared</title><meta property="og:title" content="You won’t believe this">`, body: `<h1>Lathes cleared</h1>`, want: "Lathes cleared"},
		{name: "the heading is the site", head: `<title>Licence granted</title><meta property="og:site_name" content="Harbour Post">`, body: `<h1>Harbour Post</h1>`, want: "Licence granted"},
		{name: "only the feed knows", body: `<p>Text.</p>`, hints: extract.Hints{Title: "Licence granted"}, want: "Licence granted"},
		{name: "entities and controls", head: "<title>R&amp;D\u202e licence\u0007 &#233;largie</title>", want: "R&D licence élargie"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extractPage(t, "https://www.harbour.test/a", "<head>"+tt.head+"</head><body>"+tt.body+"</body>", tt.hints)
			if a.Title != tt.want {
				t.Errorf("title %q, want %q", a.Title, tt.want)
			}
		})
	}
}

func TestAuthorsVote(t *testing.T) {
	linked := func(author string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"name":"Harbour Post"},"author":` + author + `}</script>`
	}
	tests := []struct {
		name, head, body string
		want             []string
	}{
		{name: "string", head: linked(`"By Ann Lee and Tom Okafor, Reuters"`), want: []string{"Ann Lee", "Tom Okafor", "Reuters"}},
		{name: "list of objects and strings", head: linked(`[{"@type":"Person","name":"Ann Lee"},"Tom Okafor",{"name":["Zoé Nuñez"]}]`), want: []string{"Ann Lee", "Tom Okafor", "Zoé Nuñez"}},
		{name: "nodes that name themselves", head: `<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","author":{"@id":"#a"}},{"@type":"Person","@id":"#a","name":[{"@id":"#a"},{"@id":"#a"},{"@id":"#a"},{"@id":"#a"},{"@id":"#a"},{"@id":"#a"},{"@id":"#a"},{"@id":"#a"},"Ann Lee"]}]}</script>`, want: []string{"Ann Lee"}},
		{name: "without the house", head: linked(`[{"name":"Ann Lee"},{"name":"Harbour Post"}]`), want: []string{"Ann Lee"}},
		{name: "the house alone", head: linked(`{"name":"Harbour Post"}`), want: []string{"Harbour Post"}},
		{name: "the house gives way to a byline", head: linked(`{"name":"Harbour Post"}`), body: `<p class="byline">By Ann Lee</p>`, want: []string{"Ann Lee"}},
		{name: "no addresses or handles", head: `<meta name="author" content="https://facebook.com/ann"><meta name="author" content="@ann"><meta name="author" content="ann@a.test">`},
		{name: "each once", head: `<meta name="author" content="Ann Lee"><meta name="author" content="ANN LEE">`, want: []string{"Ann Lee"}},
		{name: "German byline", body: `<span class="article-author">Von Karla Wendt und Jo Brück</span>`, want: []string{"Karla Wendt", "Jo Brück"}},
		{name: "a surname, not a byline", head: `<meta name="author" content="Di Maio">`, want: []string{"Di Maio"}},
		{name: "card labels", head: `<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">`, want: []string{"Ann Lee"}},
		{name: "link to an author", body: `<a href="/author/ann">Ann Lee</a>`, want: []string{"Ann Lee"}},
		{name: "microdata", body: `<span itemprop="author"><i>Text</i><b itemprop="name">Ann Lee</b></span>`, want: []string{"Ann Lee"}},
		{name: "under the title in two pieces", body: `<h1>T</h1><div>By <a href="/p/7">Ann Lee</a></div>`, want: []string{"Ann Lee"}},
		{name: "not of comments", body: `<div id="comments"><span class="author">Troll</span></div>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extractPage(t, "https://www.harbour.test/a", "<head>"+tt.head+"</head><body>"+tt.body+"</body>", extract.Hints{})
			if diff := cmp.Diff(tt.want, a.Authors); diff != "" {
				t.Errorf("authors -want +got:\n%s", diff)
			}
		})
	}
}

func TestCanonicalURL(t *testing.T) {
	const own = "https://www.harbour.test/news/lathes?utm_source=rss"
	tests := []struct{ name, head, want string }{
		{"none", ``, own},
		{"absolute", `<link rel="canonical" href="https://harbour.test/news/lathes#top">`, "https://harbour.test/news/lathes"},
		{"relative", `<link rel="canonical" href="/news/lathes">`, "https://www.harbour.test/news/lathes"},
		{"another site", `<link rel="canonical" href="https://evil.test/news/lathes">`, own},
		{"the front page", `<link rel="canonical" href="https://www.harbour.test/">`, own},
		{"front page, then og:url", `<link rel="canonical" href="/"><meta property="og:url" content="https://www.harbour.test/n/1">`, "https://www.harbour.test/n/1"},
		{"a script", `<link rel="canonical" href="javascript:alert(1)">`, own},
		{"credentials", `<link rel="canonical" href="https://a:b@harbour.test/x">`, "https://harbour.test/x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if a := extractPage(t, own, "<head>"+tt.head+"</head>", extract.Hints{}); a.URL != tt.want {
				t.Errorf("URL %q, want %q", a.URL, tt.want)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct {
		name, declared, text string
		hint                 string
		want                 string
	}{
		{"the text before the page", "en-US", "Le ministère a accordé hier une licence d’exportation à l’entreprise, qui l’attendait depuis plusieurs mois, et les premières livraisons commenceront en septembre.", "", "fr"},
		{"short text: the page", "fr-CH", "Licence OK.", "de", "fr"},
		{"short text: the source", "", "Licence OK.", "de", "de"},
		{"Japanese with many ideographs", "", "経済産業省は輸出管理強化措置対象品目拡大方針を発表した。", "zh", "ja"},
		{"Chinese", "en", "商务部宣布暂停受理出口许可申请。", "", "zh"},
		{"Korean", "", "산업통상자원부는 수출 허가를 발표했다.", "", "ko"},
		{"one English sentence, full of names", "", "The US Commerce Department granted Nvidia a licence to export H20 chips to China on Friday.", "", "en"},
		{"Dutch, not German", "", "De minister heeft gisteren een vergunning verleend voor de uitvoer van machines naar China, zo blijkt uit een brief aan de Kamer.", "", "nl"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			html := `<html lang="` + tt.declared + `"><body><p>` + tt.text + `</p></body></html>`
			a, err := extract.Extract(page("https://a.test/x", []byte(html)), extract.Hints{Language: tt.hint})
			if err != nil {
				t.Fatal(err)
			}
			if a.Lang != tt.want {
				t.Errorf("lang %q, want %q (text %q)", a.Lang, tt.want, a.Text)
			}
		})
	}
}
