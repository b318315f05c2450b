package main

import (
	"strings"
	"testing"
)

func TestReadDocument(t *testing.T) {
	tests := []struct{ name, in, text, err string }{
		{"text as it is", "\n\n A text.\r\n\r\nMore.\n\n", "\n\n A text.\r\n\r\nMore.\n\n", ""},
		{"JSON", ` {"text":"A text."} `, "A text.", ""},
		{"half a JSON", `{"text":"A`, "", "not JSON: unexpected end"},
		{"two JSON objects", "{\"text\":\"A\"}\n{\"text\":\"B\"}", "", "--jsonl"},
		{"JSON of another shape", `{"text":["A"]}`, "", `"text" is of the type array, should be string`},
		{"nothing said", `{"id":"1"}`, "", `neither "title" nor "text"`},
		{"windows-1252", "caf\xe9", "", "not UTF-8, from byte 3 on"},
		{"a real U+FFFD is fine", "caf\uFFFD", "caf\uFFFD", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := readDocument([]byte(tt.in))
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if d.Text != tt.text {
				t.Errorf("text %q, want %q", d.Text, tt.text)
			}
		})
	}
}

func FuzzReadDocument(f *testing.F) {
	f.Add(`{"id":1,"lang":"fr","published":"2025-08-12","title":"a","text":"b"}`)
	f.Add("caf\xe9")
	f.Add("{")
	f.Fuzz(func(t *testing.T, in string) {
		d, err := readDocument([]byte(in))
		if err == nil && d.Title == "" && d.Text == "" && in != "" {
			t.Fatalf("%q gives nothing, and no error", in)
		}
	})
}
