package rules

import (
	"encoding/binary"
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
	exactly   wordKind = iota // licence: whatever the case
	asCased                   // =Arm: as it is written
	stemmed                   // grant~: every word of that stem
	prefixed                  // genehmig*
	suffixed                  // *genehmigung
	holding                   // *port*
	wordKinds                 // how many there are
)

// A vocabulary numbers the word tests of a language, and the sets of them that terms use, and finds those that a word fits.
type vocabulary struct {
	ids   [wordKinds]map[string]int32 // of tests, by kind and text
	sets  map[string]int32            // by the numbers of their tests
	tests []numbered                  // by number
	parts []wordTest                  // of kind holding, which no map can find
	key   []byte                      // of the set that is looked up
	stem  func(string) string

	seed  maphash.Seed
	known []atomic.Pointer[word] // each among the few places that its form gives it; bounded, since the words come from the network
}

// A numbered is a word test, or a set of some.
type numbered struct {
	wordTest
	members []int32 // of a set: its tests; nil: it is one
}

const (
	// knownWords is how many words of a language are remembered: about 10 MB of honest ones, 50 MB of the longest.
	knownWords = 1 << 16
	// expectedTests is about how many a pack has.
	expectedTests = 1 << 15
	// places is how many of them a word may stand at. The oldest there gives way.
	places = 4
	// maxWord bounds in bytes what is looked up as a word: each of its beginnings and ends is. Longer ones fit nothing.
	maxWord = 200
)

func newVocabulary(stem func(string) string) *vocabulary {
	v := &vocabulary{sets: map[string]int32{}, tests: make([]numbered, 0, expectedTests), stem: stem, seed: maphash.MakeSeed()}
	v.tests = append(v.tests, numbered{}) // 0 is no test
	for kind := range v.ids {
		v.ids[kind] = map[string]int32{}
	}
	return v
}

// id returns the number of a test.
func (v *vocabulary) id(t wordTest) int32 {
	if id, ok := v.ids[t.kind][t.text]; ok {
		return id
	}
	id := v.number(numbered{wordTest: t})
	v.ids[t.kind][t.text] = id
	if t.kind == holding {
		v.parts = append(v.parts, t)
	}
	return id
}

func (v *vocabulary) number(n numbered) int32 {
	v.tests = append(v.tests, n)
	return int32(len(v.tests) - 1)
}

// set returns the number of a set of tests; of one test that of itself.
func (v *vocabulary) set(tests []int32) int32 {
	if len(tests) == 1 {
		return tests[0]
	}
	v.key = v.key[:0]
	for _, t := range tests {
		v.key = binary.AppendUvarint(v.key, uint64(t))
	}
	if id, ok := v.sets[string(v.key)]; ok {
		return id
	}
	id := v.number(numbered{members: append([]int32{}, tests...)})
	v.sets[string(v.key)] = id
	return id
}

// members returns the tests of a set; of a test itself.
func (v *vocabulary) members(set int32) []int32 {
	if members := v.tests[set].members; members != nil {
		return members
	}
	return []int32{set}
}

// classes returns the tests that a word fits.
func (v *vocabulary) classes(cased, folded string) []int32 {
	if max(len(cased), len(folded)) > maxWord {
		return nil
	}
	var out []int32
	add := func(kind wordKind, text string) {
		if id, ok := v.ids[kind][text]; ok {
			out = append(out, id)
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
