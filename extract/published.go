package extract

import (
	"fmt"
	"strings"
	"time"
)

// Known reports whether at least the day of publication is known.
func (p Published) Known() bool { return p.Day != "" || !p.At.IsZero() }

// Precision is "time", "day" or "unknown", as the articles table stores it.
func (p Published) Precision() string {
	switch {
	case !p.At.IsZero():
		return "time"
	case p.Day != "":
		return "day"
	default:
		return "unknown"
	}
}

// String is the moment in UTC as RFC 3339, the day as ISO 8601, or empty.
func (p Published) String() string {
	if !p.At.IsZero() {
		return p.At.UTC().Format(time.RFC3339)
	}
	return p.Day
}

// zonedLayouts and localLayouts are the profiles of ISO 8601 that pages, feeds and exports use. Fractions of a second
// need no layout of their own: time.Parse accepts them after the seconds.
var (
	zonedLayouts = []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
		"20060102T150405Z0700",
	}
	localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "20060102T150405"}
	dayLayouts   = []string{time.DateOnly, "20060102"}
)

// ParsePublished reads RFC 3339, ISO 8601 without a zone (taken as local time in tz) and ISO 8601 days. A space may
// stand for the T. tz is an IANA name; empty is UTC. The empty string is the unknown date, not an error.
func ParsePublished(s, tz string) (Published, error) {
	loc, err := zone(tz)
	if err != nil {
		return Published{}, err
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return Published{}, nil
	}
	p, ok := parseISO(s, loc)
	if !ok {
		return Published{}, fmt.Errorf("date %q: want 2006-01-02, 2006-01-02T15:04:05 or 2006-01-02T15:04:05Z", s)
	}
	return p, nil
}

func parseISO(s string, loc *time.Location) (Published, bool) {
	if len(s) > 40 { // the longest form is shorter; spares time.Parse on whole paragraphs
		return Published{}, false
	}
	if day, clock, ok := strings.Cut(s, " "); ok && len(day) == len(time.DateOnly) {
		s = day + "T" + strings.ReplaceAll(clock, " ", "")
	}
	for _, layout := range zonedLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return moment(t, loc), true
		}
	}
	for _, layout := range localLayouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return moment(t, loc), true
		}
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return Published{Day: t.Format(time.DateOnly)}, true
		}
	}
	return Published{}, false
}

// moment is a known instant; its day is that of the source's time zone.
func moment(t time.Time, loc *time.Location) Published {
	return Published{At: t.UTC(), Day: t.In(loc).Format(time.DateOnly)}
}

func zone(tz string) (*time.Location, error) {
	if tz == "" {
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(tz)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: want an IANA name such as Europe/Paris: %w", tz, err)
	}
	return loc, nil
}
