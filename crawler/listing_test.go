package crawler

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestListingLinks(t *testing.T) {
	const page = `<html><head><base href="/press/"></head><body>
	<nav><a href="/about">About</a></nav>
	<article><h2><a href="a#top">First <b>st</b>ory</a></h2></article>
	<article><h2><a href="https://other.test/b?utm_source=x"> Second
	story </a></h2><a href="/tag">tag</a></article>
	<article><h2><a href="mailto:x@y">Mail</a></h2></article>
	<article><h2>No link</h2></article>
	<article><h2><a href="c">Gr\u00f6\u00dfe</a></h2></article></body></html>`
	want := []Link{
		{URL: "https://news.test/press/a", Title: "First story"},
		{URL: "https://other.test/b?utm_source=x", Title: "Second story"},
		{URL: "https://news.test/press/c", Title: "Größe"},
	}
	body := []byte(strings.NewReplacer(`\u00f6`, "\xf6", `\u00df`, "\xdf").Replace(page))
	for _, selector := range []string{"article h2 a", "article", "article h2", "article:has(h2) > h2"} {
		got, err := listingLinks(body, "iso-8859-1", "https://news.test/index.html", selector)
		if err != nil {
			t.Fatalf("%s: %v", selector, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", selector, diff)
		}
	}
}

func TestListingLinksErrors(t *testing.T) {
	const base = "https://news.test/"
	var fonts strings.Builder // each left open, and opened again in each paragraph
	for i := range 400 {
		fmt.Fprintf(&fonts, "<font size=%d>", i)
	}
	for _, test := range []struct{ name, body, selector, want string }{
		{"no link", `<a href="/a">A</a>`, "article a", `selector "article a" finds no link`},
		{"no page", "", "a", "finds no link"},
		{"bad selector", `<a href="/a">A</a>`, "a[", `selector "a["`},
		{"formatting bomb", "<p>" + fonts.String() + "</p>" + strings.Repeat("<p>x</p>", 6000), "a", "unclosed formatting"},
		{"too deep", strings.Repeat("<div>", 1000) + `<a href="/a">A</a>`, "a", "malformed listing"},
	} {
		links, err := listingLinks([]byte(test.body), "", base, test.selector)
		if err == nil || !strings.Contains(err.Error(), test.want) || links != nil {
			t.Errorf("%s: %v, %v; want an error with %q", test.name, links, err, test.want)
		}
	}
}

func FuzzListingLinks(f *testing.F) {
	f.Add([]byte(`<base href=//x><a href="a">A<a href=b>B`), "utf-16", "a")
	f.Add([]byte(`<table><base href="mailto:x"><template><a href="?">`), "", "template a, *:has(a)")
	f.Fuzz(func(t *testing.T, body []byte, declared, selector string) {
		links, err := listingLinks(body, declared, "https://news.test/", selector)
		if (len(links) == 0) == (err == nil) {
			t.Errorf("%d links, %v", len(links), err)
		}
		for _, link := range links {
			if !strings.HasPrefix(link.URL, "http") {
				t.Errorf("link %q", link.URL)
			}
		}
	})
}
