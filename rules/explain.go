package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"exportwatch/extract"
)

// Explanation is how the rules read an article: sentence by sentence what was found, what fired, and what was held back.
type Explanation struct {
	Lang      string              `json:"lang"`
	Ruleset   string              `json:"ruleset"`
	Note      string              `json:"note,omitempty"` // why nothing was read
	Sentences []ExplainedSentence `json:"sentences"`      // those in which something was found
	Events    []Event             `json:"events"`
}

// ExplainedSentence is one sentence of an [Explanation].
type ExplainedSentence struct {
	Field    string          `json:"field"`
	Start    int             `json:"start"` // bytes
	End      int             `json:"end"`
	Text     string          `json:"text"`
	Entities []ExplainedSpan `json:"entities"`
	Triggers []ExplainedSpan `json:"triggers"` // spans of lexicons
	Cues     []ExplainedSpan `json:"cues"`
	Rules    []ExplainedRule `json:"rules"`
}

// ExplainedSpan is a span with what it stands for: a slug, a lexicon, a category of cues, a date.
type ExplainedSpan struct {
	Text  string `json:"text"`
	Means string `json:"means"`
}

// ExplainedRule is a rule that fits a sentence.
type ExplainedRule struct {
	Rule  string   `json:"rule"`
	Event string   `json:"event"` // type/status, after the cues
	Words []string `json:"words"` // those that it rests on
	Cues  []string `json:"cues"`
	Held  string   `json:"held,omitempty"` // why it gave no event
}

// Explain returns how the rules read an article.
func (rs *Ruleset) Explain(a extract.Article) Explanation { return rs.explain(a, false) }

// ExplainPiece is [Ruleset.Explain] of a text that is no whole article, as a case is.
func (rs *Ruleset) ExplainPiece(a extract.Article) Explanation { return rs.explain(a, true) }

func (rs *Ruleset) explain(a extract.Article, piece bool) Explanation {
	x := Explanation{Lang: a.Lang, Ruleset: rs.hash, Events: []Event{}}
	l, err := rs.pack(a.Lang)
	if err != nil {
		x.Note = err.Error()
		return x
	}
	if l == nil {
		x.Note = fmt.Sprintf("no pack for language %q; there are packs for %s", a.Lang, strings.Join(rs.Languages(), ", "))
		return x
	}
	d := rs.scan(l, a)
	onTopic := piece || d.onTopic()
	d.piece = piece
	d.understand()
	if onTopic {
		x.Events = d.events()
	} else {
		x.Note = "no event: the article names nothing of the pack's topic, " + l.list(l.topic)
	}
	d = rs.read(l, a)
	d.piece, d.explaining = piece, true
	for i, s := range d.sentences {
		e := ExplainedSentence{Field: s.field, Start: s.start, End: s.end, Text: d.field(s.field)[s.start:s.end]}
		for _, sp := range s.found() {
			l.explain(d, s, sp, &e)
		}
		for _, m := range d.matches(i, s) {
			e.Rules = append(e.Rules, d.explain(m))
		}
		if len(e.Entities)+len(e.Triggers)+len(e.Rules) > 0 {
			x.Sentences = append(x.Sentences, e)
		}
	}
	return x
}

func (d *document) words(s *sentence, sp span) string {
	return d.field(s.field)[s.tokens[sp.from].start:s.tokens[sp.to-1].end]
}

// found returns the spans of a sentence together with its triggers.
func (s *sentence) found() []span {
	all := slices.Clone(s.spans)
	for _, t := range s.triggers {
		all = append(all, t.span())
	}
	slices.SortStableFunc(all, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to, int(a.label-b.label)) })
	return all
}

func (l *language) explain(d *document, s *sentence, sp span, e *ExplainedSentence) {
	x := ExplainedSpan{d.words(s, sp), l.means[sp.label].name}
	switch {
	case sp.label == dateLabel:
		x.Means = sp.date
		e.Entities = note(e.Entities, x)
	case sp.label == productLabel: // its item says the same
	case sp.label < firstLexiconLabel:
		x.Means = sp.entity.Slug
		e.Entities = note(e.Entities, x)
	case l.means[sp.label].cue != nil:
		e.Cues = note(e.Cues, x)
	case strings.HasPrefix(x.Means, "{") || l.isMask(&sp):
		e.Triggers = note(e.Triggers, x)
	}
}

// note adds a span to a list, where its words stand there already to what they mean.
func note(list []ExplainedSpan, x ExplainedSpan) []ExplainedSpan {
	i := slices.IndexFunc(list, func(o ExplainedSpan) bool { return o.Text == x.Text })
	if i < 0 {
		return append(list, x)
	}
	if !slices.Contains(strings.Fields(list[i].Means), x.Means) {
		list[i].Means += " " + x.Means
	}
	return list
}

func (d *document) explain(m *match) ExplainedRule {
	x := ExplainedRule{Rule: m.rule.id, Event: m.kind + "/" + m.status, Held: m.held}
	spans := slices.Clone(m.fit.spans)
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	for _, sp := range spans {
		x.Words = append(x.Words, d.words(m.sentence, sp))
	}
	for _, sp := range m.cues {
		x.Cues = append(x.Cues, fmt.Sprintf("%s (%s)", d.language.means[sp.label].name, d.words(m.sentence, sp)))
	}
	return x
}

// String lays the explanation out for a person.
func (x Explanation) String() string {
	var b strings.Builder
	if x.Note != "" {
		fmt.Fprintf(&b, "%s\n", x.Note)
	}
	list := func(name string, spans []ExplainedSpan) {
		for i, sp := range spans {
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "  %-9s %s  →  %s\n", name, sp.Text, sp.Means)
		}
	}
	for _, s := range x.Sentences {
		fmt.Fprintf(&b, "[%s %d-%d] %s\n", s.Field, s.Start, s.End, s.Text)
		list("entities", s.Entities)
		list("triggers", s.Triggers)
		list("cues", s.Cues)
		for _, r := range s.Rules {
			verdict := "fired"
			if r.Held != "" {
				verdict = "held: " + r.Held
			}
			fmt.Fprintf(&b, "  %-9s %s  %s  [%s]  %s\n", "rule", r.Rule, r.Event, strings.Join(r.Words, " … "), verdict)
			for _, c := range r.Cues {
				fmt.Fprintf(&b, "  %-9s   %s\n", "", c)
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d events (ruleset %s)\n", len(x.Events), x.Ruleset)
	for _, e := range x.Events {
		news := "current"
		if !e.Current {
			news = "background"
		}
		fmt.Fprintf(&b, "  %s/%s  %s  %s  companies %s  authority %s  items %s  destinations %s  %s  %s\n", e.Type, e.Status, news, e.Attribution,
			orDash(e.Companies...), orDash(e.Authority), orDash(e.Items...), orDash(e.Destinations...), orDash(e.Date), e.Rule)
	}
	return b.String()
}

func orDash(values ...string) string {
	if s := strings.Join(values, ","); s != "" {
		return s
	}
	return "-"
}
