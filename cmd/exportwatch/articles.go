package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"exportwatch/extract"
	"exportwatch/store"
)

type articlesCmd struct {
	databaseFlag
	formatFlag
	placeFlags
	Match string `short:"m" placeholder:"WORDS" help:"Full text: articles in which all of these words occur."`
	Kind  string `placeholder:"KIND" help:"What the page turned out to be: article, paywall, stub, …"`
}

func (articlesCmd) Help() string {
	return `One line an article, newest first. JSON has the whole text.

Examples:

    exportwatch articles --match "export licence" --since 7d
    exportwatch articles --lang fr --format jsonl | exportwatch classify --jsonl
    exportwatch articles --kind paywall`
}

var articleKinds = []extract.Kind{
	extract.KindArticle, extract.KindListing, extract.KindPaywall, extract.KindConsent, extract.KindLogin,
	extract.KindSoft404, extract.KindStub, extract.KindNotHTML,
}

func (c articlesCmd) Run(ctx context.Context, p *program) error {
	filter, err := c.filter(p.clock())
	if err != nil {
		return err
	}
	if c.Kind != "" && !slices.Contains(articleKinds, extract.Kind(c.Kind)) {
		return usage(fmt.Errorf("--kind: no kind %q: it is one of %s", c.Kind, joinKinds(articleKinds)))
	}
	filter.Match, filter.Kind = c.Match, c.Kind
	st, err := p.openToRead(ctx, c.DB)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := st.Articles(ctx, filter)
	if err != nil {
		return err
	}
	return show(p.stdout, c.Format, rows, articleColumns)
}

func joinKinds(kinds []extract.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

var articleColumns = []column[store.ArticleRow]{
	{name: "id", cell: func(r store.ArticleRow) string { return strconv.FormatInt(r.ID, 10) }},
	{name: "published", cell: func(r store.ArticleRow) string { return day(r.Published) }},
	{name: "source", cell: func(r store.ArticleRow) string { return r.Source }},
	{name: "lang", spare: 3, cell: func(r store.ArticleRow) string { return r.Lang }},
	{name: "kind", spare: 2, cell: func(r store.ArticleRow) string { return r.Kind }},
	{name: "events", spare: 1, cell: func(r store.ArticleRow) string { return strconv.Itoa(r.Events) }},
	{name: "first_seen", csvOnly: true, cell: func(r store.ArticleRow) string { return r.FirstSeen }},
	{name: "authors", csvOnly: true, cell: func(r store.ArticleRow) string { return strings.Join(r.Authors, "; ") }},
	{name: "url", csvOnly: true, cell: func(r store.ArticleRow) string { return r.URL }},
	{name: "title", long: true, cell: func(r store.ArticleRow) string { return r.Title }},
}
