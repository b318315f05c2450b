package rules

import (
	"strings"
	"testing"
)

// TestCases runs the cases that stand beside each rule.
func TestCases(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	report, err := rs.Test()
	if err != nil {
		t.Fatal(err)
	}
	if report.Cases < 2*report.Rules {
		t.Errorf("%d cases of %d rules: a rule comes with its refusals", report.Cases, report.Rules)
	}
	for _, f := range report.Failures {
		t.Errorf("%s\n%s", f, rs.ExplainPiece(f.Article))
	}
}

// TestCasesFail holds that a case which does not hold is found, with its line, and what is wrong said.
func TestCasesFail(t *testing.T) {
	tests := []struct {
		name, cases, want string
	}{
		{"no event", "yes: [Washington denied Acme the licence.]", "license.yaml:6: xx.license.granted: must give license/granted, gives no event"},
		{"event of a no", "no: [Washington granted Acme the licence.]", "license.yaml:6: xx.license.granted: must give no event, gives license/granted"},
		{"another status", "yes: [{text: Washington granted Acme the licence., event: license/denied}]", "must give license/denied by this rule, gives license/granted (xx.license.granted)"},
		{"slot", "yes: [{text: Washington granted Acme the licence., slots: {companies: globex}}]", `companies is "acme", must be "globex"`},
		{"not news", "yes: [{text: Washington granted Acme the licence., current: false}]", "current is true, must be false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rs := loadTiny(t, map[string]string{"packs/xx/license.yaml": "lexicons: {body: [government]}\nrules:\n  - id: xx.license.granted\n    event: license/granted\n" +
				"    patterns: [\"{grants} & {permit}\"]\n    " + tt.cases + "\n"})
			report, err := rs.Test()
			if err != nil {
				t.Fatal(err)
			}
			if report.Rules != 1 || report.Cases != 1 || len(report.Failures) != 1 {
				t.Fatalf("one failure of one case wanted: %+v", report)
			}
			if got := report.Failures[0].String(); !strings.Contains(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
