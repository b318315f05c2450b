package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// since reads a point in the past: "7d", "2w", "48h", a day (its beginning in UTC), or an RFC 3339 time.
func since(s string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	if ago, ok := days(s); ok && ago >= 0 {
		return now.UTC().Add(-ago), nil
	}
	if ago, err := time.ParseDuration(s); err == nil && ago >= 0 {
		return now.UTC().Add(-ago), nil
	}
	return time.Time{}, fmt.Errorf("not a time: %q (write 7d, 48h, 2025-08-01 or 2025-08-01T12:00:00Z)", s)
}

// days reads "7d" and "2w", which time.ParseDuration does not know.
func days(s string) (time.Duration, bool) {
	unit := 24 * time.Hour
	number, ok := strings.CutSuffix(s, "d")
	if !ok {
		if number, ok = strings.CutSuffix(s, "w"); !ok {
			return 0, false
		}
		unit *= 7
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n > 36_500 { // a hundred years: more would overflow a Duration
		return 0, false
	}
	return time.Duration(n) * unit, true
}
