package developments

import "time"

// window is how far a mention may lie from the days of a development and still be about the same thing.
const window = 14 * 24 * time.Hour

// period is a span of days (2006-01-02), both ends included. An empty first day is open: at some time up to last.
type period struct {
	first, last string
	known       bool // the day itself is known, not only bounds of it
}

// when says on which days that happened of which the mention tells. A recap without a date happened at some time
// up to its publication: that day bounds it and says no more, so it must not stretch a development.
func when(m Mention) period {
	told := toldOn(m)
	first, last, ok := days(m.Event.Date)
	switch {
	case !ok && m.Event.Current:
		return period{told, told, true}
	case !ok:
		return period{"", told, false}
	case first == last:
		return period{first, last, true}
	case first > told:
		return period{first, last, false}
	}
	last = min(last, told) // what is told has happened
	if m.Event.Current && last == told {
		return period{told, told, true} // news of this very month
	}
	return period{first, last, false}
}

// toldOn is the day of publication, else the day of the fetch.
func toldOn(m Mention) string {
	if day, _, ok := days(m.Published.Day); ok {
		return day
	}
	if !m.Published.At.IsZero() {
		return m.Published.At.UTC().Format(time.DateOnly)
	}
	return m.SeenAt.UTC().Format(time.DateOnly)
}

// days resolves a day, a month or a year to its first and last day.
func days(date string) (first, last string, ok bool) {
	for _, form := range []struct {
		layout              string
		years, months, days int // its length
	}{
		{time.DateOnly, 0, 0, 1},
		{"2006-01", 0, 1, 0},
		{"2006", 1, 0, 0},
	} {
		t, err := time.Parse(form.layout, date)
		if err != nil {
			continue
		}
		end := t.AddDate(form.years, form.months, form.days).AddDate(0, 0, -1)
		return t.Format(time.DateOnly), end.Format(time.DateOnly), true
	}
	return "", "", false
}

// gap is how far two periods lie apart; 0 when they touch or overlap.
func gap(a, b period) time.Duration {
	return max(0, between(a.last, b.first), between(b.last, a.first))
}

// between is the time from one day to a later one, negative when that is earlier; 0 when either is open.
func between(from, to string) time.Duration {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return b.Sub(a)
}

// shift moves a day; an open end stays open.
func shift(day string, by time.Duration) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Add(by).Format(time.DateOnly)
}

// daysOf are the days of a development as told so far: mere bounds while only recaps tell of it and none of them
// names the day.
func daysOf(d Development) period {
	return period{d.FirstDay, d.LastDay, d.Current || len(d.Date) == len(time.DateOnly)}
}

// extend adds the days of another mention. Known days widen each other, and replace mere bounds; bounds narrow
// each other, and never move a known day.
func extend(d, m period) period {
	switch {
	case d.known && m.known:
		return period{min(d.first, m.first), max(d.last, m.last), true}
	case m.known:
		return m
	case d.known:
		return d
	}
	both := period{max(d.first, m.first), min(d.last, m.last), false}
	if both.first > both.last {
		return d
	}
	return both
}

// clearer prefers the date that says more; of two that say as much, the earlier one.
func clearer(a, b string) string {
	if len(a) == len(b) {
		return min(a, b)
	}
	if len(a) > len(b) {
		return a
	}
	return b
}
