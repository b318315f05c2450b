package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"exportwatch/alert"
	"exportwatch/crawler"
	"exportwatch/monitor"
	"exportwatch/rules"
	"exportwatch/store"
)

type runCmd struct {
	databaseFlag
	Sources     string        `placeholder:"DIR" env:"EXPORTWATCH_SOURCES" help:"Folder with source files of your own, besides the shipped ones; one of the same id replaces it."`
	Only        []string      `placeholder:"ID" help:"Only these sources, where they are due; may be repeated."`
	Force       bool          `short:"f" help:"Visit sources that are not due, too."`
	MaxDuration time.Duration `placeholder:"TIME" help:"Stop cleanly after this time, as 45m."`
	Alerts      string        `placeholder:"FILE" env:"EXPORTWATCH_ALERTS" help:"Who is told what: alerts.yaml. New subscriptions start with this run."`
	SendAlerts  bool          `help:"Send the mails that are due when the crawl has ended (of alerts.yaml, unless --alerts names another file)."`
	Verbose     bool          `short:"v" help:"Log every fetch that fails, too."`
}

func (runCmd) Help() string {
	return `Visits the sources that are due, at their own rhythm, and stores articles, events and developments. Silent when all
is well, so that cron has nothing to mail; on a terminal it shows what it does. SIGINT and SIGTERM stop it cleanly:
what has arrived is stored.

A run in which some sources failed ends with 0 and says so; when all failed it ends with 1. A source file that is
wrong is reported with its line; the others are visited all the same, and the run ends with 2.

Examples:

    exportwatch run
    exportwatch run --only heise,clubic --force -v
    */15 * * * *  exportwatch run --db /var/lib/exportwatch.db --send-alerts --alerts /etc/alerts.yaml`
}

func (c runCmd) Run(ctx context.Context, p *program) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	if c.MaxDuration < 0 {
		return usage(fmt.Errorf("--max-duration: %s is negative", c.MaxDuration))
	}
	if c.Verbose {
		p.setLog(slog.LevelInfo)
	}
	sources, bad := loadSources(c.Sources)
	if sources == nil {
		return usage(bad)
	}
	for _, err := range unjoin(bad) {
		p.report("sources", err)
	}
	if err := checkOnly(c.Only, sources); err != nil {
		return err
	}
	cy := cycle{
		kind: "run", db: c.DB, sources: sources, only: c.Only, force: c.Force, maxDuration: c.MaxDuration,
		send: c.SendAlerts, quiet: c.Verbose || !p.stderr.terminal,
	}
	if c.SendAlerts || c.Alerts != "" {
		config, err := loadAlerts(c.Alerts)
		if err != nil {
			return err
		}
		cy.alerts = &config
	}
	done, err := p.cycle(ctx, cy)
	if err != nil {
		return err
	}
	if !cy.quiet {
		if err := done.print(p.stderr); err != nil {
			return err
		}
	}
	return p.verdict(done, bad)
}

// verdict says in the end what the run as a whole was, where that is not just well.
func (p *program) verdict(done cycleResult, bad error) error {
	failed := len(done.Failed())
	switch done.Outcome {
	case monitor.OutcomeFailed:
		return fmt.Errorf("%s visited, and all failed", many(failed, "source"))
	case monitor.OutcomePartial:
		p.log.Warn("some sources failed", slog.Int("failed", failed), slog.Int("visited", done.Counts.Due))
	case monitor.OutcomeStopped:
		p.log.Warn("stopped early; what had arrived is stored", slog.String("reason", done.Reason))
	}
	if bad != nil {
		return exitError{exitUsage, errReported}
	}
	return nil
}

// cycle is one run as `run` and `demo` do it.
type cycle struct {
	kind        string // of the run's row
	db          string
	sources     []crawler.Source
	only        []string
	force       bool
	maxDuration time.Duration
	alerts      *alert.Config // nil: nobody is told
	send        bool
	quiet       bool // no line of progress
}

type cycleResult struct {
	monitor.Result
	mail alert.Result
}

// cycle crawls, extracts, classifies and stores, and sends what is due, under the lock of the database.
func (p *program) cycle(ctx context.Context, c cycle) (cycleResult, error) {
	held, err := lock(c.db)
	if err != nil {
		return cycleResult{}, err
	}
	defer held.Unlock()
	rs, err := rules.Default()
	if err != nil {
		return cycleResult{}, err
	}
	st, err := store.Open(ctx, c.db, store.Options{})
	if err != nil {
		return cycleResult{}, err
	}
	defer st.Close()

	if c.alerts != nil {
		// Before the crawl: a new subscription starts at now, and what this run finds is later than that.
		if err := alert.Register(ctx, st, *c.alerts, p.clock()); err != nil {
			return cycleResult{}, err
		}
	}
	o := monitor.Options{
		Kind: c.kind, Version: version(), Sources: c.sources, Only: c.only, Force: c.force, MaxDuration: c.maxDuration,
		Crawler: p.crawler, Log: p.log,
	}
	o.Crawler.Clock = p.clock
	if !c.quiet {
		// The table at the end tells what failed; log lines in between would tear the line of progress.
		line := progress{w: p.stderr}
		defer line.end()
		o.Progress, o.Log = line.show, nil
	}
	var done cycleResult
	if done.Result, err = monitor.Run(ctx, st, rs, o); err != nil {
		return done, err
	}
	// After a signal there is no time for mail: it goes out with the next run.
	if c.alerts != nil && c.send && ctx.Err() == nil {
		done.mail, err = p.send(ctx, st, *c.alerts)
	}
	return done, err
}

// print shows people what a run did.
func (r cycleResult) print(w console) error {
	if r.RunID == 0 {
		_, err := fmt.Fprintln(w, "Nothing is due. `exportwatch run --force` visits all the same.")
		return err
	}
	if err := writeTable(w, r.Sources, reportColumns); err != nil {
		return err
	}
	n := r.Counts
	_, err := fmt.Fprintf(w, "\n%s, %s, %s, %s. Mails: %s.\n", many(n.Pages, "page"), many(n.Articles, "new article"),
		many(n.Events, "event"), many(n.Developments, "new development"), mailed(r.mail))
	return err
}

var reportColumns = []column[store.SourceReport]{
	{name: "source", cell: func(r store.SourceReport) string { return r.SourceID }},
	{name: "outcome", cell: func(r store.SourceReport) string { return r.Outcome }},
	{name: "pages", spare: 1, cell: func(r store.SourceReport) string { return strconv.Itoa(r.Pages) }},
	{name: "new", cell: func(r store.SourceReport) string { return strconv.Itoa(r.Articles) }},
	{name: "failed", cell: func(r store.SourceReport) string { return strconv.Itoa(r.Failed) }},
	{name: "why", long: true, whole: true, cell: func(r store.SourceReport) string { return r.Error }},
}

// many is "1 page" or "2 pages".
func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// unjoin returns the errors that errors.Join put together.
func unjoin(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
