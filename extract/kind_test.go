package extract_test

import (
	"strings"
	"testing"

	"exportwatch/extract"
)

// The kinds themselves are golden pages; here is what looks like one and is another.
func TestKindNearMisses(t *testing.T) {
	article := "<article><h1>Licence granted for lathes</h1>" + strings.Repeat("<p>The ministry granted the licence on Friday, after eleven weeks, two visits and a long exchange of letters, according to the exporter, who had hoped for a faster answer.</p>", 12) + "</article>"
	const closed = `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`
	tests := []struct {
		name, head, body string
		status           int
		want             extract.Kind
	}{
		{name: "closed by its metadata, yet all there", head: closed, body: article, want: extract.KindArticle},
		{name: "a gate class around the whole text", body: `<div class="paywall">` + article + `</div>`, want: extract.KindArticle},
		{name: "a gate only in words", head: `<meta property="og:type" content="article">`, body: `<h1>Fine</h1><p>The regulator fined a freight forwarder on Monday for shipping thermal cameras.</p><p>Already a subscriber? Read on.</p>`, want: extract.KindPaywall},
		{name: "a login box over an article", body: `<form><input type="password"></form>` + article, want: extract.KindArticle},
		{name: "a consent layer over an article", body: `<div id="onetrust-consent-sdk">We value your privacy</div>` + article, want: extract.KindArticle},
		{name: "the number 404 in a headline", head: `<title>404 machines cleared</title>`, body: article, want: extract.KindArticle},
		{name: "an article with many teasers under it", body: article + `<div>` + strings.Repeat(`<h3><a href="/x">Another article that you may like</a></h3>`, 12) + `</div>`, want: extract.KindArticle},
		{name: "an article about a page not found", head: `<title>Page not found: how the registry lost a licence</title>`, body: article, want: extract.KindArticle},
		{name: "a brief about something not found", head: `<title>Licence not found, says minister</title><meta property="og:type" content="article">`, body: `<h1>Licence not found, says minister</h1><p>The minister said on Monday that the licence for the thermal cameras could not be found in the archive.</p>`, want: extract.KindArticle},
		{name: "a brief with metadata", head: `<meta property="og:type" content="article">`, body: `<h1>Fine</h1><p>The regulator fined a freight forwarder on Monday for shipping thermal cameras to Cyprus without a licence.</p>`, want: extract.KindArticle},
		{name: "the same without", body: `<h1>Fine</h1><p>The regulator fined a freight forwarder on Monday for shipping thermal cameras to Cyprus without a licence.</p>`, want: extract.KindStub},
		{name: "the status says so", body: article, status: 410, want: extract.KindSoft404},
		{name: "the theme says so", body: `</body><body class="error404"><p>Nothing here.</p>`, want: extract.KindSoft404},
		{name: "a short list of links", body: `<h1>News</h1><ul><li><a href="/1">Ministry clears first shipment of lathes</a></li><li><a href="/2">Port holds equipment</a></li><li><a href="/3">Court upholds the fine</a></li></ul><p>The port’s own paper.</p>`, want: extract.KindListing},
		{name: "an article with some links", body: strings.ReplaceAll(article, "licence on", `<a href="/x">licence</a> on`), want: extract.KindArticle},
		{name: "a collection by its metadata", head: `<script type="application/ld+json">{"@type":"CollectionPage"}</script>`, body: "<p>All licences.</p>", want: extract.KindListing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := page("https://a.test/news/x", []byte("<!doctype html><html><head>"+tt.head+"</head><body>"+tt.body+"</body></html>"))
			if tt.status != 0 {
				p.Status = tt.status
			}
			a, err := extract.Extract(p, extract.Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if a.Kind != tt.want {
				t.Errorf("kind %q, want %q; text %.200q", a.Kind, tt.want, a.Text)
			}
		})
	}
}

func TestBoilerplate(t *testing.T) {
	text := strings.Repeat("<p>The ministry granted the licence on Friday, after eleven weeks and two visits, according to the exporter.</p>", 4)
	tests := []struct{ name, before, after string }{
		{name: "comments longer than the text", after: `<div id="comments">` + strings.Repeat("<p>GONE, and I have a long opinion on it, which I repeat, again and again.</p>", 40) + "</div>"},
		{name: "a comment form and its heading", after: "<h3>GONE, leave a comment</h3>\n<form><p>GONE, your address, please.</p><textarea></textarea></form>"},
		{name: "a heading that goes twice", after: `<h3 class="newsletter">GONE</h3><form class="newsletter"><input></form><h3 class="share">GONE</h3><form></form>`},
		{name: "a form around the page is not a form", before: "<form>", after: "</form>"},
		{name: "a layout called sidebar is not a sidebar", before: `<div class="sidebar-grid">`, after: `</div>`},
		{name: "a sidebar is", after: `<div class="sidebar"><p>GONE, the weather, the stock market, the horoscope.</p></div>`},
		{name: "hidden until a script runs is the text", before: `<div hidden>`, after: `</div>`},
		{name: "roles", after: `<div role="complementary"><p>GONE, more of our work, in full, for free.</p></div>`},
		{name: "captions", after: `<figure><img src="x"><figcaption>GONE, a lathe, in its hall.</figcaption></figure>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extractPage(t, "", "<body>"+tt.before+"<article><h1>Licence granted</h1>"+text+"</article>"+tt.after+"</body>", extract.Hints{})
			if n := strings.Count(a.Text, "The ministry"); n != 4 || strings.Contains(a.Text, "GONE") {
				t.Errorf("text %q", a.Text)
			}
		})
	}
}

func TestNothingTwice(t *testing.T) {
	a := extractPage(t, "", `<head><title>Licence granted | Harbour Post</title></head><body><article><p>Harbour Post</p><h1>Licence granted</h1><p>By Ann Lee</p><p>8 August 2025</p>
		<p>The ministry granted the licence on Friday, after eleven weeks, two visits and a long exchange of letters.</p>
		<p>On 8 August 2025 it wrote to Ann.</p></article></body>`, extract.Hints{SiteName: "Harbour Post"})
	const want = "The ministry granted the licence on Friday, after eleven weeks, two visits and a long exchange of letters.\n\nOn 8 August 2025 it wrote to Ann."
	if a.Text != want {
		t.Errorf("text %q, want %q", a.Text, want)
	}
}

func TestBodyFromJSONLD(t *testing.T) {
	linked := `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":%,"articleBody":"First paragraph, of some length, about the licence.\nSecond, with <b>markup</b> &amp; signs, and the end of it."}</script>`
	const want = "First paragraph, of some length, about the licence.\n\nSecond, with markup & signs, and the end of it."
	tests := []struct{ name, free, body, want string }{
		{"markup scatters it", "true", "<p>First paragraph.</p>", want},
		{"a gate, but free", "true", `<p>First paragraph.</p><div class="paywall"></div>`, want},
		{"closed", "false", "<p>First paragraph.</p>", "First paragraph."},
		{"a gate, and nothing said", "null", `<p>First paragraph.</p><div class="paywall"></div>`, "First paragraph."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extractPage(t, "", "<head>"+strings.Replace(linked, "%", tt.free, 1)+"</head><body>"+tt.body+"</body>", extract.Hints{})
			if a.Text != tt.want {
				t.Errorf("text %q, want %q", a.Text, tt.want)
			}
		})
	}
}
