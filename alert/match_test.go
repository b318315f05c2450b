package alert

import (
	"testing"
	"time"

	"exportwatch/developments"
)

func TestWants(t *testing.T) {
	for _, tt := range []struct {
		name string
		sub  Subscription
		kind developments.ChangeKind // of the change; empty is new
		want bool
	}{
		{"licences by default", Subscription{}, "", true},
		{"type", Subscription{Types: []string{"control", "license"}}, "", true},
		{"type and status", Subscription{Types: []string{"license/granted"}}, "", true},
		{"other status", Subscription{Types: []string{"license/denied"}}, "", false},
		{"other type", Subscription{Types: []string{"control"}}, "", false},
		{"company", Subscription{Companies: []string{"amd", "nvidia"}}, "", true},
		{"other company", Subscription{Companies: []string{"amd"}}, "", false},
		{"item", Subscription{Items: []string{"nvidia-h20"}}, "", true},
		{"other item", Subscription{Items: []string{"nvidia-h2"}}, "", false},
		{"destination", Subscription{Destinations: []string{"CN"}}, "", true},
		{"other destination", Subscription{Destinations: []string{"RU"}}, "", false},
		{"authority", Subscription{Authorities: []string{"us-commerce"}}, "", true},
		{"other authority", Subscription{Authorities: []string{"us-bis"}}, "", false},
		{"source", Subscription{Sources: []string{"chipwire"}}, "", true},
		{"other source", Subscription{Sources: []string{"puces"}}, "", false},
		{"all filters must pass", Subscription{Companies: []string{"nvidia"}, Destinations: []string{"RU"}}, "", false},
		{"confirmed by default", Subscription{}, "confirmed", false},
		{"confirmed", Subscription{Confirmed: true}, "confirmed", true},
		{"withdrawn by default", Subscription{Confirmed: true}, "withdrawn", false},
		{"withdrawn", Subscription{Withdrawn: true}, "withdrawn", true},
		{"a kind of the future", Subscription{Confirmed: true, Withdrawn: true}, "merged", false},
	} {
		ch := english()
		if tt.kind != "" {
			ch.Kind = tt.kind
		}
		if got := tt.sub.wants(ch); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestIsNews(t *testing.T) {
	for _, tt := range []struct {
		published string
		maxAge    time.Duration
		want      bool
	}{
		{"2025-08-08T12:00:00Z", 0, true},
		{"2025-08-05T12:00:00Z", 0, true}, // 72 h to the second
		{"2025-08-05T11:59:59Z", 0, false},
		{"2025-08-05T13:59:59+02:00", 0, false}, // the same moment elsewhere
		{"2025-08-05", 0, true},                 // the day's end is 60 h ago
		{"2025-08-04", 0, false},                // the day's end is 84 h ago
		{"2025-08-08", 0, true},
		{"2025-08-09", 0, true},  // today in the east
		{"2025-08-10", 0, false}, // a wrong date
		{"2025-08-10T12:00:01Z", 0, false},
		{"", 0, false},
		{"2025-08", 0, false},
		{"yesterday", 0, false},
		{"2025-08-04", 100 * time.Hour, true},
		{"2025-08-08T11:00:00Z", 30 * time.Minute, false},
	} {
		ch := english()
		ch.Event.Published = tt.published
		if got := (Subscription{MaxAge: tt.maxAge}).isNews(ch); got != tt.want {
			t.Errorf("published %q, at most %v old: %v", tt.published, tt.maxAge, got)
		}
	}
	recap := english()
	recap.Event.Current = false
	if (Subscription{}).isNews(recap) {
		t.Error("a recap counts as news")
	}
}
