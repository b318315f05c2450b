package main

import (
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	now := time.Date(2025, 8, 12, 9, 30, 0, 0, time.FixedZone("CEST", 2*3600))
	tests := []struct{ in, want string }{
		{"7d", "2025-08-05T07:30:00Z"},
		{"2w", "2025-07-29T07:30:00Z"},
		{"0d", "2025-08-12T07:30:00Z"},
		{"48h", "2025-08-10T07:30:00Z"},
		{"1h30m", "2025-08-12T06:00:00Z"},
		{"2025-08-01", "2025-08-01T00:00:00Z"},
		{"2025-08-01T12:00:00+02:00", "2025-08-01T10:00:00Z"},
		{"", ""},
		{"d", ""},
		{"-1d", ""},
		{"-2h", ""},
		{"1.5d", ""},
		{"99999999d", ""},
		{"yesterday", ""},
		{"2025-02-30", ""},
		{"2025-08", ""},
	}
	for _, tt := range tests {
		got, err := since(tt.in, now)
		if (err != nil) != (tt.want == "") {
			t.Errorf("since(%q): error %v", tt.in, err)
			continue
		}
		if err == nil && got.Format(time.RFC3339) != tt.want {
			t.Errorf("since(%q) = %s, want %s", tt.in, got.Format(time.RFC3339), tt.want)
		}
	}
}
