package crawler

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 7, 16, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		value, date string
		want        time.Duration
		told        bool
	}{
		{"", "", 0, false},
		{"120", "", 2 * time.Minute, true},
		{" 120 ", "", 2 * time.Minute, true},
		{"0", "", 0, true},
		{"-1", "", 0, false},
		{"1.5", "", 0, false},
		{"soon", "", 0, false},
		{"604801", "", retryMost, true},
		{"99999999999999999999", "", retryMost, true},
		{"Wed, 16 Jul 2025 06:30:00 GMT", "", 30 * time.Minute, true},
		{"Wednesday, 16-Jul-25 06:30:00 GMT", "", 30 * time.Minute, true}, // RFC 850
		{"Wed, 16 Jul 2025 06:30:00 GMT", "Wed, 16 Jul 2025 06:20:00 GMT", 10 * time.Minute, true},
		{"Wed, 16 Jul 2025 06:30:00 GMT", "today", 30 * time.Minute, true},
		{"Wed, 16 Jul 2025 05:30:00 GMT", "", 0, true},
		{"Wed, 16 Jul 2098 06:30:00 GMT", "", retryMost, true},
	} {
		header := http.Header{"Retry-After": {test.value}, "Date": {test.date}}
		if got, told := retryAfter(header, now); got != test.want || told != test.told {
			t.Errorf("Retry-After: %s, Date: %s: %s, %v; want %s, %v", test.value, test.date, got, told, test.want, test.told)
		}
	}
}

func TestBackOff(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		1: 15 * time.Minute, 2: 30 * time.Minute, 5: 4 * time.Hour, 10: 128 * time.Hour, 11: retryMost, 1 << 30: retryMost,
	} {
		if got := backOff(failures); got != want {
			t.Errorf("after %d failures: %s, want %s", failures, got, want)
		}
	}
}
