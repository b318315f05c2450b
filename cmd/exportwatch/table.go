package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// column is one column of a listing of T: of the CSV always, of the table where there is room for it.
type column[T any] struct {
	name    string
	cell    func(T) string
	csvOnly bool
	long    bool // free text: in the table, cut to what the other columns leave
	whole   bool // free text that is not cut but goes on in the next line; on one line where no terminal says how wide
	spare   int  // left out of a table that is wider than the terminal, the highest first; 0: never
}

// Widths in a table.
const (
	cellWidth = 24 // at most, on a terminal, of all but free text
	longWidth = 80 // of free text, where no terminal says how much there is
	longLeast = 32 // of free text, for which spare columns are left out
	longSlim  = 16 // of free text, where there is none to leave out any more
)

// show prints rows in one of the formats. JSON and JSONL print the rows as they are.
func show[T any](w console, format string, rows []T, columns []column[T]) error {
	switch format {
	case "json":
		if rows == nil {
			rows = []T{}
		}
		return writeJSON(w, rows, "  ")
	case "jsonl":
		for _, r := range rows {
			if err := writeJSON(w, r, ""); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		return writeCSV(w, rows, columns)
	case "table":
		return writeTable(w, rows, columns)
	}
	return fmt.Errorf("no format %q", format)
}

// writeJSON writes one value and a line break. What a terminal could take for a command is escaped: encoding/json does
// so below U+0020 only, and U+009B is as good as an escape to many terminals.
func writeJSON(w io.Writer, v any, indent string) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	s := b.String()
	if strings.ContainsFunc(s, hostile) {
		var safe strings.Builder
		for _, r := range s {
			if hostile(r) {
				fmt.Fprintf(&safe, `\u%04x`, r)
				continue
			}
			safe.WriteRune(r)
		}
		s = safe.String()
	}
	_, err := io.WriteString(w, s)
	return err
}

// hostile reports runes that encoding/json leaves as they are and a terminal should not see. All of them are below
// U+10000.
func hostile(r rune) bool {
	return r >= 0x7f && r <= 0x9f || unicode.Is(unicode.Bidi_Control, r)
}

// writeCSV writes RFC 4180 with a header.
func writeCSV[T any](w console, rows []T, columns []column[T]) error {
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, r := range rows {
		for i, c := range columns {
			record[i] = formulaGuard(lines(c.cell(r)))
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// formulaGuard keeps spreadsheets from computing a cell that a page wrote: what begins like a formula becomes text.
// Numbers stay numbers.
func formulaGuard(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}

// writeTable writes an aligned table. Widths are those of a terminal, where a Chinese character takes two columns.
func writeTable[T any](w console, rows []T, columns []column[T]) error {
	shown := slices.DeleteFunc(slices.Clone(columns), func(c column[T]) bool { return c.csvOnly })
	most := cellWidth
	if w.width == 0 {
		most = math.MaxInt
	}
	widths := make(map[string]int, len(shown)) // of all but free text
	for _, c := range shown {
		widths[c.name] = text.StringWidth(c.name)
		for _, r := range rows {
			widths[c.name] = max(widths[c.name], min(text.StringWidth(line(c.cell(r))), most))
		}
	}
	shown, limit := fit(w.width, shown, widths)

	t := table.NewWriter()
	t.SetStyle(tableStyle())
	t.SuppressTrailingSpaces()
	header := make(table.Row, len(shown))
	for j, c := range shown {
		header[j] = c.name
		if w.colour { // the name alone: with the blanks behind it, it would be wider than the terminal
			header[j] = text.Bold.Sprint(c.name)
		}
	}
	t.AppendHeader(header)
	for _, r := range rows {
		row := make(table.Row, len(shown))
		for j, c := range shown {
			cell := line(c.cell(r))
			switch {
			case c.whole && w.width > 0:
				cell = text.WrapSoft(cell, limit)
			case c.whole:
			case c.long:
				cell = text.Snip(cell, limit, "…")
			default:
				cell = text.Snip(cell, most, "…")
			}
			row[j] = cell
		}
		t.AppendRow(row)
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
}

// columnGap is what tableStyle puts between two columns.
const columnGap = "  "

// fit leaves out spare columns until the table is no wider than the terminal, and shares what is left among the
// columns of free text: limit is the width of each.
func fit[T any](width int, columns []column[T], widths map[string]int) (shown []column[T], limit int) {
	if width == 0 {
		return columns, longWidth
	}
	for {
		left, long, spare := width+len(columnGap), 0, -1
		for j, c := range columns {
			left -= len(columnGap)
			if c.long {
				long++
			} else {
				left -= widths[c.name]
			}
			if c.spare > 0 && (spare < 0 || c.spare > columns[spare].spare) {
				spare = j
			}
		}
		if left >= long*longLeast || spare < 0 {
			return columns, max(left/max(long, 1), longSlim)
		}
		columns = slices.Delete(columns, spare, spare+1)
	}
}

func tableStyle() table.Style {
	s := table.StyleLight
	s.Box.PaddingLeft, s.Box.PaddingRight = "", columnGap
	s.Options = table.OptionsNoBordersAndSeparators
	s.Format.Header = text.FormatDefault
	return s
}
