package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"exportwatch/eval"
)

type rulesEvalCmd struct {
	Gold   []string           `arg:"" name:"GOLD" help:"JSONL: {\"id\",\"lang\",\"published\",\"title\",\"text\",\"events\"} a line; - is standard input."`
	Rules  string             `placeholder:"DIR" help:"Folder with packs/ and gazetteers/. Default: the rules that are built in."`
	Types  bool               `help:"A line for each type of event too."`
	Errors bool               `help:"Print each miss and each false alarm first."`
	Min    map[string]float64 `mapsep:"," placeholder:"FIGURE=N" help:"End with 1 when a figure of all languages together is below, as pair=0.88,event=0.75."`
	Detect bool               `help:"Find the language by the text, whatever the file says, and tell how often that is right."`
	Format string             `enum:"table,json" default:"table" help:"table or json."`
}

func (rulesEvalCmd) Help() string {
	return `Classifies the articles and compares with the events that people found in them. Figures, from 0 to 1:

    pair        precision (_p), recall (_r) and F1 of the types and statuses of an article
    macro       mean over types of that F1
    event       F1 of events one by one, with an overlap of companies, and current right
    companies, items, destinations   F1 of the slot over events with the right type and status
    authority, current, evidence     share of these events that have it right
    alert       precision (_p), recall (_r) and F1 of "the article has current licence news"
    clean       share of articles without events in which none was found

Examples:

    exportwatch rules eval gold/en.jsonl gold/fr.jsonl --types
    exportwatch rules eval gold.jsonl --errors --rules ./rules
    exportwatch rules eval gold.jsonl --min pair=0.88,event=0.75`
}

func (c rulesEvalCmd) Run(_ context.Context, p *program) error {
	if err := eval.CheckNames(c.Min); err != nil {
		return usage(fmt.Errorf("--min: %w", err))
	}
	rs, err := rulesFolder{Dir: c.Rules}.load(p)
	if err != nil {
		return err
	}
	var docs []eval.Document
	for _, file := range c.Gold {
		r, name, err := p.open(file)
		if err != nil {
			return err
		}
		read, err := eval.Read(r, name)
		err = errors.Join(err, r.Close())
		if err != nil {
			return err
		}
		docs = append(docs, read...)
	}
	if len(docs) == 0 {
		return fmt.Errorf("no articles in %s", strings.Join(c.Gold, ", "))
	}
	report, err := eval.Measure(rs, docs, c.Detect)
	if err != nil {
		return err
	}
	if err := c.show(p, report); err != nil {
		return err
	}
	if below := report.Below(c.Min); len(below) > 0 {
		return fmt.Errorf("below the bar: %s", strings.Join(below, "; "))
	}
	return nil
}

func (c rulesEvalCmd) show(p *program, report eval.Report) error {
	if c.Format == "json" {
		if !c.Errors {
			report.Errors = nil
		}
		return writeJSON(p.stdout, report, "  ")
	}
	if c.Errors {
		for _, e := range report.Errors {
			p.print(p.stdout, e.String())
		}
	}
	p.print(p.stdout, report.Text(c.Types, c.Detect))
	return nil
}
