package rules

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// tiny is a rule set that holds together; tests replace one file of it.
func tiny(replace map[string]string) fstest.MapFS {
	files := map[string]string{
		"gazetteers/all.yaml": `
companies:
  - {slug: acme, country: US, names: [Acme, {name: Ace, near: [widgets]}]}
items:
  - {slug: goods}
  - {slug: widgets, parents: [goods], names: ["widget*"]}
authorities:
  - {slug: us-government, country: US, class: executive, names: [Washington]}
countries:
  - {code: US, names: [America], demonyms: {xx: [American]}}
`,
		"packs/xx/language.yaml": `
skip: [the]
clauses: {break: [but]}
cues:
  - {category: negation, scope: after, reach: 3, terms: [not]}
lexicons:
  permit: [licence]
  grants: ["grant*"]
governments:
  patterns: ["<demonym> {body}"]
`,
		"packs/xx/license.yaml": `
lexicons:
  body: [government]
rules:
  - id: xx.license.granted
    event: license/granted
    patterns: ["{grants} & {permit}"]
    yes: [Washington granted Acme the licence.]
    no: [Washington has not granted Acme the licence.]
`,
	}
	maps.Copy(files, replace)
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func loadTiny(t *testing.T, replace map[string]string) *Ruleset {
	t.Helper()
	rs, err := Load(tiny(replace))
	if err != nil {
		t.Fatal(err)
	}
	if err := rs.Check(); err != nil {
		t.Fatal(err)
	}
	return rs
}

// TestErrors holds that a mistake is reported with file and line, and with what to do where that can be known.
func TestErrors(t *testing.T) {
	rule := func(lines string) map[string]string {
		return map[string]string{"packs/xx/license.yaml": "lexicons: {body: [government]}\nrules:\n  - id: xx.a\n    event: license/granted\n" + lines}
	}
	tests := []struct {
		name    string
		replace map[string]string
		want    []string
	}{
		{"no YAML", map[string]string{"gazetteers/all.yaml": "companies: [\n"}, []string{"gazetteers/all.yaml:"}},
		{"unknown key", rule("    paterns: []\n"), []string{"packs/xx/license.yaml:", "paterns"}},
		{"unknown lexicon", rule("    patterns: [\"{permt}\"]\n"), []string{"packs/xx/license.yaml:5:", "{permt}", `did you mean "permit"`}},
		{"no list", rule("    patterns: []\n    near: 7\n"), []string{"license.yaml:6:", "`7` does not fit here"}},
		{"unknown entity kind", rule("    patterns: [\"<firm>\"]\n"), []string{"license.yaml:5:", "<firm>", "company, authority"}},
		{"bad gap", rule("    patterns: [\"{permit} …99 {grants}\"]\n"), []string{"license.yaml:5:", "…99"}},
		{"pattern ends in a gap", rule("    patterns: [\"{permit} …\"]\n"), []string{"license.yaml:5:", "end with an element"}},
		{"role on a lexicon", rule("    patterns: [\"companies={permit}\"]\n"), []string{"license.yaml:5:", "only an <entity>"}},
		{"unknown role", rule("    patterns: [\"who=<company>\"]\n"), []string{"license.yaml:5:", "companies, authority, items, destinations"}},
		{"no pattern", rule("    priority: 3\n"), []string{"license.yaml:3:", "at least one pattern"}},
		{"unknown effect", rule("    patterns: [\"{permit}\"]\n    cues: {negation: forget}\n"), []string{"license.yaml:6:", "forget", "drop, keep"}},
		{"unknown category", rule("    patterns: [\"{permit}\"]\n    cues: {negaton: drop}\n"), []string{"license.yaml:6:", `did you mean "negation"`}},
		{
			"unknown status",
			map[string]string{"packs/xx/license.yaml": "lexicons: {body: [g]}\nrules:\n  - {id: xx.a, event: license/given, patterns: [\"{permit}\"]}\n"},
			[]string{"license.yaml:3:", `no status "given" of license`, "granted"},
		},
		{"id of another language", map[string]string{"packs/xx/license.yaml": "lexicons: {body: [g]}\nrules:\n  - {id: en.a, event: license/granted, patterns: [\"{permit}\"]}\n"}, []string{"license.yaml:3:", "xx.license.granted"}},
		{"term that begins with a gap", map[string]string{"packs/xx/license.yaml": "lexicons:\n  body:\n    - … government\n"}, []string{"license.yaml:3:", "begin and end with a word"}},
		{"term left open", map[string]string{"packs/xx/license.yaml": "lexicons:\n  body:\n    - \"(a|b\"\n"}, []string{"license.yaml:3:", `a ")" is missing`}},
		{"stem without stemmer", map[string]string{"packs/xx/license.yaml": "lexicons:\n  body:\n    - govern~\n"}, []string{"license.yaml:3:", "no stemmer"}},
		{"unknown stemmer", map[string]string{"packs/xx/more.yaml": "stemmer: klingon\n"}, []string{"more.yaml:1:", "klingon", "english"}},
		{"lexicon of another file", map[string]string{"packs/xx/more.yaml": "lexicons:\n  permit: [leave]\n"}, []string{":", `"permit"`, "packs/xx/language.yaml"}},
		{"unknown class", map[string]string{"gazetteers/more.yaml": "authorities:\n  - {slug: b, class: boss}\n"}, []string{"more.yaml:2:", "boss", "regulator"}},
		{"unknown parent", map[string]string{"gazetteers/all.yaml": "items:\n  - {slug: widgets, parents: [goods]}\n"}, []string{"all.yaml:2:", "widgets", `"goods"`}},
		{"an entity above itself", map[string]string{"gazetteers/more.yaml": "items:\n  - {slug: a, parents: [b]}\n  - {slug: b, parents: [c]}\n  - {slug: c, parents: [b]}\n"}, []string{"more.yaml:3:", `"b" belongs to itself`, "more.yaml:4:"}},
		{"twice", map[string]string{"gazetteers/all.yaml": "items:\n  - {slug: widgets}\n  - {slug: widgets}\n"}, []string{"all.yaml:3:", "twice"}},
		{"a pattern of names without a name", map[string]string{"packs/xx/names.yaml": "names: {patterns: [\"<company>\"]}\n"}, []string{"names.yaml:1", `"<company>"`, "companies=<name>"}},
		{"a trade that no company has", map[string]string{"gazetteers/more.yaml": "companies:\n  - {slug: bakers, trades: [bread]}\n"}, []string{"more.yaml:2", `"bread"`}},
		{"one slug of two kinds", map[string]string{"gazetteers/more.yaml": "companies:\n  - {slug: widgets}\n"}, []string{"yaml:", `"widgets"`, "twice"}},
		{"unknown condition", map[string]string{"gazetteers/more.yaml": "companies:\n  - slug: b\n    names: [{name: B, near: [widgts]}]\n"}, []string{"more.yaml:3:", `did you mean "widgets"`}},
		{"unknown scope of a cue", map[string]string{"packs/xx/more.yaml": "cues:\n  - {category: negation, scope: behind, terms: [no]}\n"}, []string{"more.yaml:2:", "behind", "after, before"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rs, err := Load(tiny(tt.replace))
			if err == nil {
				err = rs.Check()
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error does not say %q:\n%v", want, err)
				}
			}
		})
	}
}

// TestAllErrorsAtOnce: who mends a pack should not have to run it once a mistake.
func TestAllErrorsAtOnce(t *testing.T) {
	rs, err := Load(tiny(map[string]string{"packs/xx/license.yaml": `
lexicons: {body: [government]}
rules:
  - {id: xx.a, event: license/given, patterns: ["{permit}"]}
  - {id: xx.b, event: license/granted, patterns: ["{nothing}"]}
`}))
	if err != nil {
		t.Fatal(err)
	}
	err = rs.Check()
	if err == nil || !strings.Contains(err.Error(), "license.yaml:4:") || !strings.Contains(err.Error(), "license.yaml:5:") {
		t.Errorf("both errors wanted: %v", err)
	}
}

func TestHash(t *testing.T) {
	a := loadTiny(t, nil)
	if b := loadTiny(t, nil); a.Hash() != b.Hash() {
		t.Errorf("the same rules have the hashes %s and %s", a.Hash(), b.Hash())
	}
	if b := loadTiny(t, map[string]string{"packs/yy/language.yaml": "skip: []\n"}); a.Hash() == b.Hash() {
		t.Error("other rules have the same hash")
	}
}

// FuzzLoad: whatever a file of rules or names holds, loading ends in rules or in an error.
func FuzzLoad(f *testing.F) {
	for name, file := range tiny(nil) {
		f.Add(name == "gazetteers/all.yaml", string(file.Data))
	}
	f.Add(false, "rules:\n  - {id: xx.a, event: license/granted, patterns: [\"{permit} & <company>\"], near: [{a: b}], yes: [{text: [1]}]}\n")
	f.Add(true, "companies: &a\n  - *a\n")
	f.Fuzz(func(t *testing.T, names bool, data string) {
		file := "packs/xx/license.yaml"
		if names {
			file = "gazetteers/all.yaml"
		}
		rs, err := Load(tiny(map[string]string{file: data}))
		if err == nil && rs.Check() == nil && rs.Hash() == "" {
			t.Error("rules without a name")
		}
	})
}
