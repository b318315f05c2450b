package rules

import (
	"strings"
	"testing"

	"exportwatch/extract"
)

// article is a text of the length of a trade-press report, about 3.5 kB, with and without events.
func benchArticle() extract.Article {
	paragraph := "The Commerce Department has begun issuing licences that allow Nvidia to ship its H20 chips to China, two people briefed on the decision said on Friday. " +
		"The company filed its applications in mid-July, telling customers that it hoped to deliver soon. " +
		"Nothing in the quarter's figures, which were published last week, suggests that demand for servers has weakened in Europe or elsewhere.\n\n"
	return extract.Article{
		Lang: "en", Kind: extract.KindArticle, Title: "U.S. starts licensing Nvidia's H20 for China",
		Text: strings.Repeat(paragraph, 9), Published: extract.Published{Day: "2025-08-09"},
	}
}

// BenchmarkClassify measures the whole engine against its own first step: what segmentation into words alone costs is the
// floor, the ratio is what the rules add.
func BenchmarkClassify(b *testing.B) {
	rs, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	a := benchArticle()
	l, err := rs.pack(a.Lang)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("words", func(b *testing.B) {
		b.SetBytes(int64(len(a.Text)))
		for b.Loop() {
			for _, s := range l.split(a.Text) {
				l.tokenize(a.Text, s.start, s.end, nil)
			}
		}
	})
	b.Run("events", func(b *testing.B) {
		b.SetBytes(int64(len(a.Text)))
		for b.Loop() {
			if events, err := rs.Classify(a); err != nil || len(events) == 0 {
				b.Fatal("no events")
			}
		}
	})
}

// BenchmarkCompile measures what the first article of a language costs.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		rs, err := Load(embedded)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := rs.pack("en"); err != nil {
			b.Fatal(err)
		}
	}
}
