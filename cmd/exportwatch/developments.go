package main

import (
	"context"
	"strconv"

	"exportwatch/store"
)

type developmentsCmd struct {
	databaseFlag
	formatFlag
	filterFlags
}

func (developmentsCmd) Help() string {
	return `One line for each thing that happened, with the number of articles that tell it and of independent origins:
copies of one wire report count once.

Examples:

    exportwatch developments --current --since 7d
    exportwatch developments --type license --destination CN --format csv > licences.csv
    exportwatch developments --company nvidia --format jsonl`
}

func (c developmentsCmd) Run(ctx context.Context, p *program) error {
	filter, err := c.filter(p.clock())
	if err != nil {
		return err
	}
	st, err := p.openToRead(ctx, c.DB)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := st.Developments(ctx, filter)
	if err != nil {
		return err
	}
	return show(p.stdout, c.Format, rows, developmentColumns)
}

var developmentColumns = []column[store.DevelopmentRow]{
	{name: "id", cell: func(r store.DevelopmentRow) string { return strconv.FormatInt(r.ID, 10) }},
	{name: "date", spare: 5, cell: func(r store.DevelopmentRow) string { return r.Date }},
	{name: "development", cell: func(r store.DevelopmentRow) string { return r.Type + "/" + r.Status }},
	{name: "companies", cell: func(r store.DevelopmentRow) string { return list(r.Companies) }},
	{name: "items", spare: 1, cell: func(r store.DevelopmentRow) string { return list(r.Items) }},
	{name: "authority", spare: 2, cell: func(r store.DevelopmentRow) string { return r.Authority }},
	{name: "to", spare: 3, cell: func(r store.DevelopmentRow) string { return list(r.Destinations) }},
	{name: "news", spare: 6, cell: func(r store.DevelopmentRow) string { return yes(r.Current) }},
	{name: "official", csvOnly: true, cell: func(r store.DevelopmentRow) string { return yes(r.Official) }},
	{name: "articles", spare: 4, cell: func(r store.DevelopmentRow) string { return strconv.Itoa(r.Articles) }},
	{name: "origins", spare: 7, cell: func(r store.DevelopmentRow) string { return strconv.Itoa(r.Origins) }},
	{name: "first_seen", csvOnly: true, cell: func(r store.DevelopmentRow) string { return r.FirstSeen }},
	{name: "last_seen", csvOnly: true, cell: func(r store.DevelopmentRow) string { return r.LastSeen }},
	{name: "matter_id", csvOnly: true, cell: func(r store.DevelopmentRow) string { return strconv.FormatInt(r.MatterID, 10) }},
	{name: "source", csvOnly: true, cell: func(r store.DevelopmentRow) string { return r.Source }},
	{name: "url", csvOnly: true, cell: func(r store.DevelopmentRow) string { return r.URL }},
	{name: "article_ids", csvOnly: true, cell: func(r store.DevelopmentRow) string { return list(r.ArticleIDs) }},
	{name: "quote", long: true, cell: func(r store.DevelopmentRow) string { return r.Quote }},
}
