package eval

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"exportwatch/rules"
)

func readFile(t *testing.T, name string) []Document {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := Read(bytes.NewReader(data), name)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// found reads what `exportwatch classify --jsonl` could have printed, in the order of the gold file.
func found(t *testing.T) []answer {
	t.Helper()
	data, err := os.ReadFile("testdata/found.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var out []answer
	for line := range bytes.Lines(data) {
		var a struct {
			Lang   string        `json:"lang"`
			Events []rules.Event `json:"events"`
		}
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, answer{a.Lang, a.Events})
	}
	return out
}

// TestJudge compares with what the judge of the project printed:
//
//	events_eval.py --pred testdata/found.jsonl --types --detect testdata/gold.jsonl > testdata/figures.txt
func TestJudge(t *testing.T) {
	want, err := os.ReadFile("testdata/figures.txt")
	if err != nil {
		t.Fatal(err)
	}
	report := compare(readFile(t, "testdata/gold.jsonl"), found(t))
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(report.Text(true, true), "\n")); diff != "" {
		t.Errorf("the judge has (-), we have (+):\n%s", diff)
	}
}

func TestErrors(t *testing.T) {
	report := compare(readFile(t, "testdata/gold.jsonl"), found(t))
	var got []string
	for _, e := range report.Errors {
		got = append(got, e.String())
	}
	want := []string{
		"MISS  g2 license/pending: A third one waits.",
		"FALSE g4 license/granted: From January on the licence is an app.",
		"MISS  g5 backdoor/alleged: Le régulateur chinois a ouvert une enquête sur Nvidia, soupçonné de portes dérobées.",
		"FALSE g5 supply/halted: Le groupe dément.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestBelow(t *testing.T) {
	report := compare(readFile(t, "testdata/gold.jsonl"), found(t))
	below := report.Below(map[string]float64{"pair": 0.75, "event": 0.6, "clean": 0.7})
	if diff := cmp.Diff([]string{"clean 0.667 < 0.7", "event 0.560 < 0.6"}, below); diff != "" {
		t.Errorf("below (-want +got):\n%s", diff)
	}
	if err := CheckNames(map[string]float64{"pear": 1}); err == nil || !strings.Contains(err.Error(), `no figure "pear": it is one of pair_p`) {
		t.Errorf("an unknown figure: %v", err)
	}
}

// TestMeasure runs the built-in rules over the gold of this folder: all they say is counted, and with detect the text
// decides on the language.
func TestMeasure(t *testing.T) {
	rs, err := rules.Default()
	if err != nil {
		t.Fatal(err)
	}
	docs := readFile(t, "testdata/gold.jsonl")
	for _, detect := range []bool{false, true} {
		report, err := Measure(rs, docs, detect)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(report.Rows); n != 3 || report.Rows[n-1].Lang != All || report.Rows[n-1].Documents != len(docs) {
			t.Fatalf("rows: %+v", report.Rows)
		}
		for _, row := range report.Rows {
			for _, name := range Names {
				if f, ok := row.Figures[name]; !ok || math.IsNaN(f) || f < 0 || f > 1 {
					t.Errorf("%s: %s is %v", row.Lang, name, f)
				}
			}
		}
		if !detect && report.Detected != 1 {
			t.Errorf("the language was given, and %.3f of it is right", report.Detected)
		}
	}
}

func TestRead(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"no JSON", `{"id":`, "gold.jsonl:2: no gold document: "},
		{"a number for a text", `{"id":"a","lang":"en","text":1,"events":[]}`, "gold.jsonl:2: no gold document: "},
		{"no id", `{"lang":"en","text":"x","events":[]}`, `gold.jsonl:2: without "id"`},
		{"no language", `{"id":"a","text":"x","events":[]}`, `gold.jsonl:2: a: without "lang"`},
		{"no text", `{"id":"a","lang":"en","events":[]}`, `gold.jsonl:2: a: neither "title" nor "text"`},
		{"no events", `{"id":"a","lang":"en","text":"x"}`, `gold.jsonl:2: a: without "events"`},
		{"unknown type", `{"id":"a","lang":"en","text":"x","events":[{"type":"licence","status":"granted"}]}`, `gold.jsonl:2: a: event 1: no event type "licence"`},
		{"unknown status", `{"id":"a","lang":"en","text":"x","events":[{"type":"license","status":"given"}]}`, `gold.jsonl:2: a: event 1: no status "given" of license`},
		{"no status", `{"id":"a","lang":"en","text":"x","events":[{"type":"license"}]}`, `gold.jsonl:2: a: event 1: without "status"`},
		{"no date", `{"id":"a","lang":"en","text":"x","published":"soon","events":[]}`, "gold.jsonl:2: a: published: "},
	}
	const good = `{"id":"g","lang":"en","text":"x","events":[]}`
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, err := Read(strings.NewReader("\uFEFF"+good+"\n"+tt.line+"\r\n\n"+good), "gold.jsonl")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if len(docs) != 2 {
				t.Errorf("%d good documents, want 2", len(docs))
			}
		})
	}
	if _, err := Read(strings.NewReader(strings.Repeat("x", maxLine+1)), "gold.jsonl"); err == nil || !strings.Contains(err.Error(), "gold.jsonl:1: ") {
		t.Errorf("a line without end: %v", err)
	}
}

// FuzzRead holds that no line of a gold file makes the reader panic, and that what it accepts can be measured.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"a","lang":"en","published":"2025-08-12","title":"t","text":"x","events":[{"type":"license","status":"granted","companies":"nvidia","authority":["us-bis"],"current":null,"evidence":{"quote":"x"}}]}`))
	f.Add([]byte(`{"id":"a","lang":"","text":1,"events":null}`))
	f.Add([]byte("\uFEFF\n\r\n{\"id\":"))
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, err := Read(bytes.NewReader(data), "gold.jsonl")
		if err != nil || len(docs) == 0 {
			return
		}
		answers := make([]answer, len(docs))
		for i, d := range docs {
			for _, g := range d.Events {
				answers[i].events = append(answers[i].events, rules.Event{
					Type: g.Type, Status: g.Status, Companies: g.Companies, Items: g.Items, Destinations: g.Destinations,
					Current: g.current(), Evidence: rules.Evidence{Quote: g.quote()},
				})
			}
		}
		all := compare(docs, answers).Rows
		if f := all[len(all)-1].Figures; f["pair"] != 1 || f["event"] != 1 {
			t.Errorf("what agrees has the figures %v", f)
		}
	})
}
