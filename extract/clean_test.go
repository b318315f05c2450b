package extract

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		" a\n\tb\u00A0c ":                    "a b c",
		"\x1b[31mChips\x1b[0m\a for all":     "Chips for all",
		"a\u009b2Jb":                         "a b",
		"array[0] stays":                     "array[0] stays",
		"a\x1b]0;title\x07b":                 "a ]0;title b",
		"soft\u00ADhyphen\u200B, \u202Eturn": "softhyphen, turn",
		"e\u0301":                            "é",
		"caf\xe9":                            "caf\uFFFD",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
