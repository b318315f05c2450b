package main

import "testing"

func TestNearest(t *testing.T) {
	ids := []string{"chipwire", "heise", "heise-security", "le-monde", "nikkei"}
	for in, want := range map[string]string{
		"heisse":    "heise",
		"hiese":     "heise",
		"chip":      "chipwire",
		"chipwires": "chipwire",
		"lemonde":   "le-monde",
		"reuters":   "",
		"":          "",
	} {
		if got := nearest(in, ids); got != want {
			t.Errorf("nearest(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}}
	for _, tt := range tests {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
