package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"exportwatch/extract"
	"exportwatch/rules"
)

type classifyCmd struct {
	File      string `arg:"" optional:"" default:"-" help:"Text, or a JSON object with \"text\" and \"title\"; - is standard input."`
	JSONL     bool   `name:"jsonl" help:"Many: one JSON object a line in, one a line out."`
	Title     string `help:"The title of a text."`
	Lang      string `placeholder:"TAG" help:"Its language (BCP 47). Default: the text decides."`
	Published string `placeholder:"WHEN" help:"When it was published; resolves \"last month\"."`
	Format    string `enum:"auto,table,json,jsonl,csv" default:"auto" help:"table, json, jsonl or csv. Default: a table on a terminal, JSON elsewhere."`
}

func (classifyCmd) Help() string {
	return `Needs no database and no network. Text is classified as it stands, and the offsets of the evidence are bytes of
it. In JSON: {"id","lang","published","title","text"}, all but the text may be left out.

Examples:

    exportwatch classify article.txt --title "US clears H20 exports" --published 2025-08-12
    xclip -o | exportwatch classify
    exportwatch classify --jsonl articles.jsonl > events.jsonl`
}

// classified is what `classify` prints of a document.
type classified struct {
	ID     json.RawMessage `json:"id"`
	Lang   string          `json:"lang"`
	Events []rules.Event   `json:"events"`
}

func (c classifyCmd) Run(_ context.Context, p *program) error {
	if c.JSONL && (c.Title != "" || c.Format != "auto") {
		return usage(fmt.Errorf("--jsonl takes titles from the input and prints JSON: leave out --title and --format"))
	}
	if _, err := extract.ParsePublished(c.Published, ""); err != nil {
		return usage(fmt.Errorf("--published: %w", err))
	}
	rs, err := rules.Default()
	if err != nil {
		return err
	}
	classify := func(d document) (classified, error) {
		d.Title, d.Lang, d.Published = cmp.Or(c.Title, d.Title), cmp.Or(d.Lang, c.Lang), cmp.Or(d.Published, c.Published)
		a, err := d.article()
		if err != nil {
			return classified{}, err
		}
		events, err := rs.Classify(a)
		if err != nil {
			return classified{}, err
		}
		out := classified{ID: d.ID, Lang: a.Lang, Events: events}
		if out.ID == nil {
			out.ID = json.RawMessage(`""`)
		}
		if out.Events == nil {
			out.Events = []rules.Event{}
		}
		return out, nil
	}
	if c.JSONL {
		r, name, err := p.open(c.File)
		if err != nil {
			return err
		}
		defer r.Close()
		return eachLine(p, name, r, func(line []byte) (classified, error) {
			d, err := parseDocument(line)
			if err != nil {
				return classified{}, err
			}
			return classify(d)
		})
	}

	data, name, err := p.readAll(c.File)
	if err != nil {
		return err
	}
	d, err := readDocument(data)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	out, err := classify(d)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return c.print(p.stdout, out)
}

func (c classifyCmd) print(w console, out classified) error {
	format := c.Format
	if format == "auto" {
		format = "json"
		if w.terminal {
			format = "table"
		}
	}
	switch {
	case format == "json":
		return writeJSON(w, out, "  ")
	case format == "jsonl":
		return writeJSON(w, out, "")
	case format == "table" && len(out.Events) == 0:
		_, err := fmt.Fprintf(w, "No events (language: %s). `exportwatch explain FILE` tells what came near.\n", cmp.Or(line(out.Lang), "unknown"))
		return err
	}
	return show(w, format, out.Events, ruleColumns)
}

var ruleColumns = []column[rules.Event]{
	{name: "event", cell: func(e rules.Event) string { return e.Type + "/" + e.Status }},
	{name: "companies", cell: func(e rules.Event) string { return list(e.Companies) }},
	{name: "items", spare: 1, cell: func(e rules.Event) string { return list(e.Items) }},
	{name: "authority", spare: 2, cell: func(e rules.Event) string { return e.Authority }},
	{name: "to", spare: 3, cell: func(e rules.Event) string { return list(e.Destinations) }},
	{name: "date", spare: 5, cell: func(e rules.Event) string { return e.Date }},
	{name: "news", spare: 4, cell: func(e rules.Event) string { return yes(e.Current) }},
	{name: "attribution", csvOnly: true, cell: func(e rules.Event) string { return e.Attribution }},
	{name: "rule", csvOnly: true, cell: func(e rules.Event) string { return e.Rule }},
	{name: "quote", long: true, cell: func(e rules.Event) string { return e.Evidence.Quote }},
}
