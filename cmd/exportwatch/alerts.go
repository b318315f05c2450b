package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"

	"exportwatch/alert"
	"exportwatch/store"
)

type alertsCmd struct {
	List alertsListCmd `cmd:"" help:"The alerts: who was told what, and what waits."`
	Send alertsSendCmd `cmd:"" help:"Turn what is new into mails and send what is due."`
}

type alertsListCmd struct {
	databaseFlag
	formatFlag
	State string `enum:",queued,sent,failed" default:"" placeholder:"STATE" help:"queued, sent or failed. Default: all."`
	Limit int    `short:"n" placeholder:"N" help:"The last so many. Default: all."`
}

func (alertsListCmd) Help() string {
	return `One line an alert: a development as one subscription tells it, in one mail to each of its recipients.

Examples:

    exportwatch alerts list --state queued
    exportwatch alerts list --format jsonl`
}

func (c alertsListCmd) Run(ctx context.Context, p *program) error {
	if c.Limit < 0 {
		return usage(fmt.Errorf("--limit: %d is negative", c.Limit))
	}
	st, err := p.openToRead(ctx, c.DB)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := alert.List(ctx, st)
	if err != nil {
		return err
	}
	if c.State != "" {
		rows = slices.DeleteFunc(rows, func(r alert.Row) bool { return r.State != c.State })
	}
	if c.Limit > 0 {
		rows = rows[max(0, len(rows)-c.Limit):]
	}
	return show(p.stdout, c.Format, rows, alertColumns)
}

var alertColumns = []column[alert.Row]{
	{name: "id", csvOnly: true, cell: func(r alert.Row) string { return r.ID }},
	{name: "state", cell: func(r alert.Row) string { return r.State }},
	{name: "sent", cell: func(r alert.Row) string { return r.SentAt }},
	{name: "subscription", cell: func(r alert.Row) string { return r.Subscription }},
	{name: "mails", spare: 4, cell: func(r alert.Row) string { return strconv.Itoa(len(r.Deliveries)) }},
	{name: "change", spare: 3, cell: func(r alert.Row) string { return r.Change }},
	{name: "development", cell: func(r alert.Row) string { return r.Type + "/" + r.Status }},
	{name: "companies", cell: func(r alert.Row) string { return list(r.Companies) }},
	{name: "items", spare: 1, cell: func(r alert.Row) string { return list(r.Items) }},
	{name: "authority", csvOnly: true, cell: func(r alert.Row) string { return r.Authority }},
	{name: "to", spare: 2, cell: func(r alert.Row) string { return list(r.Destinations) }},
	{name: "development_id", csvOnly: true, cell: func(r alert.Row) string { return strconv.FormatInt(r.DevelopmentID, 10) }},
	{name: "first_seen", csvOnly: true, cell: func(r alert.Row) string { return r.FirstSeen }},
	{name: "url", csvOnly: true, cell: func(r alert.Row) string { return list(r.URLs) }},
	{name: "error", long: true, whole: true, cell: lastError},
}

// lastError is why a mail of an alert was not delivered.
func lastError(r alert.Row) string {
	for _, d := range slices.Backward(r.Deliveries) {
		if d.Error != "" {
			return d.Error
		}
	}
	return ""
}

type alertsSendCmd struct {
	databaseFlag
	Alerts string `placeholder:"FILE" env:"EXPORTWATCH_ALERTS" help:"Who is told what. Default: alerts.yaml."`
}

func (alertsSendCmd) Help() string {
	return `A subscription that is new starts at now: it tells nothing of the past. Mail that cannot be delivered stays
queued, is tried again later, and is reported; that is no failure of this command.

Examples:

    exportwatch alerts send
    exportwatch alerts send --alerts /etc/alerts.yaml --db /var/lib/exportwatch.db`
}

func (c alertsSendCmd) Run(ctx context.Context, p *program) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	config, err := loadAlerts(c.Alerts)
	if err != nil {
		return err
	}
	if err := mustExist(c.DB); err != nil {
		return err
	}
	held, err := lock(c.DB)
	if err != nil {
		return err
	}
	defer held.Unlock()
	st, err := store.Open(ctx, c.DB, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	result, err := p.send(ctx, st, config)
	if err == nil && p.stdout.terminal {
		fmt.Fprintln(p.stdout, "Mails: "+mailed(result))
	}
	return err
}

// loadAlerts reads the alerts file, alerts.yaml unless another one is named.
func loadAlerts(path string) (alert.Config, error) {
	config, err := alert.LoadConfig(cmp.Or(path, "alerts.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return config, usage(fmt.Errorf("no alerts file %s: write one, as the README shows, or name another with --alerts", cmp.Or(path, "alerts.yaml")))
	}
	if err != nil {
		return config, usage(err)
	}
	return config, nil
}

// send delivers what is due and reports what could not be delivered.
func (p *program) send(ctx context.Context, st *store.Store, c alert.Config) (alert.Result, error) {
	result, err := alert.Send(ctx, st, c, p.clock())
	p.reportMail(result)
	return result, err
}

// reportMail says on stderr what could not be delivered, and what becomes of it.
func (p *program) reportMail(result alert.Result) {
	for _, e := range result.Errors {
		p.log.Warn("mail not delivered", slog.String("error", e.Error()))
	}
	if result.Deferred > 0 {
		p.log.Warn("mails wait for another try", slog.Int("queued", result.Deferred))
	}
	if result.Failed > 0 {
		p.log.Warn("mails given up: see exportwatch alerts list --state failed", slog.Int("failed", result.Failed))
	}
}

// mailed is what became of the mails, in words.
func mailed(r alert.Result) string {
	s := fmt.Sprintf("%d sent", r.Sent)
	if r.Deferred > 0 {
		s += fmt.Sprintf(", %d wait for another try", r.Deferred)
	}
	if r.Failed > 0 {
		s += fmt.Sprintf(", %d given up (see exportwatch alerts list --state failed)", r.Failed)
	}
	return s
}
