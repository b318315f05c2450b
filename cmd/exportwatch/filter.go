package main

import (
	"fmt"
	"strings"
	"time"

	"exportwatch/rules"
	"exportwatch/store"
)

// databaseFlag is the flag of all commands that use the database.
type databaseFlag struct {
	DB string `name:"db" default:"exportwatch.db" env:"EXPORTWATCH_DB" placeholder:"FILE" help:"Database. Default: exportwatch.db."`
}

// formatFlag is the flag of all commands that list rows.
type formatFlag struct {
	Format string `enum:"table,json,jsonl,csv" default:"table" help:"table, json, jsonl or csv."`
}

// filterFlags narrow a query of events or developments.
type filterFlags struct {
	Type        []string `short:"t" placeholder:"TYPE[/STATUS]" help:"Event type, as license or license/granted; may be repeated."`
	Company     string   `placeholder:"SLUG" help:"A party, as nvidia."`
	Item        string   `placeholder:"SLUG" help:"A controlled item, as nvidia-h20."`
	Authority   string   `placeholder:"SLUG" help:"Who decided, as us-commerce."`
	Destination string   `placeholder:"CC" help:"Where the goods go, as CN (ISO 3166-1 alpha-2)."`
	Current     bool     `help:"Only what articles tell as news, no recaps."`
	placeFlags
}

// placeFlags narrow a query by where and when something was published.
type placeFlags struct {
	Source         string `placeholder:"ID" help:"Only from this source."`
	Lang           string `placeholder:"TAG" help:"Language of the article, as fr (BCP 47)."`
	Since          string `placeholder:"WHEN" help:"First seen since: 7d, 48h, 2025-08-01 or RFC 3339."`
	PublishedSince string `placeholder:"WHEN" help:"Published since, likewise."`
	Limit          int    `short:"n" placeholder:"N" help:"At most so many, newest first. Default: all."`
}

func (f filterFlags) filter(now time.Time) (store.Filter, error) {
	out, err := f.placeFlags.filter(now)
	if err != nil {
		return out, err
	}
	for _, t := range f.Type {
		kind, status, _ := strings.Cut(t, "/")
		if err := rules.TheOntology().Check(kind, status); err != nil {
			return out, usage(fmt.Errorf("--type: %w", err))
		}
	}
	out.Types = f.Type
	out.Company, out.Item, out.Authority = strings.ToLower(f.Company), strings.ToLower(f.Item), strings.ToLower(f.Authority)
	if f.Destination != "" && len(f.Destination) != 2 {
		return out, usage(fmt.Errorf("--destination: %q is no country code of ISO 3166-1, as CN", f.Destination))
	}
	out.Destination = strings.ToUpper(f.Destination)
	out.CurrentOnly = f.Current
	return out, nil
}

func (f placeFlags) filter(now time.Time) (store.Filter, error) {
	out := store.Filter{Source: f.Source, Lang: f.Lang, Limit: f.Limit}
	if f.Limit < 0 {
		return out, usage(fmt.Errorf("--limit: %d is negative", f.Limit))
	}
	if f.Since != "" {
		t, err := since(f.Since, now)
		if err != nil {
			return out, usage(fmt.Errorf("--since: %w", err))
		}
		out.Since = t
	}
	if f.PublishedSince != "" {
		t, err := since(f.PublishedSince, now)
		if err != nil {
			return out, usage(fmt.Errorf("--published-since: %w", err))
		}
		out.PublishedSince = t.Format(time.DateOnly)
	}
	return out, nil
}
