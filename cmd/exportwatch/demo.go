package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"exportwatch/alert"
	"exportwatch/crawler"
	"exportwatch/demopress"
	"exportwatch/monitor"
	"exportwatch/store"
	"exportwatch/testdata"
)

type demoCmd struct {
	Dir string `default:"demo" placeholder:"DIR" help:"Where the database and the mails go. Default: demo."`
}

func (demoCmd) Help() string {
	return `Serves seven small news sites of August 2025 on this machine, and does with them all that "exportwatch run
--send-alerts" does: real HTTP, a real database, mails by real SMTP, each a file in DIR/mail that any mail program
opens. Nothing leaves this machine. Run again, it finds nothing new and mails nothing.

Examples:

    exportwatch demo
    exportwatch demo --dir /tmp/demo`
}

// The press stands still in August 2025, so the demo's clock does, too: its first run is on the morning of the
// newest articles, each later one an hour after the last, when the sources are due again.
var demoStart = time.Date(2025, 8, 12, 9, 0, 0, 0, time.UTC)

const demoStep = time.Hour

func (c demoCmd) Run(ctx context.Context, p *program) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	db := filepath.Join(c.Dir, "exportwatch.db")
	mail := filepath.Join(c.Dir, "mail")
	now, err := demoNow(ctx, db)
	if err != nil {
		return err
	}
	press, err := demopress.Serve(testdata.Press)
	if err != nil {
		return err
	}
	defer press.Close()
	mailbox, err := demopress.ServeMailbox(mail)
	if err != nil {
		return err
	}
	defer mailbox.Close()
	config, err := demoAlerts(filepath.Join(c.Dir, "alerts.yaml"), mailbox.Addr)
	if err != nil {
		return err
	}

	inDemo := *p
	inDemo.clock = func() time.Time { return now }
	inDemo.crawler.Dial, inDemo.crawler.RootCAs = press.Dial, press.RootCAs
	inDemo.crawler.Workers = 1 // one site after the other: the same ids every time
	sources, err := crawler.LoadSources(press.Sources())
	if err != nil {
		return err
	}
	done, err := inDemo.cycle(ctx, cycle{
		kind: "demo", db: db, sources: sources, alerts: &config, send: true, quiet: !p.stderr.terminal,
	})
	if err != nil {
		return err
	}
	if err := c.print(ctx, &inDemo, db, mail, done); err != nil {
		return err
	}
	return p.verdict(done, nil)
}

// demoNow is the time of this run: an hour after the last visit that the database knows of. It opens the database to
// write, since a demo that was killed at its very start leaves one without tables.
func demoNow(ctx context.Context, db string) (time.Time, error) {
	st, err := store.Open(ctx, db, store.Options{})
	if err != nil {
		return time.Time{}, err
	}
	defer st.Close()
	sources, err := st.Sources(ctx)
	if err != nil {
		return time.Time{}, err
	}
	now := demoStart
	for _, s := range sources {
		if visit, err := time.Parse(time.RFC3339, s.LastVisit); err == nil && !visit.Add(demoStep).Before(now) {
			now = visit.Add(demoStep)
		}
	}
	return now, nil
}

// demoAlerts writes a configuration for the mailbox and reads it as `run` reads one.
func demoAlerts(path, addr string) (alert.Config, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return alert.Config{}, err
	}
	text := fmt.Sprintf(`# Written by exportwatch demo at every run: the port is that of its own mailbox, which lives as long as the demo does.
from: Export watch <watch@exportwatch.test>
smtp:
  host: %s
  port: %s
  tls: none
subscriptions:
  - name: licences
    to: [analyst@desk.test]
    types: [license]
`, strconv.Quote(host), port)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return alert.Config{}, err
	}
	return loadAlerts(path)
}

// print tells what the demo did, also where a signal stopped it, and what to try on what it left behind.
func (c demoCmd) print(ctx context.Context, p *program, db, mail string, done cycleResult) error {
	ctx = context.WithoutCancel(ctx)
	st, err := p.openToRead(ctx, db)
	if err != nil {
		return err
	}
	defer st.Close()
	var events []store.EventRow
	if done.Counts.Events > 0 {
		if events, err = st.Events(ctx, store.Filter{Since: p.clock()}); err != nil {
			return err
		}
	}
	developments, err := st.Developments(ctx, store.Filter{})
	if err != nil {
		return err
	}

	n := done.Counts
	out := p.stdout
	fmt.Fprintf(out, "The demo press, %s\n\n", p.clock().Format("2 January 2006, 15:04 UTC"))
	sources := many(n.Due, "site")
	if failed := len(done.Failed()); failed > 0 {
		sources += fmt.Sprintf(", %d failed", failed)
	}
	fmt.Fprintf(out, "Sources       %s\n", sources)
	fmt.Fprintf(out, "Pages         %d new, %d not modified, %d failed\n", n.Pages, n.NotModified, n.Failed)
	fmt.Fprintf(out, "Articles      %d new\n", n.Articles)
	fmt.Fprintf(out, "Events        %d new\n", len(events))
	for _, line := range byKind(events) {
		fmt.Fprintf(out, "              %s\n", line)
	}
	fmt.Fprintf(out, "Developments  %d new\n", n.Developments)
	fmt.Fprintf(out, "Mails         %s\n", mailed(done.mail))
	if done.Outcome == monitor.OutcomeOK && n.Articles == 0 && done.mail.Sent == 0 {
		fmt.Fprintf(out, "\nNothing new: what was known did not change, and nobody was mailed again. Delete %s to start over.\n", c.Dir)
	}
	fmt.Fprintln(out)
	if err := writeTable(out, developments, developmentColumns); err != nil {
		return err
	}
	fmt.Fprint(out, tryNext(command(), db, mail))
	return nil
}

// byKind counts events by type and status, as aligned lines.
func byKind(events []store.EventRow) []string {
	counts := map[string]int{}
	width := 0
	for _, e := range events {
		kind := e.Type + "/" + e.Status
		counts[kind]++
		width = max(width, len(kind))
	}
	var lines []string
	for kind, n := range counts {
		lines = append(lines, fmt.Sprintf("%-*s %3d", width, kind, n))
	}
	slices.Sort(lines)
	return lines
}

func tryNext(exportwatch, db, mail string) string {
	var b strings.Builder
	b.WriteString("\nTry next:\n")
	for _, args := range []string{
		"events --type license/granted",
		"developments --current --company nvidia --format jsonl",
		"articles --match H20",
		"explain 1",
		"alerts list",
		"doctor",
	} {
		fmt.Fprintf(&b, "  %s %s --db %s\n", exportwatch, args, db)
	}
	fmt.Fprintf(&b, "  sqlite3 %s \"SELECT type, status, quote FROM v_events\"\n", db)
	fmt.Fprintf(&b, "\nThe mails are in %s; any mail program opens them.\n", mail)
	return b.String()
}

// command is how the person at the terminal can call this program again.
func command() string {
	self := cmp.Or(os.Args[0], "exportwatch")
	if strings.Contains(filepath.ToSlash(self), "/go-build") {
		return "go run -tags sqlite_fts5 ./cmd/exportwatch"
	}
	if found, err := exec.LookPath("exportwatch"); err == nil && sameFile(found, self) {
		return "exportwatch"
	}
	return self
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
