package alert

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"  a\r\n\t b ", 10, "a b"},
		{"a\x00b\x1b[0m\x7f", 10, "ab[0m"},
		{"\u202eabc\u2066\u200bd\ufeff", 10, "abcd"},
		{"نمی\u200cخواهم", 20, "نمی\u200cخواهم"},
		{"a\xffb", 10, "a\ufffdb"},
		{"abcdef", 3, "abc…"},
		{"abc", 3, "abc"},
		{"ab cd", 3, "ab…"},
		{"été 中文", 5, "été 中…"},
		{"", 5, ""},
	} {
		if got := clean(tt.in, tt.n); got != tt.want {
			t.Errorf("clean(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"one two three four", "one two\nthree four"},
		{"> one two three", "> one two\n> three"},
		{"  one two three", "  one two\n  three"},
		{"a https://a.test/long-one b", "a\nhttps://a.test/long-one\nb"},
		{"英伟达芯片许可", "英伟达芯片\n许可"},
		{"a 英伟达H20芯片", "a 英伟达H20\n芯片"},
		{"", ""},
		{"a\n\nb", "a\n\nb"},
	} {
		if got := wrap(tt.in, 11); got != tt.want {
			t.Errorf("wrap(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\r\nBcc: x@y.z", 5)
	f.Add("\u202e=?utf-8?q?=0A?=\xff", 80)
	f.Add("=\u200b?", 80)
	f.Add("英伟达 H20 https://a.test/x é", 7)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 0 || n > 1000 {
			return
		}
		got := cleanHeader(s, n)
		if !utf8.ValidString(got) || strings.Contains(got, "=?") || strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("cleanHeader(%q) = %q", s, got)
		}
		line := clean(s, n)
		if utf8.RuneCountInString(line) > n+1 || clean(line, n+1) != line {
			t.Errorf("clean(%q, %d) = %q is too long, or not clean", s, n, line)
		}
		wrapped := wrap(line, n)
		if strip(wrapped) != strip(line) {
			t.Errorf("wrap(%q) = %q lost text", line, wrapped)
		}
	})
}

// strip leaves what a wrapped text must keep: all but spaces and quote marks.
func strip(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", ">", "").Replace(s)
}
