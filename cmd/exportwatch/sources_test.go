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
