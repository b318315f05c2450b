package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"exportwatch/alert"
	"exportwatch/rules"
	"exportwatch/store"
)

type doctorCmd struct {
	databaseFlag
	formatFlag
	Sources string `placeholder:"DIR" env:"EXPORTWATCH_SOURCES" help:"Folder with source files of your own."`
	Alerts  string `placeholder:"FILE" env:"EXPORTWATCH_ALERTS" help:"Who is told what. Default: alerts.yaml, where there is one."`
}

func (doctorCmd) Help() string {
	return `Changes nothing. Ends with 1 when something is wrong, with 0 when all is well or only worth a look.

Examples:

    exportwatch doctor
    exportwatch doctor --db /var/lib/exportwatch.db --sources /etc/sources --alerts /etc/alerts.yaml`
}

func (c doctorCmd) Run(ctx context.Context, p *program) error {
	var all []store.Finding
	all = append(all, c.rules()...)
	all = append(all, c.sources()...)
	all = append(all, c.alerts()...)
	all = append(all, c.database(ctx, p)...)
	if err := show(p.stdout, c.Format, all, findingColumns); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(f store.Finding) bool { return f.Level == store.LevelError }) {
		return errReported
	}
	return nil
}

func (doctorCmd) rules() []store.Finding {
	rs, err := rules.Default()
	if err == nil {
		err = rs.Check()
	}
	if err != nil {
		return broken("rules", err, "this program was built with broken rules: build it from a clean copy")
	}
	return []store.Finding{{What: "rules", Level: store.LevelOK, Detail: fmt.Sprintf("rule set %s, languages %s", rs.Hash(), list(rs.Languages()))}}
}

func (c doctorCmd) sources() []store.Finding {
	sources, err := loadSources(c.Sources)
	enabled := 0
	for _, s := range sources {
		if !s.Disabled {
			enabled++
		}
	}
	found := store.Finding{What: "source files", Level: store.LevelOK, Detail: fmt.Sprintf("%d of %s enabled", enabled, many(len(sources), "source"))}
	if enabled == 0 {
		found.Level, found.Fix = store.LevelError, "write a source file and name its folder with --sources"
	}
	return append([]store.Finding{found}, broken("source files", err, "correct the file; the other sources are visited all the same")...)
}

func (c doctorCmd) alerts() []store.Finding {
	if _, err := os.Stat("alerts.yaml"); c.Alerts == "" && errors.Is(err, fs.ErrNotExist) {
		return []store.Finding{{
			What: "alerts file", Level: store.LevelWarn, Detail: "no alerts.yaml here: nobody is told anything",
			Fix: "write one, or name one with --alerts",
		}}
	}
	config, err := loadAlerts(c.Alerts)
	if err != nil {
		return broken("alerts file", err, "correct the file, or the environment that it names")
	}
	return []store.Finding{{What: "alerts file", Level: store.LevelOK, Detail: subscriptions(config)}}
}

func subscriptions(c alert.Config) string {
	to := map[string]bool{}
	for _, s := range c.Subscriptions {
		for _, address := range s.To {
			to[address] = true
		}
	}
	return fmt.Sprintf("%s, %s, by %s", many(len(c.Subscriptions), "subscription"), many(len(to), "recipient"), c.SMTP.Host)
}

func (c doctorCmd) database(ctx context.Context, p *program) []store.Finding {
	if err := mustExist(c.DB); err != nil {
		return []store.Finding{{
			What: "database", Level: store.LevelWarn, Detail: "no " + c.DB + " yet", Fix: "exportwatch run makes it; --db names another",
		}}
	}
	st, err := p.openToRead(ctx, c.DB)
	if err != nil {
		return broken("database", err, "") // the error says what to do
	}
	defer st.Close()
	findings, err := st.Check(ctx)
	if err != nil {
		return broken("database", err, "restore a backup")
	}
	return findings
}

// broken is one finding for each error that was joined into err.
func broken(check string, err error, fix string) []store.Finding {
	var all []store.Finding
	for _, e := range unjoin(err) {
		all = append(all, store.Finding{What: check, Level: store.LevelError, Detail: e.Error(), Fix: fix})
	}
	return all
}

var findingColumns = []column[store.Finding]{
	{name: "check", cell: func(f store.Finding) string { return f.What }},
	{name: "state", cell: func(f store.Finding) string { return string(f.Level) }},
	{name: "finding", long: true, whole: true, cell: func(f store.Finding) string { return f.Detail }},
	{name: "fix", long: true, whole: true, cell: func(f store.Finding) string { return f.Fix }},
}
