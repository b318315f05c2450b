package rules

import (
	"testing"

	"exportwatch/extract"
)

// TestDates reads expressions of time in an article of Tuesday, 12 August 2025.
func TestDates(t *testing.T) {
	tests := []struct{ lang, text, want string }{
		{"en", "on August 8, 2025", "2025-08-08"},
		{"en", "on 8 August 2025", "2025-08-08"},
		{"en", "on July 31", "2025-07-31"},
		{"en", "on the 1st of July", "2025-07-01"},
		{"en", "in December", "2024-12"}, // the last one
		{"en", "in July 2024", "2024-07"},
		{"en", "in 2019", "2019"},
		{"en", "on Friday", "2025-08-08"},
		{"en", "on Tuesday", "2025-08-12"}, // the day itself
		{"en", "yesterday", "2025-08-11"},
		{"en", "last month", "2025-07"},
		{"en", "last year", "2024"},
		{"en", "it may happen", ""},            // no May
		{"en", "on February 29", "2024-02-29"}, // the last year that had one
		{"en", "on February 31, 2025", ""},
		{"en", "on February 31", ""},
		{"en", "it will end in September", "2025-09"},
		{"en", "it ended in September", "2024-09"},
		{"fr", "le 8 août 2025", "2025-08-08"},
		{"fr", "le 1er juillet", "2025-07-01"},
		{"fr", "vendredi 8 août", "2025-08-08"},
		{"fr", "vendredi", "2025-08-08"},
		{"fr", "le mois dernier", "2025-07"},
		{"fr", "en 2024", "2024"},
		{"fr", "hier", "2025-08-11"},
	}
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		d := rs.read(packOf(t, tt.lang), extract.Article{Lang: tt.lang, Text: tt.text, Published: extract.Published{Day: "2025-08-12"}})
		got := ""
		for _, sp := range d.sentences[0].spans {
			if sp.label == dateLabel {
				got = sp.date
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q is %q, want %q", tt.lang, tt.text, got, tt.want)
		}
	}
}

func TestPast(t *testing.T) {
	d := &document{}
	d.published = mustDay(t, "2025-08-12")
	for date, want := range map[string]bool{
		"2025-08-12": false, "2025-08-08": false, "2025-08-04": false, "2025-08-03": true, "2025-08": false, "2025-07": true, "2024": true, "2025": false, "2025-08-20": false, "": false,
	} {
		if got := past(date, d.published); got != want {
			t.Errorf("past(%q) = %v", date, got)
		}
	}
}
