package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The views are a promise to analysts: their columns keep name and order, new ones come at the end.
func TestViewsAreAPromise(t *testing.T) {
	s, run := open(t)
	save(t, s, article(run, "harbour", "/h20", sentence, now, granted(true)))
	want := map[string][]string{
		"v_events": {
			"id", "type", "status", "companies", "authority", "items", "destinations", "date", "current", "attribution", "rule", "ruleset",
			"score", "cues", "field", "start_byte", "end_byte", "quote", "development_id", "article_id", "url", "title", "source", "source_name",
			"lang", "published", "published_day", "run_id", "extractor", "known_from", "withdrawn_at", "withdrawn_reason",
		},
		"v_developments": {
			"id", "type", "status", "companies", "items", "authority", "country", "destinations", "date", "first_day", "last_day", "current",
			"official", "first_seen", "last_seen", "articles", "origins", "matter_id", "quote", "source", "url", "article_ids", "urls",
		},
		"v_articles": {
			"id", "url", "source", "source_name", "title", "authors", "text", "published", "published_day", "lang", "kind", "first_seen",
			"external_id", "events", "versions", "copy_of",
		},
		"v_source_health": {
			"id", "name", "kind", "language", "disabled", "next_due", "last_visit", "last_success", "last_new", "failures", "last_error",
			"articles", "state",
		},
	}
	got := map[string][]string{}
	for _, view := range column(t, s, `SELECT name FROM sqlite_schema WHERE type = 'view'`) {
		got[view] = column(t, s, `SELECT name FROM pragma_table_info(?)`, view)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every column of every view is what an analyst's plain SQL gets: text, number or JSON, never NULL.
func TestViewsByPlainSQL(t *testing.T) {
	s, run := open(t)
	save(t, s, article(run, "harbour", "/h20", sentence, now, granted(true)))
	for query, want := range map[string]string{
		`SELECT companies || items || destinations || cues FROM v_events`:                          `["nvidia"]["nvidia-h20"]["CN"]["news"]`,
		`SELECT e.quote FROM v_events e, json_each(e.items) i WHERE i.value = 'nvidia-h20'`:        sentence,
		`SELECT article_ids || urls FROM v_developments`:                                           `["1"]["https://harbour.test/h20"]`,
		`SELECT quote FROM v_developments WHERE type = 'license' AND status = 'granted'`:           sentence,
		`SELECT authors FROM v_articles`:                                                           `["Ada Wong"]`,
		`SELECT group_concat(id || '=' || state) FROM (SELECT * FROM v_source_health ORDER BY id)`: `atlas=new,commerce=new,harbour=new`,
		`SELECT extractor <> '' AND withdrawn_at = '' AND withdrawn_reason = '' FROM v_events`:     `1`,
	} {
		if got := column(t, s, query); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, view := range []string{"v_events", "v_developments", "v_articles", "v_source_health"} {
		for _, name := range column(t, s, `SELECT name FROM pragma_table_info(?)`, view) {
			if got := column(t, s, `SELECT count(*) FROM `+view+` WHERE `+name+` IS NULL`); got[0] != "0" {
				t.Errorf("%s.%s is NULL", view, name)
			}
		}
	}
}
