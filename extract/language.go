package extract

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"
)

const languageSample = 2000 // bytes: detection costs 0.5 ms for 600, and is sure long before

// detectable are the languages that sources are written in and their neighbours: a short list keeps the guess from
// straying to languages that nobody here publishes in.
var detectable = map[whatlanggo.Lang]bool{
	whatlanggo.Eng: true, whatlanggo.Fra: true, whatlanggo.Deu: true, whatlanggo.Spa: true, whatlanggo.Ita: true,
	whatlanggo.Nld: true, whatlanggo.Por: true, whatlanggo.Pol: true, whatlanggo.Swe: true, whatlanggo.Dan: true,
	whatlanggo.Nob: true, whatlanggo.Fin: true, whatlanggo.Ces: true, whatlanggo.Hun: true, whatlanggo.Ron: true,
	whatlanggo.Tur: true, whatlanggo.Ind: true, whatlanggo.Vie: true, whatlanggo.Rus: true, whatlanggo.Ukr: true,
	whatlanggo.Arb: true, whatlanggo.Pes: true, whatlanggo.Heb: true, whatlanggo.Ell: true, whatlanggo.Hin: true,
	whatlanggo.Tha: true, whatlanggo.Lit: true, whatlanggo.Lav: true, whatlanggo.Est: true, whatlanggo.Bul: true,
}

// Language is the language of a text as BCP 47, for text that no page came with. Empty: too short to tell.
func Language(text string) string { return textLanguage(text) }

// textLanguage is the language of a text as BCP 47. The text decides; what the page, its feed and its source declare
// counts where the text is too short, or unsure between neighbours. Empty: nothing tells.
func textLanguage(text string, declared ...string) string {
	sample := text[:min(len(text), languageSample)]
	if lang := scriptLanguage(sample); lang != "" {
		return lang
	}
	info := whatlanggo.DetectWithOptions(sample, whatlanggo.Options{Whitelist: detectable})
	detected := info.Lang.Iso6391()
	if info.IsReliable() && detected != "" {
		return detected
	}
	if lang := languageOfFunctionWords(sample); lang != "" {
		return lang
	}
	for _, d := range declared {
		if base := baseLanguage(d); base != "" {
			return base
		}
	}
	return detected
}

// languageOfFunctionWords is the language that most of the small words of a text belong to; empty where there are fewer than two, or two
// languages have as many.
func languageOfFunctionWords(s string) string {
	count := map[string]int{}
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, lang := range words().function[word] {
			count[lang]++
		}
	}
	best, most := "", 1
	for lang, n := range count {
		switch {
		case n > most:
			best, most = lang, n
		case n == most:
			best = ""
		}
	}
	return best
}

// scriptLanguage knows Japanese by its syllables, Korean by its letters and Chinese by having neither.
func scriptLanguage(s string) string {
	var han, kana, hangul, other int
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.IsLetter(r):
			other++
		}
	}
	// A word of Latin letters is as long as three ideographs.
	cjk := han + kana + hangul
	switch {
	case cjk == 0 || other > 3*cjk:
		return ""
	case hangul > kana && hangul*4 > han:
		return "ko"
	case kana*12 > han:
		return "ja"
	default:
		return "zh"
	}
}

// baseLanguage is the language of a tag without region; og:locale writes en_US.
func baseLanguage(tag string) string {
	t, err := language.Parse(strings.TrimSpace(tag))
	if err != nil || t == language.Und {
		return ""
	}
	base, _ := t.Base()
	return base.String()
}
