package main

import (
	"context"
	"strconv"
	"strings"

	"exportwatch/store"
)

type eventsCmd struct {
	databaseFlag
	formatFlag
	filterFlags
	Withdrawn bool `help:"Also events that a later run took back."`
}

func (eventsCmd) Help() string {
	return `One line an event, as one article tells it: what, who, the sentence that says so. Several articles that tell
the same thing are one development; see "exportwatch developments". "exportwatch explain ARTICLE_ID" tells why.

Examples:

    exportwatch events --type license/granted --company nvidia
    exportwatch events --authority us-bis --since 7d --format jsonl
    exportwatch events --destination CN --published-since 2025-08-01 --format csv > events.csv`
}

func (c eventsCmd) Run(ctx context.Context, p *program) error {
	filter, err := c.filter(p.clock())
	if err != nil {
		return err
	}
	filter.Withdrawn = c.Withdrawn
	st, err := p.openToRead(ctx, c.DB)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := st.Events(ctx, filter)
	if err != nil {
		return err
	}
	return show(p.stdout, c.Format, rows, eventColumns)
}

var eventColumns = []column[store.EventRow]{
	{name: "id", cell: func(r store.EventRow) string { return strconv.FormatInt(r.ID, 10) }},
	{name: "published", spare: 5, cell: func(r store.EventRow) string { return day(r.Published) }},
	{name: "event", cell: func(r store.EventRow) string { return r.Type + "/" + r.Status }},
	{name: "companies", cell: func(r store.EventRow) string { return list(r.Companies) }},
	{name: "items", spare: 1, cell: func(r store.EventRow) string { return list(r.Items) }},
	{name: "authority", spare: 2, cell: func(r store.EventRow) string { return r.Authority }},
	{name: "to", spare: 3, cell: func(r store.EventRow) string { return list(r.Destinations) }},
	{name: "news", spare: 6, cell: func(r store.EventRow) string { return yes(r.Current) }},
	{name: "source", spare: 7, cell: func(r store.EventRow) string { return r.Source }},
	{name: "date", csvOnly: true, cell: func(r store.EventRow) string { return r.Date }},
	{name: "attribution", csvOnly: true, cell: func(r store.EventRow) string { return r.Attribution }},
	{name: "lang", csvOnly: true, cell: func(r store.EventRow) string { return r.Lang }},
	{name: "development_id", csvOnly: true, cell: func(r store.EventRow) string { return strconv.FormatInt(r.DevelopmentID, 10) }},
	{name: "article_id", spare: 4, cell: func(r store.EventRow) string { return strconv.FormatInt(r.ArticleID, 10) }},
	{name: "rule", csvOnly: true, cell: func(r store.EventRow) string { return r.Rule }},
	{name: "ruleset", csvOnly: true, cell: func(r store.EventRow) string { return r.Ruleset }},
	{name: "score", csvOnly: true, cell: func(r store.EventRow) string { return strconv.FormatFloat(r.Score, 'f', -1, 64) }},
	{name: "known_from", csvOnly: true, cell: func(r store.EventRow) string { return r.KnownFrom }},
	{name: "withdrawn_at", csvOnly: true, cell: func(r store.EventRow) string { return r.WithdrawnAt }},
	{name: "title", csvOnly: true, cell: func(r store.EventRow) string { return r.Title }},
	{name: "url", csvOnly: true, cell: func(r store.EventRow) string { return r.URL }},
	{name: "quote", long: true, cell: func(r store.EventRow) string { return r.Evidence.Quote }},
}

// list is the value of a slot of many in a table or a CSV cell.
func list(values []string) string { return strings.Join(values, " ") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// day is the day of a moment or a day, as the store writes both.
func day(published string) string { return published[:min(len(published), len("2006-01-02"))] }
