package extract

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var wordsYAML []byte

// wordLists is words.yaml, ready to use.
type wordLists struct {
	months   map[string]time.Month
	by       map[string]int // words that introduce a byline, and the fewest words that must follow
	and      map[string]bool
	notFound []string
	consent  []string
	paywall  []string
	function map[string][]string // languages by the words that hold their sentences together
}

// words is read once, by the first page. The file is ours: that it parses is what a test is for.
var words = sync.OnceValue(func() wordLists {
	w, err := parseWords(wordsYAML)
	if err != nil {
		panic(err)
	}
	return w
})

func parseWords(b []byte) (wordLists, error) {
	var file struct {
		Months   []string          `yaml:"months"`
		By       []string          `yaml:"by"`
		Particle []string          `yaml:"by_or_particle"`
		And      []string          `yaml:"and"`
		NotFound []string          `yaml:"not_found"`
		Consent  []string          `yaml:"consent"`
		Paywall  []string          `yaml:"paywall"`
		Function map[string]string `yaml:"function_words"`
	}
	if err := yaml.UnmarshalWithOptions(b, &file, yaml.Strict()); err != nil {
		return wordLists{}, fmt.Errorf("words.yaml: %w", err)
	}
	w := wordLists{
		months: map[string]time.Month{}, and: map[string]bool{}, by: map[string]int{},
		notFound: file.NotFound, consent: file.Consent, paywall: file.Paywall, function: map[string][]string{},
	}
	for i, forms := range file.Months {
		for name := range strings.FieldsSeq(forms) {
			if other, ok := w.months[name]; ok && other != time.Month(i+1) {
				return wordLists{}, fmt.Errorf("words.yaml: months: %q is both month %d and month %d", name, other, i+1)
			}
			w.months[name] = time.Month(i + 1)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(file.Function)) {
		for word := range strings.FieldsSeq(file.Function[lang]) {
			w.function[word] = append(w.function[word], lang)
		}
	}
	for _, word := range file.By {
		w.by[word] = 1
	}
	for _, word := range file.Particle {
		w.by[word] = 2
	}
	for _, word := range file.And {
		w.and[word] = true
	}
	return w, nil
}

// mentions reports whether text holds one of the phrases, in any case and with either apostrophe.
func mentions(text string, phrases []string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "'", "’")
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
