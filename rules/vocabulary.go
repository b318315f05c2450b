package rules

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"
)

// A wordTest is one way to fit a word: the word itself, its stem, a part of it.
type wordTest struct {
	kind wordKind
	text string
}

type wordKind uint8

const (
	exactly  wordKind = iota // licence: whatever the case
	asCased                  // =Arm: as it is written
	stemmed                  // grant~: every word of that stem
	prefixed                 // genehmig*
	suffixed                 // *genehmigung
	holding                  // *port*
)

// A vocabulary numbers the word tests of a language, and the sets of them that terms use, and finds those that a word fits.
type vocabulary struct {
	ids   map[wordTest]int32
	sets  map[string]int32  // by their tests
	in    map[int32][]int32 // the sets that a test belongs to
	next  int32
	parts []wordTest // of kind holding, which no map can find
	stem  func(string) string

	seed  maphash.Seed
	known []atomic.Pointer[word] // each among the few places that its form gives it; bounded, since the words come from the network
}

const (
	// knownWords is how many words of a language are remembered: about 10 MB of honest ones, 50 MB of the longest.
	knownWords = 1 << 16
	// places is how many of them a word may stand at. The oldest there gives way.
	places = 4
	// maxWord bounds in bytes what is looked up as a word: each of its beginnings and ends is. Longer ones fit nothing.
	maxWord = 200
)

func newVocabulary(stem func(string) string) *vocabulary {
	return &vocabulary{ids: map[wordTest]int32{}, sets: map[string]int32{}, in: map[int32][]int32{}, stem: stem, seed: maphash.MakeSeed()}
}

func (v *vocabulary) id(t wordTest) int32 {
	if id, ok := v.ids[t]; ok {
		return id
	}
	id := v.next
	v.next++
	v.ids[t] = id
	if t.kind == holding {
		v.parts = append(v.parts, t)
	}
	return id
}

// set numbers the tests of a step: one, or any of several.
func (v *vocabulary) set(tests []wordTest) int32 {
	if len(tests) == 1 {
		return v.id(tests[0])
	}
	var b strings.Builder
	for _, t := range tests {
		b.WriteByte(byte(t.kind))
		b.WriteString(t.text)
		b.WriteByte(' ')
	}
	key := b.String()
	if id, ok := v.sets[key]; ok {
		return id
	}
	id := v.next
	v.next++
	v.sets[key] = id
	for _, t := range tests {
		member := v.id(t)
		v.in[member] = append(v.in[member], id)
	}
	return id
}

// classes returns the tests, and sets of tests, that a word fits.
func (v *vocabulary) classes(cased, folded string) []int32 {
	if max(len(cased), len(folded)) > maxWord {
		return nil
	}
	var out []int32
	add := func(kind wordKind, text string) {
		if id, ok := v.ids[wordTest{kind, text}]; ok {
			out = append(append(out, id), v.in[id]...)
		}
	}
	add(exactly, folded)
	add(asCased, cased)
	if v.stem != nil {
		add(stemmed, v.stem(folded))
	}
	for i := range folded {
		add(prefixed, folded[:i])
		add(suffixed, folded[i:])
	}
	add(prefixed, folded)
	for _, t := range v.parts {
		if strings.Contains(folded, t.text) {
			add(holding, t.text)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// open makes room for words, when all tests are in.
func (v *vocabulary) open() { v.known = make([]atomic.Pointer[word], knownWords) }

func (v *vocabulary) places(form string) []atomic.Pointer[word] {
	at := int(maphash.String(v.seed, form) % knownWords / places * places)
	return v.known[at : at+places]
}

// lookUp returns the word of a form; nil when it is not known.
func (v *vocabulary) lookUp(form string) *word {
	at := v.places(form)
	for i := range at {
		if w := at[i].Load(); w != nil && w.form == form {
			return w
		}
	}
	return nil
}

func (v *vocabulary) remember(w *word) {
	if len(w.form) > maxWord {
		return
	}
	at := v.places(w.form)
	for i := len(at) - 1; i > 0; i-- {
		at[i].Store(at[i-1].Load())
	}
	at[0].Store(w)
}
