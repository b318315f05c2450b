package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeDef is how a language writes dates.
type timeDef struct {
	Months   [][]text `yaml:"months"`   // the names of the twelve months, in order
	Weekdays [][]text `yaml:"weekdays"` // the names of the seven days, Monday first
	// Formats are the written forms of a date, as words: day, month (by name), month-number, year, weekday; any
	// other word stands for itself. The longest that fits is taken.
	Formats  []text        `yaml:"formats"`
	Since    []text        `yaml:"since"`    // words before a date that make it the beginning or the end of a state, no time of an event
	Ordinals []string      `yaml:"ordinals"` // endings of the number of a day: 1st, 1er
	Relative []relativeDef `yaml:"relative"`
}

// dateWords are the words of a format that do not stand for themselves.
var dateWords = []string{"day", "month", "month-number", "year", "weekday"}

// relativeDef is an expression that counts from the day of publication.
type relativeDef struct {
	Terms  []text `yaml:"terms"`
	Days   int    `yaml:"days"`
	Months int    `yaml:"months"` // the date is a month
	Years  int    `yaml:"years"`  // the date is a year
}

type timeTable struct {
	months, weekdays label
	relativeLabel    label
	named            [3]label // months, weekdays, relative
	since            label
	relative         []relativeDef
	formats          [][]string // longest first
	ordinals         []string
	literals         map[string]bool // words that a format begins with
}

func (c *compiler) times(parts []packPart) {
	t := &timeTable{months: c.newLabel("month"), weekdays: c.newLabel("weekday"), relativeLabel: c.newLabel("time"), since: c.newLabel("since")}
	t.named = [3]label{t.months, t.weekdays, t.relativeLabel}
	for _, p := range parts {
		c.addAll(p.name, p.Time.Since, t.since)
		for i, terms := range p.Time.Months {
			for _, term := range terms {
				c.add(p.name, term, entry{label: t.months, value: i + 1})
			}
		}
		for i, terms := range p.Time.Weekdays {
			for _, term := range terms {
				c.add(p.name, term, entry{label: t.weekdays, value: (i + 1) % 7})
			}
		}
		for _, d := range p.Time.Relative {
			for _, term := range d.Terms {
				c.add(p.name, term, entry{label: t.relativeLabel, value: len(t.relative)})
			}
			t.relative = append(t.relative, d)
		}
		for _, f := range p.Time.Formats {
			t.formats = append(t.formats, strings.Fields(f.string))
		}
		t.ordinals = append(t.ordinals, p.Time.Ordinals...)
	}
	t.literals = map[string]bool{}
	for _, f := range t.formats {
		if !slices.Contains(dateWords, f[0]) {
			t.literals[f[0]] = true
		}
	}
	slices.SortStableFunc(t.formats, func(a, b []string) int { return len(b) - len(a) })
	c.language.times = t
}

// dates returns the expressions of time of a sentence, resolved against the day of publication (zero: unknown).
func (t *timeTable) dates(s *sentence, published time.Time, ahead bool) []span {
	var out []span
	named := s.has.hasAny(t.named[:])
	for i := 0; i < len(s.tokens); {
		if !t.begins(s, i, named) {
			i++
			continue
		}
		sp, ok := t.date(s, i, published, ahead)
		if !ok {
			i++
			continue
		}
		if sp.date != "" && !slices.ContainsFunc(s.spans, func(o span) bool { return o.label == t.since && o.to == i }) {
			out = append(out, sp)
		}
		i = sp.to
	}
	return out
}

// begins says whether a date can begin with the token, before any format is tried; named: the sentence has a name of a
// month, a weekday or another expression of time.
func (t *timeTable) begins(s *sentence, i int, named bool) bool {
	return s.tokens[i].dated || named && slices.ContainsFunc(s.at(i), func(sp span) bool { return slices.Contains(t.named[:], sp.label) })
}

func (t *timeTable) date(s *sentence, i int, published time.Time, ahead bool) (span, bool) {
	for _, sp := range s.at(i) {
		if sp.label == t.relativeLabel {
			return span{entry: &entry{label: dateLabel, date: t.relative[sp.entry.value].resolve(published)}, label: dateLabel, from: i, to: sp.to}, true
		}
	}
	for _, f := range t.formats {
		var d calendar
		if to, ok := t.follow(f, s, i, &d); ok {
			return span{entry: &entry{label: dateLabel, date: d.resolve(published, ahead)}, label: dateLabel, from: i, to: to}, true
		}
	}
	return span{}, false
}

// A calendar date as it is written; what is not written is 0.
type calendar struct {
	year, month, day int
	weekday          int // Sunday is 0
	hasWeekday       bool
}

func (t *timeTable) follow(format []string, s *sentence, i int, d *calendar) (to int, ok bool) {
	for _, word := range format {
		if i >= len(s.tokens) {
			return 0, false
		}
		tok := s.tokens[i]
		switch word {
		case "day":
			if d.day, ok = t.number(tok.folded, 1, 31); !ok {
				return 0, false
			}
		case "month-number":
			if d.month, ok = t.number(tok.folded, 1, 12); !ok {
				return 0, false
			}
		case "year":
			if d.year, ok = t.number(tok.folded, 1990, 2100); !ok || len(tok.cased) != 4 {
				return 0, false
			}
		case "month", "weekday":
			want := t.months
			if word == "weekday" {
				want = t.weekdays
			}
			k := slices.IndexFunc(s.at(i), func(sp span) bool { return sp.label == want })
			if k < 0 {
				return 0, false
			}
			sp := s.at(i)[k]
			if word == "month" {
				d.month = sp.entry.value
			} else {
				d.weekday, d.hasWeekday = sp.entry.value, true
			}
			i = sp.to
			continue
		default:
			if tok.folded != word {
				return 0, false
			}
		}
		i++
	}
	return i, true
}

func (t *timeTable) number(word string, low, high int) (int, bool) {
	if word[0] < '0' || word[0] > '9' {
		return 0, false
	}
	for _, o := range t.ordinals {
		if rest, ok := strings.CutSuffix(word, o); ok && rest != "" {
			word = rest
			break
		}
	}
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= low && n <= high
}

const day = 24 * time.Hour

// resolve gives the date as the day, month or year that it names; a date without a year is the last one before
// publication, or within the week after it; where the sentence looks ahead, within the half-year after it. A day that
// no calendar has gives nothing.
func (d calendar) resolve(published time.Time, ahead bool) string {
	switch {
	case d.year > 0 && d.month > 0 && d.day > 0:
		return d.in(d.year)
	case d.year > 0 && d.month > 0:
		return fmt.Sprintf("%04d-%02d", d.year, d.month)
	case d.year > 0:
		return fmt.Sprintf("%04d", d.year)
	case published.IsZero():
		return ""
	case d.month > 0 && d.day > 0:
		limit := published.Add(7 * day).Format(time.DateOnly)
		if ahead {
			limit = published.AddDate(0, 6, 0).Format(time.DateOnly)
		}
		for back := range 9 { // between two 29ths of February lie up to eight years
			if at := d.in(published.Year() + 1 - back); at != "" && at <= limit {
				return at
			}
		}
		return ""
	case d.month > 0:
		year := published.Year()
		if d.month > int(published.Month()) && !ahead {
			year--
		}
		return fmt.Sprintf("%04d-%02d", year, d.month)
	case d.hasWeekday:
		back := (int(published.Weekday()) - d.weekday + 7) % 7
		return published.AddDate(0, 0, -back).Format(time.DateOnly)
	}
	return ""
}

// in is the day in a year, empty where that year has none.
func (d calendar) in(year int) string {
	at := time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	if at.Day() != d.day {
		return ""
	}
	return at.Format(time.DateOnly)
}

func (d relativeDef) resolve(published time.Time) string {
	switch {
	case published.IsZero():
		return ""
	case d.Years != 0:
		return fmt.Sprintf("%04d", published.Year()+d.Years)
	case d.Months != 0:
		first := time.Date(published.Year(), published.Month(), 1, 0, 0, 0, 0, time.UTC)
		return first.AddDate(0, d.Months, 0).Format("2006-01")
	}
	return published.AddDate(0, 0, d.Days).Format(time.DateOnly)
}

// newsDays is how old the day of an event may be for the event still to be news: weeklies and law firms look back over a week.
const newsDays = 8

// past says whether the date lies so long before publication that what happened then is background.
func past(date string, published time.Time) bool {
	if published.IsZero() {
		return false
	}
	switch len(date) {
	case len("2006-01-02"):
		return date < published.Add(-newsDays*day).Format(time.DateOnly)
	case len("2006-01"), len("2006"):
		return date < published.Add(-newsDays * day).Format("2006-01-02")[:len(date)]
	}
	return false
}
