package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Level says how bad a finding is.
type Level string

// The levels of a finding.
const (
	LevelOK    Level = "ok"
	LevelWarn  Level = "warn"
	LevelError Level = "error"
)

// Finding is one thing that was checked, what was found, and what to do about it.
type Finding struct {
	Level  Level  `json:"level"`
	What   string `json:"what"`   // what was checked
	Detail string `json:"detail"` // what was found
	Fix    string `json:"fix"`    // empty when there is nothing to do
}

// Check examines the database, for `exportwatch doctor`: the file, its references, what does not fit together, the
// last run, the sources and the mail. It changes nothing.
func (s *Store) Check(ctx context.Context) ([]Finding, error) {
	var findings []Finding
	for _, check := range []func(context.Context, queryer) ([]Finding, error){
		checkFile, checkReferences, checkOrphans, checkLastRun, checkSources, checkMail,
	} {
		found, err := check(ctx, s.reader)
		if err != nil {
			return findings, fmt.Errorf("check %s: %w", s.path, explain(err))
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

const restore = "stop all runs, keep a copy of the file, then restore a backup or recover it with `sqlite3 FILE .recover`"

func checkFile(ctx context.Context, db queryer) ([]Finding, error) {
	problems, err := collect(ctx, db, scanText, `PRAGMA quick_check(20)`)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, problem := range problems {
		if problem != "ok" {
			findings = append(findings, Finding{LevelError, "file", problem, restore})
		}
	}
	if findings != nil {
		return findings, nil
	}
	var version, pages, size int
	err = db.QueryRowContext(ctx, `SELECT (SELECT user_version FROM pragma_user_version),
		(SELECT page_count FROM pragma_page_count), (SELECT page_size FROM pragma_page_size)`).Scan(&version, &pages, &size)
	return []Finding{{LevelOK, "file", fmt.Sprintf("whole, schema %d, %.1f MB", version, float64(pages*size)/1e6), ""}}, err
}

func checkReferences(ctx context.Context, db queryer) ([]Finding, error) {
	var broken int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return nil, err
	}
	if broken > 0 {
		return []Finding{{LevelError, "references", fmt.Sprintf("%d rows refer to rows that are not there", broken), restore}}, nil
	}
	return []Finding{{LevelOK, "references", "all rows that are referred to are there", ""}}, nil
}

// orphans are rows that no transaction of ours leaves behind.
var orphans = []struct{ what, query string }{
	{"articles without a text", `SELECT count(*) FROM articles WHERE extraction_id IS NULL`},
	{"developments without any event", `SELECT count(*) FROM developments d WHERE merged_into IS NULL
		AND NOT EXISTS (SELECT 1 FROM events WHERE development_id = d.id)`},
	{"events in a development of another kind", `SELECT count(*) FROM events e JOIN developments d ON d.id = e.development_id
		WHERE e.type <> d.type OR e.status <> d.status`},
	{"events whose sentence is not in their text", `SELECT count(*) FROM events e JOIN extractions x ON x.id = e.extraction_id
		WHERE e.quote <> CAST(substr(CAST(CASE e.field WHEN 'title' THEN x.title ELSE x.text END AS BLOB),
			e.start_byte + 1, e.end_byte - e.start_byte) AS TEXT)`},
	{"texts that cannot be searched", `SELECT count(*) FROM extractions WHERE id NOT IN (SELECT rowid FROM article_search)`},
}

func checkOrphans(ctx context.Context, db queryer) ([]Finding, error) {
	var findings []Finding
	for _, o := range orphans {
		var n int
		if err := db.QueryRowContext(ctx, o.query).Scan(&n); err != nil {
			return nil, fmt.Errorf("%s: %w", o.what, err)
		}
		if n > 0 {
			findings = append(findings, Finding{
				LevelError, "rows", fmt.Sprintf("%d %s", n, o.what),
				"this is a defect of exportwatch: report it with the output of `exportwatch doctor`",
			})
		}
	}
	if findings == nil {
		findings = []Finding{{LevelOK, "rows", "articles, events and developments fit together", ""}}
	}
	return findings, nil
}

func checkLastRun(ctx context.Context, db queryer) ([]Finding, error) {
	type run struct{ started, outcome string }
	runs, err := collect(ctx, db, func(rows *sql.Rows) (r run, err error) {
		err = rows.Scan(&r.started, &r.outcome)
		return r, err
	}, `SELECT started_at, outcome FROM runs WHERE kind IN ('run', 'demo') ORDER BY id DESC LIMIT 1`)
	if err != nil {
		return nil, err
	}
	if len(runs) == 0 {
		return []Finding{{LevelWarn, "last run", "there was none yet", "start one with `exportwatch run`"}}, nil
	}
	started, outcome := runs[0].started, runs[0].outcome
	switch outcome {
	case "":
		return []Finding{{LevelOK, "last run", "started " + started + " and is still going, or was killed", ""}}, nil
	case "failed":
		return []Finding{{
			LevelError, "last run", "started " + started + " and failed: no source could be read",
			"check the network, then start another with `exportwatch run`",
		}}, nil
	case "interrupted":
		return []Finding{{LevelWarn, "last run", "started " + started + " and was killed", "start another with `exportwatch run`"}}, nil
	}
	return []Finding{{LevelOK, "last run", "started " + started + ": " + outcome, ""}}, nil
}

func checkSources(ctx context.Context, db queryer) ([]Finding, error) {
	rows, err := collect(ctx, db, scanSource, sourceColumns+` WHERE state NOT IN ('removed', 'disabled') ORDER BY id`)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, r := range rows {
		switch r.State {
		case "failing":
			findings = append(findings, Finding{
				LevelWarn, "source " + r.ID,
				fmt.Sprintf("failed %s, last success %s: %s", inARow(r.Failures), orNever(r.LastSuccess), r.LastError),
				"open its address in a browser: it may have moved; then change its YAML file",
			})
		case "quiet":
			findings = append(findings, Finding{
				LevelWarn, "source " + r.ID, "answers, but its last new article came " + orNever(r.LastNew),
				"see whether its feed or listing has moved, and change its YAML file",
			})
		}
	}
	if findings == nil {
		findings = []Finding{{LevelOK, "sources", fmt.Sprintf("%d, none failing or quiet", len(rows)), ""}}
	}
	return findings, nil
}

func inARow(failures int) string {
	if failures == 1 {
		return "at its last visit"
	}
	return fmt.Sprintf("%d times in a row", failures)
}

func orNever(moment string) string {
	if moment == "" {
		return "never"
	}
	return moment
}

func checkMail(ctx context.Context, db queryer) ([]Finding, error) {
	type backlog struct {
		state, reason string
		count         int
		since         time.Time
	}
	rows, err := collect(ctx, db, func(rows *sql.Rows) (b backlog, err error) {
		err = rows.Scan(&b.state, &b.count, instant{&b.since}, &b.reason)
		return b, err
	}, `SELECT state, count(*), min(queued_at), max(last_error) FROM deliveries WHERE state <> 'sent' GROUP BY state ORDER BY state`)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return []Finding{{LevelOK, "mail", "nothing waits", ""}}, nil
	}
	var findings []Finding
	for _, b := range rows {
		detail := fmt.Sprintf("%d %s since %s", b.count, b.state, b.since.Format(time.DateOnly))
		if b.reason != "" {
			detail += ": " + b.reason
		}
		fix := "send them with `exportwatch alerts send`"
		if b.state == "failed" {
			fix = "mend the cause, which `exportwatch alerts list --state failed` tells; these mails are not tried again"
		}
		findings = append(findings, Finding{LevelWarn, "mail", detail, fix})
	}
	return findings, nil
}
