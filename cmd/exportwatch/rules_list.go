package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"exportwatch/rules"
)

type rulesListCmd struct {
	rulesFolder
	formatFlag
	Lang   string   `placeholder:"TAG" help:"Only rules of this language, as fr."`
	Type   []string `short:"t" placeholder:"TYPE[/STATUS]" help:"Only rules for this event, as license or license/granted; may be repeated."`
	Matrix bool     `help:"Instead: frames × languages, with the number of texts and their forms, in Markdown."`
}

func (rulesListCmd) Help() string {
	return `Examples:

    exportwatch rules list --lang fr --type license
    exportwatch rules list ./rules --format csv
    exportwatch rules list --matrix`
}

func (c rulesListCmd) Run(_ context.Context, p *program) error {
	if c.Matrix && (c.Lang != "" || len(c.Type) > 0 || c.Format != "table") {
		return usage(fmt.Errorf("--matrix shows all rules, in Markdown: leave out --lang, --type and --format"))
	}
	for _, t := range c.Type {
		kind, status, _ := strings.Cut(t, "/")
		if err := rules.TheOntology().Check(kind, status); err != nil {
			return usage(fmt.Errorf("--type: %w", err))
		}
	}
	rs, err := c.load(p)
	if err != nil {
		return err
	}
	if c.Matrix {
		m, err := rs.Matrix()
		if err != nil {
			return err
		}
		p.print(p.stdout, m.Markdown())
		return nil
	}
	if c.Lang != "" && !slices.Contains(rs.Languages(), c.Lang) {
		return usage(fmt.Errorf("--lang: no pack for %q: there are %s", c.Lang, strings.Join(rs.Languages(), ", ")))
	}
	all, err := rs.Rules()
	if err != nil {
		return err
	}
	rows := slices.DeleteFunc(all, func(r rules.RuleInfo) bool { return !c.wants(r) })
	for i := range rows {
		rows[i].File = c.path(rows[i].File)
	}
	return show(p.stdout, c.Format, rows, rulesColumns)
}

func (c rulesListCmd) wants(r rules.RuleInfo) bool {
	if c.Lang != "" && r.Lang != c.Lang {
		return false
	}
	return len(c.Type) == 0 || slices.Contains(c.Type, r.Type) || slices.Contains(c.Type, r.Type+"/"+r.Status)
}

var rulesColumns = []column[rules.RuleInfo]{
	{name: "rule", cell: func(r rules.RuleInfo) string { return r.ID }},
	{name: "event", cell: func(r rules.RuleInfo) string { return r.Type + "/" + r.Status }},
	{name: "lang", spare: 4, cell: func(r rules.RuleInfo) string { return r.Lang }},
	{name: "place", spare: 5, cell: func(r rules.RuleInfo) string { return fmt.Sprintf("%s:%d", r.File, r.Line) }},
	{name: "priority", spare: 3, cell: func(r rules.RuleInfo) string { return strconv.Itoa(r.Priority) }},
	{name: "patterns", spare: 2, cell: func(r rules.RuleInfo) string { return strconv.Itoa(r.Patterns) }},
	{name: "yes", spare: 1, cell: func(r rules.RuleInfo) string { return strconv.Itoa(r.Yes) }},
	{name: "no", spare: 1, cell: func(r rules.RuleInfo) string { return strconv.Itoa(r.No) }},
}
