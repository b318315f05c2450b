package rules

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Matrix shows what each language has rules for: frames × languages × forms.
type Matrix struct {
	Languages []string
	Rows      []MatrixRow // by type, status in the order of the ontology, frame
}

// MatrixRow is one frame, or an event for which no language has a rule.
type MatrixRow struct {
	Type, Status string
	Frame        string       // see [RuleInfo]; empty: no language has a rule
	Only         string       // why a language lacks it
	Cells        []MatrixCell // by language
}

// MatrixCell is one frame in one language; zero: there is no such rule.
type MatrixCell struct {
	Rules int
	Yes   int            // texts that must give the event
	Forms map[string]int // those of them that say which form they are in: active, passive, nominal, headline, reported
}

// Matrix lays out the rules. Every event of the ontology has a row. The error is that of [Ruleset.Check].
func (rs *Ruleset) Matrix() (Matrix, error) {
	infos, err := rs.Rules()
	if err != nil {
		return Matrix{}, err
	}
	m := Matrix{Languages: rs.Languages()}
	ontology := TheOntology()
	for _, kind := range slices.Sorted(maps.Keys(ontology.Types)) {
		for _, status := range ontology.Types[kind].Statuses {
			m.Rows = append(m.Rows, m.rows(kind, status, infos)...)
		}
	}
	return m, nil
}

func (m Matrix) rows(kind, status string, infos []RuleInfo) []MatrixRow {
	frames := map[string]*MatrixRow{}
	for _, r := range infos {
		if r.Type != kind || r.Status != status {
			continue
		}
		row := frames[r.Frame]
		if row == nil {
			row = &MatrixRow{Type: kind, Status: status, Frame: r.Frame, Cells: make([]MatrixCell, len(m.Languages))}
			frames[r.Frame] = row
		}
		row.Only = cmp.Or(row.Only, r.Only)
		row.Cells[slices.Index(m.Languages, r.Lang)].add(r)
	}
	if len(frames) == 0 {
		return []MatrixRow{{Type: kind, Status: status, Cells: make([]MatrixCell, len(m.Languages))}}
	}
	var rows []MatrixRow
	for _, frame := range slices.Sorted(maps.Keys(frames)) {
		rows = append(rows, *frames[frame])
	}
	return rows
}

func (c *MatrixCell) add(r RuleInfo) {
	c.Rules++
	c.Yes += r.Yes
	if c.Forms == nil {
		c.Forms = map[string]int{}
	}
	for form, n := range r.Forms {
		c.Forms[form] += n
	}
}

// missing returns the languages without a rule in any of the rows: those of one event, or one frame.
func (m Matrix) missing(rows ...MatrixRow) []string {
	var out []string
	for i, lang := range m.Languages {
		if !slices.ContainsFunc(rows, func(r MatrixRow) bool { return r.Cells[i].Rules > 0 }) {
			out = append(out, lang)
		}
	}
	return out
}

// Markdown writes the matrix as a table. A frame that a language lacks is a dash, and why it does where the rules say so.
func (m Matrix) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| event | frame | %s |\n", strings.Join(m.Languages, " | "))
	fmt.Fprintf(&b, "| --- | --- |%s\n", strings.Repeat(" --- |", len(m.Languages)))
	for _, r := range m.Rows {
		frame := "—"
		if r.Frame != "" {
			frame = "`" + r.Frame + "`"
		}
		fmt.Fprintf(&b, "| %s/%s | %s |", r.Type, r.Status, frame)
		for _, c := range r.Cells {
			if c.Rules == 0 && r.Only != "" {
				fmt.Fprintf(&b, " — %s |", r.Only)
				continue
			}
			fmt.Fprintf(&b, " %s |", c)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// String is the number of texts, and by their initials the forms that some of them have: 9 (a3 p2 h1).
func (c MatrixCell) String() string {
	if c.Rules == 0 {
		return "—"
	}
	var forms []string
	for _, f := range caseForms {
		if n := c.Forms[f]; n > 0 {
			forms = append(forms, f[:1]+strconv.Itoa(n))
		}
	}
	return strings.TrimSuffix(fmt.Sprintf("%d (%s)", c.Yes, strings.Join(forms, " ")), " ()")
}
