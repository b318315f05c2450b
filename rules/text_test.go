package rules

import (
	"strings"
	"testing"
	"unicode/utf8"

	"exportwatch/extract"

	"github.com/google/go-cmp/cmp"
)

func packOf(t testing.TB, code string) *language {
	t.Helper()
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	l, err := rs.pack(code)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTokenize(t *testing.T) {
	tests := []struct{ lang, text, want string }{
		{"en", "Nvidia's H20 export-licence", "nvidia h20 export licence"},
		{"en", "the U.S. Commerce Dept. said", "the us commerce dept said"},
		{"en", "It isn’t done.", "it isn t done ."},
		{"en", "ＮＶＩＤＩＡ Ｈ２０", "nvidia h20"},
		{"fr", "L’aval d'exportation", "l aval d exportation"},
		{"fr", "porte-parole", "porte parole"},
		{"en", "英伟达H20芯片", "英 伟 达 h20 芯 片"},
	}
	for _, tt := range tests {
		var got []string
		for _, tok := range packOf(t, tt.lang).tokenize(tt.text, 0, len(tt.text), nil) {
			got = append(got, tok.folded)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		lang, text string
		want       []string
	}{
		{"en", "The U.S. Commerce Dept. agreed. Nvidia Inc. did not.", []string{"The U.S. Commerce Dept. agreed.", "Nvidia Inc. did not."}},
		{"en", "One line\nanother line", []string{"One line", "another line"}},
		{"fr", "M. Dupont part. Il reviendra.", []string{"M. Dupont part.", "Il reviendra."}},
		{"fr", "le Commerce américain.À cette date, rien.", []string{"le Commerce américain.", "À cette date, rien."}},
		{"en", "He said: \"No.\" Then he left.", []string{"He said: \"No.\"", "Then he left."}},
		{"en", "  \n\n ", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range packOf(t, tt.lang).split(tt.text) {
			got = append(got, tt.text[s.start:s.end])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q:\n%s", tt.text, diff)
		}
	}
}

// FuzzClassify: whatever an article holds, offsets lie within its fields, quotes are what stands there, and slots are in form.
func FuzzClassify(f *testing.F) {
	f.Add("Title", "The Commerce Department granted Nvidia a licence for the H20. It isn't much.", "2025-08-12", "en")
	f.Add("", "Les puces H20 : l’autorisation est accordée.À cette date, rien\x00", "", "fr")
	f.Add("“”", "\xff\xfe(((… ", "2025-02-30", "en")
	rs, err := Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title, text, published, lang string) {
		a := extract.Article{Title: title, Text: text, Lang: lang, Published: extract.Published{Day: published}}
		events, err := rs.Classify(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			field := text
			if e.Evidence.Field == "title" {
				field = title
			}
			if e.Evidence.Start < 0 || e.Evidence.End > len(field) || field[e.Evidence.Start:e.Evidence.End] != e.Evidence.Quote {
				t.Fatalf("evidence %+v does not stand in the %s", e.Evidence, e.Evidence.Field)
			}
			if err := TheOntology().Check(e.Type, e.Status); err != nil {
				t.Fatal(err)
			}
			if e.Companies == nil || e.Items == nil || e.Destinations == nil {
				t.Fatalf("a slot is null: %+v", e)
			}
		}
	})
}

// FuzzTerm: no term of a pack, however wrong, brings the program down.
func FuzzTerm(f *testing.F) {
	for _, s := range []string{"grant~ … (nod|green light)", "[the] =Arm", "*port*", "((", "…9", "a|b", "]"} {
		f.Add(s)
	}
	l := packOf(f, "en")
	f.Fuzz(func(t *testing.T, term string) {
		readings, err := l.parseTerm(term)
		if err == nil && len(readings) == 0 {
			t.Fatal("neither a reading nor an error")
		}
		if err != nil && utf8.ValidString(term) && err.Error() == "" {
			t.Fatal("an empty error")
		}
	})
}
