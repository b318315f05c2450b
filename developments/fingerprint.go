package developments

import (
	"hash/fnv"
	"math"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// shingle is how many words (or Chinese, Japanese, Korean characters) in a row make one piece of text. Of the
	// pieces of two independent reports on one development at most 3 in 100 are the same, of syndicated and edited
	// copies 68 to 85 (measured on the development stream and the demo press).
	shingle = 4
	// alike is how many of the hashes two copies share at least. Copies with half of their pieces in common are
	// found 24 times of 25; independent reports, even with 5 in 100 in common, are taken for copies once in 700.
	alike = 5
)

// Fingerprint tells copies of a text from independent reports (MinHash): each number is the least of one hash
// function over all runs of four words, so two texts share as large a part of their numbers as of their runs. The
// zero Fingerprint is that of no text.
type Fingerprint [16]uint32

// FingerprintOf returns the fingerprint of a text: letters folded, punctuation left out, whatever its headline.
// A text of less than four words is taken with its title.
func FingerprintOf(title, text string) Fingerprint {
	w := words(text)
	if len(w) < shingle {
		w = append(words(title), w...)
	}
	if len(w) == 0 {
		return Fingerprint{}
	}
	var f Fingerprint
	for i := range f {
		f[i] = math.MaxUint32
	}
	for i := range max(1, len(w)-shingle+1) {
		h := fnv.New64a()
		for _, word := range w[i:min(i+shingle, len(w))] {
			h.Write([]byte(word))
			h.Write([]byte{0})
		}
		base := h.Sum64()
		for n := range f {
			f[n] = min(f[n], uint32(mix(base+uint64(n)*0x9e3779b97f4a7c15)>>32))
		}
	}
	return f
}

// IsCopy tells whether two texts are the same report, up to the edits of a newsroom.
func (f Fingerprint) IsCopy(other Fingerprint) bool {
	if f == (Fingerprint{}) {
		return false
	}
	same := 0
	for i := range f {
		if f[i] == other[i] {
			same++
		}
	}
	return same >= alike
}

// mix is the generator SplitMix64: it makes independent numbers of neighbours.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// words cuts a text into folded runs of letters and digits; ideographs, kana and hangul stand alone.
func words(text string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
	}
	for _, r := range norm.NFKC.String(text) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			flush()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, unicode.ToLower(r))
		default:
			flush()
		}
	}
	flush()
	return out
}
