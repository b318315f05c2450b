package store

import "testing"

func TestSmoke(t *testing.T) {
	s, run := open(t)
	got := save(t, s, article(run, "harbour", "/h20", "Commerce granted Nvidia licences to sell H20 chips to China.", now, granted(true)))
	t.Logf("%+v", got)
	t.Log(s.Events(t.Context(), Filter{Match: "licences"}))
	t.Log(s.Developments(t.Context(), Filter{Types: []string{"license/granted"}, Lang: "en"}))
	t.Log(s.Articles(t.Context(), Filter{}))
	t.Log(s.Article(t.Context(), "https://harbour.test/h20"))
	t.Log(s.Changes(t.Context(), 0, 0))
	t.Log(s.Sources(t.Context()))
	t.Log(s.Check(t.Context()))
	whole(t, s)
}
