package eval

import (
	"fmt"
	"strings"
)

// nameWidth is the width of a column, to which the judge of the project cuts the names of figures.
const nameWidth = 9

// Text lays the figures out as events_eval.py does, so that the two can be compared by diff. With types a line for each
// type of event follows, with detected the share of languages found right.
func (r Report) Text(types, detected bool) string {
	var b strings.Builder
	b.WriteString("lang  docs ")
	for _, name := range Names {
		fmt.Fprintf(&b, " %*.*s", nameWidth, nameWidth, name)
	}
	b.WriteByte('\n')
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "%-5s %4d ", row.Lang, row.Documents)
		for _, name := range Names {
			fmt.Fprintf(&b, " %*.3f", nameWidth, row.Figures[name])
		}
		b.WriteByte('\n')
	}
	if types {
		for _, t := range r.Types {
			fmt.Fprintf(&b, "%-15s P %.3f R %.3f F1 %.3f (gold %d)\n", t.Type, t.Precision, t.Recall, t.F1, t.Gold)
		}
	}
	if detected {
		fmt.Fprintf(&b, "language detected right: %.3f\n", r.Detected)
	}
	return b.String()
}

// quoteWidth is how many characters of a quote are shown.
const quoteWidth = 160

// String is the error on one line.
func (e Error) String() string {
	kind := "FALSE"
	if e.Missed {
		kind = "MISS "
	}
	quote := []rune(strings.Join(strings.Fields(e.Quote), " "))
	return fmt.Sprintf("%s %s %s: %s", kind, e.Document, e.Event, string(quote[:min(quoteWidth, len(quote))]))
}
