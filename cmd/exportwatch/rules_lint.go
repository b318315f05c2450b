package main

import (
	"context"
	"fmt"

	"exportwatch/rules"
)

type rulesLintCmd struct {
	rulesFolder
	Errors bool `help:"Leave warnings out."`
}

func (rulesLintCmd) Help() string {
	return `Errors are what keeps rules from working as they are written: files that cannot be read, slugs that no gazetteer has,
rules without cases, rules that another one always beats. Warnings are what is likely a mistake, or a gap: names of two
entities, lexicons that nothing mentions, events and frames that a language has no rule for. A frame is the id of a
rule without its language, as license.granted. Ends with 1 when there are errors.

Examples:

    exportwatch rules lint ./rules
    exportwatch rules lint ./rules --errors`
}

func (c rulesLintCmd) Run(_ context.Context, p *program) error {
	fsys, err := c.fsys()
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, f := range rules.Lint(fsys) {
		count[f.Severity]++
		if f.Severity == rules.SeverityError || !c.Errors {
			p.print(p.stdout, c.place(f).String())
		}
	}
	errs, warnings := count[rules.SeverityError], count[rules.SeverityWarning]
	p.print(p.stdout, fmt.Sprintf("%s, %s", counted(errs, "error"), counted(warnings, "warning")))
	if errs > 0 {
		return errReported
	}
	return nil
}
