package main

import (
	"context"
	"fmt"
)

type rulesTestCmd struct {
	rulesFolder
	Verbose bool `short:"v" help:"Explain each failure: what was found in the text, what fired and what held back."`
}

func (rulesTestCmd) Help() string {
	return `Beside each rule stand texts that must give its event (yes) and near misses that must not (no). This runs them all, and
ends with 1 when one fails.

Examples:

    exportwatch rules test
    exportwatch rules test ./rules -v`
}

func (c rulesTestCmd) Run(_ context.Context, p *program) error {
	rs, err := c.load(p)
	if err != nil {
		return err
	}
	report, err := rs.Test()
	if err != nil {
		return err
	}
	for _, f := range report.Failures {
		f.File = c.path(f.File)
		p.print(p.stdout, f.String())
		if c.Verbose {
			p.print(p.stdout, rs.ExplainPiece(f.Article).String())
			fmt.Fprintln(p.stdout)
		}
	}
	p.print(p.stdout, fmt.Sprintf("%s of %s, %s", counted(report.Cases, "case"), counted(report.Rules, "rule"), failed(len(report.Failures))))
	if len(report.Failures) > 0 {
		return errReported
	}
	return nil
}

func failed(n int) string {
	if n == 0 {
		return "all right"
	}
	return fmt.Sprintf("%d failed", n)
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
