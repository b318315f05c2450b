package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"exportwatch/crawler"

	"github.com/agnivade/levenshtein"
)

// loadSources returns the shipped sources and those of dir, by id. A file of dir replaces the shipped source of the
// same id, so that one can be changed or switched off. Files that cannot be read are the error; the others are
// returned all the same.
func loadSources(dir string) ([]crawler.Source, error) {
	sources, err := crawler.DefaultSources()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		return sources, nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("--sources: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("--sources: %s is a file: name the folder that holds it", dir)
	}
	full, err := filepath.Abs(dir) // "own/" and ".." end in no name, and mistakes are told by folder and file
	if err != nil {
		return nil, fmt.Errorf("--sources: %w", err)
	}
	own, err := crawler.LoadSources(os.DirFS(filepath.Dir(full)), filepath.Base(full))
	for _, s := range own {
		same := func(other crawler.Source) bool { return other.ID == s.ID }
		if i := slices.IndexFunc(sources, same); i >= 0 {
			sources[i] = s
			continue
		}
		sources = append(sources, s)
	}
	slices.SortFunc(sources, func(a, b crawler.Source) int { return cmp.Compare(a.ID, b.ID) })
	return sources, err
}

// checkOnly says which id of --only names no source that can be visited, and which one may have been meant.
func checkOnly(only []string, sources []crawler.Source) error {
	for _, id := range only {
		i := slices.IndexFunc(sources, func(s crawler.Source) bool { return s.ID == id })
		if i >= 0 && sources[i].Disabled {
			return usage(fmt.Errorf("--only: the source %q is disabled in its file", id))
		}
		if i >= 0 {
			continue
		}
		ids := make([]string, len(sources))
		for i, s := range sources {
			ids[i] = s.ID
		}
		if near := nearest(id, ids); near != "" {
			return usage(fmt.Errorf("--only: no source %q: did you mean %q?", id, near))
		}
		return usage(fmt.Errorf("--only: no source %q: there are %s", id, cmp.Or(strings.Join(ids, ", "), "none")))
	}
	return nil
}

// nearest returns the word that is one slip or two away from s, or begins with it; empty when none is.
func nearest(s string, words []string) string {
	best, least := "", 3
	for _, w := range words {
		if d := levenshtein.ComputeDistance(s, w); d < least || least == 3 && len(s) > 2 && strings.HasPrefix(w, s) {
			best, least = w, min(d, 2)
		}
	}
	return best
}
