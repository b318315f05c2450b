package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"exportwatch/extract"
	"exportwatch/rules"
)

// Each filter is asked of events, developments and articles of the same three: a licence of harbour, a control of
// atlas a day later, and a paywall.
func TestFilter(t *testing.T) {
	s, run := open(t)
	save(t, s, article(run, "harbour", "/licence", "Nvidia may sell H20 chips to China.", now, granted(true)))
	control := article(run, "atlas", "/controle", "Pékin limite le gallium.", now.Add(24*time.Hour),
		rules.Event{Type: "control", Status: "imposed", Authority: "cn-mofcom", Items: []string{"gallium", "germanium"}, Destinations: []string{"US"}, Attribution: "reported"})
	control.Article.Lang = "fr"
	save(t, s, control)
	wall := article(run, "commerce", "/wall", "Please subscribe.", now.Add(48*time.Hour))
	wall.Article.Kind = extract.KindPaywall
	save(t, s, wall)

	for _, test := range []struct {
		filter                         Filter
		events, developments, articles string
	}{
		{Filter{}, "control license", "control license", "wall controle licence"},
		{Filter{Types: []string{"license"}}, "license", "license", "licence"},
		{Filter{Types: []string{"license/granted", "control/eased"}}, "license", "license", "licence"},
		{Filter{Types: []string{"license/denied"}}, "", "", ""},
		{Filter{Types: []string{"control", "license"}}, "control license", "control license", "controle licence"},
		{Filter{Company: "nvidia"}, "license", "license", "licence"},
		{Filter{Item: "germanium"}, "control", "control", "controle"},
		{Filter{Item: "nvidia"}, "", "", ""},
		{Filter{Authority: "cn-mofcom"}, "control", "control", "controle"},
		{Filter{Destination: "CN"}, "license", "license", "licence"},
		{Filter{Source: "atlas"}, "control", "control", "controle"},
		{Filter{Lang: "fr"}, "control", "control", "controle"},
		{Filter{Kind: "paywall"}, "", "", "wall"},
		{Filter{Since: now.Add(time.Second)}, "control", "control", "wall controle"},
		{Filter{PublishedSince: "2025-08-10"}, "control", "control", "wall controle"},
		{Filter{CurrentOnly: true}, "license", "license", "licence"},
		{Filter{Match: "pekin"}, "control", "control", "controle"},
		{Filter{Limit: 1}, "control", "control", "wall"},
		{Filter{Company: "nvidia", Lang: "fr"}, "", "", ""},
		{Filter{
			Company: "nvidia", Item: "nvidia-h20", Authority: "us-commerce", Destination: "CN", Source: "harbour", Lang: "en", Kind: "article",
			Types: []string{"license"}, Since: now, PublishedSince: "2025-08-09", CurrentOnly: true, Match: "H20", Limit: 5,
		}, "license", "license", "licence"},
		{Filter{Source: "' OR 1=1 --"}, "", "", ""},
	} {
		t.Run(fmt.Sprintf("%+v", test.filter), func(t *testing.T) {
			events, err := s.Events(t.Context(), test.filter)
			if err != nil {
				t.Fatal(err)
			}
			developments, err := s.Developments(t.Context(), test.filter)
			if err != nil {
				t.Fatal(err)
			}
			articles, err := s.Articles(t.Context(), test.filter)
			if err != nil {
				t.Fatal(err)
			}
			for _, answer := range []struct{ what, got, want string }{
				{"events", names(events, func(r EventRow) string { return r.Type }), test.events},
				{"developments", names(developments, func(r DevelopmentRow) string { return r.Type }), test.developments},
				{"articles", names(articles, func(r ArticleRow) string { return r.URL[strings.LastIndex(r.URL, "/")+1:] }), test.articles},
			} {
				if answer.got != answer.want {
					t.Errorf("%s: %q, want %q", answer.what, answer.got, answer.want)
				}
			}
		})
	}
}

func names[T any](rows []T, name func(T) string) string {
	var out []string
	for _, r := range rows {
		out = append(out, name(r))
	}
	return strings.Join(out, " ")
}

// Whose mention was withdrawn no longer tells of the development, though another source does.
func TestFilterBySourceThatTookItBack(t *testing.T) {
	s, run := open(t)
	save(t, s, article(run, "harbour", "/h20", sentence, now, granted(true)))
	save(t, s, article(run, "atlas", "/h20", "Washington says so: "+sentence, now, granted(true)))
	save(t, s, article(run, "harbour", "/h20", "Correction: we were wrong.", now.Add(time.Hour)))
	for _, test := range []struct {
		filter Filter
		want   int
	}{
		{Filter{}, 1},
		{Filter{Source: "atlas"}, 1},
		{Filter{Source: "harbour"}, 0},
		{Filter{Source: "harbour", Withdrawn: true}, 1},
	} {
		rows, err := s.Developments(t.Context(), test.filter)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != test.want {
			t.Errorf("%+v: %d developments, want %d", test.filter, len(rows), test.want)
		}
	}
}
