package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"exportwatch/crawler"
)

// A folder is the same one however a shell writes it.
func TestLoadSourcesOfAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "own")
	if err := os.MkdirAll(filepath.Join(dir, "inner"), 0o700); err != nil {
		t.Fatal(err)
	}
	const source = "id: own\nname: Own\nhomepage: https://own.test/\ncountry: US\nlanguage: en\nkind: trade_press\n" +
		"discover:\n  - feed: https://own.test/feed\n"
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "inner"))
	for _, name := range []string{dir, dir + "/", "..", "../", "../inner/..", "../../own"} {
		sources, err := loadSources(name)
		if err != nil || !slices.ContainsFunc(sources, func(s crawler.Source) bool { return s.ID == "own" }) {
			t.Errorf("%s: the source is not among %d; %v", name, len(sources), err)
		}
	}
}

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
