package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"
)

type cell struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

var cellColumns = []column[cell]{
	{name: "id", cell: func(c cell) string { return c.ID }},
	{name: "upper", csvOnly: true, cell: func(c cell) string { return strings.ToUpper(c.ID) }},
	{name: "title", long: true, cell: func(c cell) string { return c.Title }},
}

func TestShow(t *testing.T) {
	rows := []cell{
		{"a", "英伟达获得许可证"},
		{"bbb", "=HYPERLINK(\"https://evil.test\")\x1b[31m"},
		{"c", strings.Repeat("long ", 40)},
	}
	tests := []struct {
		format string
		width  int
		want   string
	}{
		{"table", 0, `id   title
a    英伟达获得许可证
bbb  =HYPERLINK("https://evil.test")
c    long long long long long long long long long long long long long long long long…
`},
		{"table", 40, `id   title
a    英伟达获得许可证
bbb  =HYPERLINK("https://evil.test")
c    long long long long long long long…
`},
		{"csv", 0, `id,upper,title
a,A,英伟达获得许可证
bbb,BBB,"'=HYPERLINK(""https://evil.test"")"
c,C,` + strings.Repeat("long ", 40) + "\n"},
		{"jsonl", 0, `{"id":"a","title":"英伟达获得许可证"}
{"id":"bbb","title":"=HYPERLINK(\"https://evil.test\")\u001b[31m"}
{"id":"c","title":"` + strings.Repeat("long ", 40) + "\"}\n"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		if err := show(console{Writer: &out, width: tt.width}, tt.format, rows, cellColumns); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, out.String()); diff != "" {
			t.Errorf("%s, width %d (-want +got):\n%s", tt.format, tt.width, diff)
		}
		if tt.width > 0 && text.LongestLineLen(out.String()) > tt.width {
			t.Errorf("wider than the terminal:\n%s", out.String())
		}
	}
}

// A narrow terminal gets the columns that matter, and none that is cut in the middle.
func TestTableFits(t *testing.T) {
	columns := []column[cell]{
		{name: "id", cell: func(c cell) string { return c.ID }},
		{name: "first to go", spare: 2, cell: func(c cell) string { return c.ID }},
		{name: "second to go", spare: 1, cell: func(c cell) string { return c.ID }},
		{name: "title", long: true, cell: func(c cell) string { return c.Title }},
	}
	rows := []cell{{"许可", strings.Repeat("许可证", 40)}, {strings.Repeat("wide", 20), "-"}}
	for width, want := range map[int][]string{
		200: {"id", "first to go", "second to go", "title"},
		110: {"id", "first to go", "second to go", "title"},
		109: {"id", "second to go", "title"},
		84:  {"id", "second to go", "title"},
		83:  {"id", "title"},
		58:  {"id", "title"},
		44:  {"id", "title"},
		20:  {"id", "title"},
	} {
		var out bytes.Buffer
		if err := show(console{Writer: &out, width: width}, "table", rows, columns); err != nil {
			t.Fatal(err)
		}
		header, _, _ := strings.Cut(out.String(), "\n")
		if got := regexp.MustCompile(` {2,}`).Split(header, -1); !cmp.Equal(got, want) {
			t.Errorf("width %d: columns %q, want %q", width, got, want)
		}
		if widest := text.LongestLineLen(out.String()); widest > max(width, cellWidth+len(columnGap)+longSlim) {
			t.Errorf("width %d: %d wide:\n%s", width, widest, out.String())
		}
	}
}

func TestShowNothing(t *testing.T) {
	for format, want := range map[string]string{"json": "[]\n", "jsonl": "", "csv": "id,upper,title\n", "table": "id  title\n"} {
		var out bytes.Buffer
		if err := show(console{Writer: &out}, format, nil, cellColumns); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%s of nothing is %q, want %q", format, out.String(), want)
		}
	}
}

func TestFormulaGuard(t *testing.T) {
	for in, want := range map[string]string{
		"":           "",
		"Nvidia":     "Nvidia",
		"=1+1":       "'=1+1",
		"+cmd|' /C'": "'+cmd|' /C'",
		"-2+3":       "'-2+3",
		"@SUM(A1)":   "'@SUM(A1)",
		"\t=1":       "'\t=1",
		"-0.5":       "-0.5",
		"+7":         "+7",
	} {
		if got := formulaGuard(in); got != want {
			t.Errorf("formulaGuard(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzOutput checks that no text reaches a terminal alive, and that JSON and CSV bring back what went in.
func FuzzOutput(f *testing.F) {
	f.Add("a\u009b31m\x7f\u202E", "=x\n\"")
	f.Fuzz(func(t *testing.T, id, title string) {
		id, title = strings.ToValidUTF8(id, "?"), strings.ToValidUTF8(title, "?")
		row := cell{id, title}
		for _, format := range []string{"table", "json", "jsonl", "csv"} {
			var out bytes.Buffer
			if err := show(console{Writer: &out}, format, []cell{row}, cellColumns); err != nil {
				t.Fatal(err)
			}
			if i := strings.IndexFunc(out.String(), func(r rune) bool { return hostile(r) || r < ' ' && r != '\n' }); i >= 0 {
				t.Fatalf("%s lets %q through", format, out.String()[i:])
			}
			switch format {
			case "jsonl":
				var back cell
				if err := json.Unmarshal(out.Bytes(), &back); err != nil || back != row {
					t.Fatalf("%q came back as %q, %v", row, back, err)
				}
			case "csv":
				records, err := csv.NewReader(&out).ReadAll()
				if err != nil || len(records) != 2 || len(records[1]) != len(cellColumns) {
					t.Fatalf("%q came back as %q, %v", row, records, err)
				}
			}
		}
	})
}

// What somebody must read to mend a fault is not cut.
func TestTableWhole(t *testing.T) {
	columns := []column[cell]{
		{name: "id", cell: func(c cell) string { return c.ID }},
		{name: "finding", long: true, whole: true, cell: func(c cell) string { return c.Title }},
	}
	rows := []cell{{"a", "open /var/lib/exportwatch/" + strings.Repeat("x", 60) + ".db: the disk is full: free some space"}}
	for _, width := range []int{0, 60} {
		var out bytes.Buffer
		if err := show(console{Writer: &out, width: width}, "table", rows, columns); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(out.String()), "")
		if want := "idfindinga" + strings.ReplaceAll(rows[0].Title, " ", ""); got != want {
			t.Errorf("width %d: %s", width, out.String())
		}
		if width > 0 && text.LongestLineLen(out.String()) > width {
			t.Errorf("wider than %d:\n%s", width, out.String())
		}
		if width == 0 && strings.Count(out.String(), "\n") != 2 {
			t.Errorf("not on one line:\n%s", out.String())
		}
	}
}

// The blanks that fill the last column are not there, in colour neither: a terminal would wrap them.
func TestTableHeaderInColour(t *testing.T) {
	var out bytes.Buffer
	rows := []cell{{"a", strings.Repeat("long ", 40)}}
	if err := show(console{Writer: &out, width: 40, colour: true}, "table", rows, cellColumns); err != nil {
		t.Fatal(err)
	}
	header, _, _ := strings.Cut(out.String(), "\n")
	if !strings.Contains(header, "\x1b[1m") {
		t.Errorf("no bold header: %q", header)
	}
	if widest := text.LongestLineLen(out.String()); widest > 40 {
		t.Errorf("%d wide: %q", widest, header)
	}
}
