package rules

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"exportwatch/extract"
)

// goldArticles are the labelled articles of a language.
func goldArticles(tb testing.TB, lang string) (articles []extract.Article, size int64) {
	tb.Helper()
	f, err := os.Open("../testdata/gold/" + lang + ".jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d struct{ Title, Text, Published string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			tb.Fatal(err)
		}
		articles = append(articles, extract.Article{
			Lang: lang, Title: d.Title, Text: d.Text, Kind: extract.KindArticle, Published: extract.Published{Day: d.Published},
		})
		size += int64(len(d.Title) + len(d.Text))
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return articles, size
}

// BenchmarkClassify measures the engine on the labelled articles beside the bare scan of the same text for all terms of the
// lexicons: the ratio of the two is what patterns, cues, slots and merging cost.
func BenchmarkClassify(b *testing.B) {
	rs, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	for _, lang := range []string{"en", "fr"} {
		articles, size := goldArticles(b, lang)
		l, err := rs.pack(lang)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(lang+"/scan", func(b *testing.B) {
			b.SetBytes(size)
			var tokens []token
			var found findings
			var f finder
			for b.Loop() {
				for _, a := range articles {
					for _, text := range []string{a.Title, a.Text} {
						for _, s := range l.split(text) {
							tokens = l.tokenize(text, s.start, s.end, tokens[:0])
							found = f.find(tokens, findings{found.triggers[:0], found.spans[:0]})
						}
					}
				}
			}
		})
		b.Run(lang+"/classify", func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				for _, a := range articles {
					if _, err := rs.Classify(a); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkLoad measures what a program pays before its first article: gazetteers, and the packs of English and French.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		rs, err := Load(embedded)
		if err != nil {
			b.Fatal(err)
		}
		if err := rs.Check(); err != nil {
			b.Fatal(err)
		}
	}
}
