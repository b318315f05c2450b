package rules

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"exportwatch/extract"
)

// Ruleset is all packs and gazetteers. Packs are compiled when an article in their language first comes by.
// It is safe for concurrent use.
type Ruleset struct {
	fsys     fs.FS
	hash     string
	entities map[string]*Entity // by slug
	kinds    map[string]bool    // items that others are a kind of
	named    []named
	prefixes map[string]string // country code → slug of its government, where it is not the code in lower case
	packs    map[string]func() (*language, error)
}

//go:embed packs gazetteers
var embedded embed.FS

// Default returns the packs and gazetteers that are built in.
var Default = sync.OnceValues(func() (*Ruleset, error) { return Load(embedded) })

// Files returns the packs and gazetteers that are built in, as a folder of rules is laid out.
func Files() fs.FS { return embedded }

// Load reads packs/<language>/*.yaml and gazetteers/*.yaml. It compiles no pack: [Ruleset.Check] does.
func Load(fsys fs.FS) (*Ruleset, error) {
	rs := &Ruleset{
		fsys: fsys, entities: map[string]*Entity{}, kinds: map[string]bool{}, prefixes: map[string]string{}, packs: map[string]func() (*language, error){},
	}
	if err := rs.loadGazetteers(fsys); err != nil {
		return nil, err
	}
	dirs, err := fs.Glob(fsys, "packs/*")
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, errors.New("rules: no packs/<language> here")
	}
	for _, dir := range dirs {
		code := path.Base(dir)
		rs.packs[code] = sync.OnceValues(func() (*language, error) { return rs.compile(fsys, code) })
	}
	rs.hash, err = hashFiles(fsys)
	return rs, err
}

func hashFiles(fsys fs.FS) (string, error) {
	h := sha256.New()
	h.Write(ontologyYAML)
	err := fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(fsys, file)
		fmt.Fprintf(h, "%s %d\n", file, len(data))
		h.Write(data)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("rules: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

// Hash names the rules: it changes with every change of a pack, a gazetteer or the ontology.
func (rs *Ruleset) Hash() string { return rs.hash }

// Languages returns the codes of the packs, sorted.
func (rs *Ruleset) Languages() []string { return slices.Sorted(maps.Keys(rs.packs)) }

// Check compiles every pack and returns all that is wrong with them, with file, line and column.
func (rs *Ruleset) Check() error {
	languages := rs.Languages()
	errs := make([]error, len(languages))
	var all sync.WaitGroup
	for i, code := range languages {
		all.Go(func() { _, errs[i] = rs.packs[code]() })
	}
	all.Wait()
	return errors.Join(errs...)
}

// Country returns the ISO 3166-1 alpha-2 code of an authority's country; empty when it has none.
func (rs *Ruleset) Country(authority string) string {
	if e := rs.entities[authority]; e != nil {
		return e.Country
	}
	return ""
}

// government returns the government of a country; nil when the gazetteers have none.
func (rs *Ruleset) government(country string) *Entity {
	slug, ok := rs.prefixes[country]
	if !ok {
		slug = strings.ToLower(country) + "-government"
	}
	return rs.entities[slug]
}

// decider returns who acts where an entity is said to: a country acts through its government.
func (rs *Ruleset) decider(e *Entity) *Entity {
	if e.Kind == "country" {
		return rs.government(e.Country)
	}
	return e
}

// pack returns the pack for an article's language; nil when there is none.
func (rs *Ruleset) pack(lang string) (*language, error) {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	compile, ok := rs.packs[base]
	if !ok {
		return nil, nil
	}
	return compile()
}

// Classify returns the events of an article in the order of their evidence, title first. An article in a language
// without a pack has none. The error is that the pack does not compile.
func (rs *Ruleset) Classify(a extract.Article) ([]Event, error) {
	l, err := rs.pack(a.Lang)
	if l == nil || err != nil {
		return nil, err
	}
	d := rs.scan(l, a)
	defer d.leave()
	if !d.onTopic() {
		return nil, nil
	}
	d.understand()
	return d.events(), nil
}

// events merges what the rules found in all sentences.
func (d *document) events() []Event {
	mentions := d.room.mentions[:0]
	for i, s := range d.sentences {
		for _, m := range d.matches(i, s) {
			if m.held == "" {
				mentions = append(mentions, m.mention)
			}
		}
	}
	d.room.mentions = mentions
	return d.merge(mentions)
}
