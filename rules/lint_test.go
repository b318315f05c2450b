package rules

import (
	"strings"
	"testing"
)

// TestLintShipped holds that the rules that are built in have no mistake. Warnings are for who writes them.
func TestLintShipped(t *testing.T) {
	for _, f := range Lint(embedded) {
		if f.Severity == SeverityError {
			t.Error(f)
		}
	}
}

// TestLint holds that each check finds what it is for, and says where.
func TestLint(t *testing.T) {
	// granted is the rule of the tiny rule set; its id stands in line 4, what follows in line 7 and on.
	granted := func(lines string) map[string]string {
		return map[string]string{"packs/xx/license.yaml": "lexicons: {body: [government], handed: [handed]}\n\nrules:\n  - id: xx.license.granted\n    event: license/granted\n    patterns: [\"{grants} & {permit}\"]\n" + lines}
	}
	const cases = "    yes: [Washington granted Acme the licence.]\n    no: [Washington has not granted Acme the licence.]\n"
	tests := []struct {
		name    string
		replace map[string]string
		want    string // among the findings
	}{
		{"broken YAML", map[string]string{"packs/xx/license.yaml": "rules:\n  - id: [\n"}, "packs/xx/license.yaml:3: error: "},
		{"unknown key", granted("    patern: []\n"), "packs/xx/license.yaml:7: error: unknown field \"patern\" [broken-file]\n"},
		{"unknown lexicon", granted("    near: [\"{permt}\"]\n"), `packs/xx/license.yaml:7: error: {permt}: no such lexicon in this language (did you mean "permit"?) [broken-file]`},
		{"broken gazetteer", map[string]string{"gazetteers/more.yaml": "authorities:\n  - {slug: b, class: boss}\n"}, "gazetteers/more.yaml:2: error: b: class"},
		{"no cases", granted(""), "packs/xx/license.yaml:4: error: xx.license.granted: no text that must give the event (yes) [missing-case]"},
		{"no near miss", granted("    yes: [Washington granted Acme the licence.]\n"), "packs/xx/license.yaml:4: error: xx.license.granted: no near miss that must not give the event (no) [missing-case]"},
		{"unknown slug of a case", granted("    yes: [{text: Washington granted Acme the licence., slots: {companies: acne}}]\n    no: [x]\n"), `packs/xx/license.yaml:7: error: xx.license.granted: companies: no entity "acne" (did you mean "acme"?) [unknown-slug]`},
		{"unknown slot of a case", granted("    yes: [{text: Washington granted Acme the licence., slots: {company: acme}}]\n    no: [x]\n"), `packs/xx/license.yaml:7: error: xx.license.granted: no slot "company"`},
		{"unknown form of a case", granted("    yes: [{text: Washington granted Acme the licence., form: loud}]\n    no: [x]\n"), `packs/xx/license.yaml:7: error: xx.license.granted: no form "loud": it is one of active, passive`},
		{"unknown event of a case", granted("    yes: [{text: Washington granted Acme the licence., event: license}]\n    no: [x]\n"), `packs/xx/license.yaml:7: error: xx.license.granted: event: no status`},
		{"rule that never fires", granted("    about: [\"<item>\"]\n" + cases), "packs/xx/license.yaml:4: error: xx.license.granted fires in no case of the pack [unreachable-rule]"},
		{
			"rule that another one beats", granted(cases + "  - id: xx.license.given\n    event: license/granted\n    priority: 60\n    patterns: [\"{grants} & {permit}\"]\n" + cases),
			"packs/xx/license.yaml:4: error: xx.license.granted fires in no case of the pack [unreachable-rule]",
		},
		{
			"rule whose events another one tells better", granted("    yes: [{title: Licence granted, text: Acme was handed it.}]\n    no: [x]\n" +
				"  - id: xx.license.handed\n    event: license/granted\n    patterns: [\"companies=<company> … {handed}\"]\n    yes: [Acme was handed it.]\n    no: [x]\n"),
			"packs/xx/license.yaml:4: error: xx.license.granted: each of its yes-cases is won by another rule: xx.license.handed [unreachable-rule]",
		},
		{"unknown type that a government acts through", map[string]string{"gazetteers/more.yaml": "authorities:\n  - {slug: b, class: body, acts: [licence]}\n"}, "gazetteers/more.yaml:2: error: b: acts: no event type"},
		{"unknown country", map[string]string{"gazetteers/more.yaml": "companies:\n  - {slug: b, country: UK, names: [Bee]}\n"}, `gazetteers/more.yaml:2: error: b: "UK" is no country`},
		{"unknown government", map[string]string{"gazetteers/more.yaml": "countries:\n  - {code: FR, government: fr-goverment}\n"}, `gazetteers/more.yaml:2: error: FR: no authority "fr-goverment"`},
		{"one name for two", map[string]string{"gazetteers/more.yaml": "companies:\n  - {slug: zeta, names: [Zeta, \"(Zed|ACME)\"]}\n"}, `gazetteers/all.yaml:3: warning: "acme" names both acme and zeta: give one of them a condition (near, unless) [shadowed-name]`},
		{"name under a mask", map[string]string{"packs/xx/more.yaml": "masks:\n  - terms: [Acme]\n"}, `gazetteers/all.yaml:3: warning: acme: "acme" is never found in xx: the pack masks it by "Acme" [shadowed-name]`},
		{"unused lexicon", map[string]string{"packs/xx/more.yaml": "lexicons:\n  idle:\n    - word\n"}, "packs/xx/more.yaml:3: warning: no pattern or condition of xx mentions {idle} [unused-lexicon]"},
		{"term twice", map[string]string{"packs/xx/more.yaml": "lexicons:\n  idle:\n    - word\n    - word\n"}, `packs/xx/more.yaml:4: warning: {idle} has "word" in line 3 already [repeated-term]`},
		{"event without a rule", nil, "warning: license/denied: no rule in xx [missing-rule]"},
		{"frame that a language lacks", map[string]string{"packs/yy/language.yaml": "skip: []\n"}, "warning: license.granted (license/granted): not in yy [missing-frame]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var all []string
			for _, f := range Lint(tiny(tt.replace)) {
				all = append(all, f.String())
			}
			if got := strings.Join(all, "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
