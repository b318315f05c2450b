package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"exportwatch/extract"
	"exportwatch/rules"
)

type explainCmd struct {
	databaseFlag
	What   string `arg:"" name:"ID|URL|FILE" help:"An article of the database by its id or address, or a file with text or JSON; - is standard input."`
	Title  string `help:"The title, where the file is text."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

func (explainCmd) Help() string {
	return `Classifies the text again with the rules as they are now, and tells for each sentence that came near what fired
and what held it back.

Examples:

    exportwatch explain 12
    exportwatch explain https://example.com/news/h20.html
    exportwatch explain ./article.txt`
}

func (c explainCmd) Run(ctx context.Context, p *program) error {
	a, err := c.article(ctx, p)
	if err != nil {
		return err
	}
	rs, err := rules.Default()
	if err != nil {
		return err
	}
	explanation := rs.Explain(a)
	if c.Format == "json" {
		return writeJSON(p.stdout, explanation, "  ")
	}
	_, err = fmt.Fprintln(p.stdout, strings.TrimRight(lines(explanation.String()), "\n"))
	return err
}

// article finds the text: a number is an id, what has a scheme is an address, all else is a file.
func (c explainCmd) article(ctx context.Context, p *program) (extract.Article, error) {
	_, notNumber := strconv.ParseInt(c.What, 10, 64)
	if notNumber != nil && !strings.Contains(c.What, "://") {
		data, name, err := p.readAll(c.What)
		if errors.Is(err, fs.ErrNotExist) {
			return extract.Article{}, fmt.Errorf("%s is neither the id nor the address of an article, and no file", c.What)
		}
		if err != nil {
			return extract.Article{}, err
		}
		d, err := readDocument(data)
		if err == nil {
			d.Title = cmp.Or(c.Title, d.Title)
			var a extract.Article
			if a, err = d.article(); err == nil {
				return a, nil
			}
		}
		return extract.Article{}, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := os.Stat(c.What); err == nil {
		return extract.Article{}, usage(fmt.Errorf("%s is an id and a file: write ./%s for the file", c.What, c.What))
	}
	st, err := p.openToRead(ctx, c.DB)
	if err != nil {
		return extract.Article{}, err
	}
	defer st.Close()
	row, err := st.Article(ctx, c.What)
	if err != nil {
		return extract.Article{}, err
	}
	published, err := extract.ParsePublished(row.Published, "")
	if err != nil {
		return extract.Article{}, fmt.Errorf("article %d: published: %w", row.ID, err)
	}
	return extract.Article{
		URL: row.URL, SourceID: row.Source, Title: row.Title, Authors: row.Authors, Published: published,
		Lang: row.Lang, Kind: extract.Kind(row.Kind), Text: row.Text,
	}, nil
}
