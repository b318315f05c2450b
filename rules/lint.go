package rules

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"

	xlanguage "golang.org/x/text/language"
)

// A Finding is something wrong, or likely wrong, with packs or gazetteers.
type Finding struct {
	File     string // in the folder of the rules; empty: it is about no file in particular
	Line     int    // from 1; 0: about the file as a whole
	Severity string // error, warning
	Check    string // which check says so
	Message  string
}

func (f Finding) String() string {
	first, excerpt, more := strings.Cut(f.Message, "\n")
	s := fmt.Sprintf("%s: %s [%s]", f.Severity, first, f.Check)
	if more {
		s += "\n" + excerpt
	}
	switch {
	case f.File != "" && f.Line > 0:
		return fmt.Sprintf("%s:%d: %s", f.File, f.Line, s)
	case f.File != "":
		return f.File + ": " + s
	}
	return s
}

// The severities of findings: rules with an error do not work as they are written.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// The checks of [Lint].
const (
	checkBroken   = "broken-file"
	checkCases    = "missing-case"
	checkCase     = "wrong-case"
	checkReach    = "unreachable-rule"
	checkShadow   = "shadowed-name"
	checkSlug     = "unknown-slug"
	checkLexicon  = "unused-lexicon"
	checkRepeat   = "repeated-term"
	checkCoverage = "missing-rule"
	checkFrame    = "missing-frame"
)

// Lint looks for mistakes in packs/<language>/*.yaml and gazetteers/*.yaml. Where they cannot be loaded, the findings
// say why and nothing else. They come in the order of the files, those about languages as a whole last.
func Lint(fsys fs.FS) []Finding {
	rs, err := Load(fsys)
	if err == nil {
		err = rs.Check()
	}
	findings := Broken(err)
	if err == nil {
		findings = rs.lint()
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(orLast(a.File), orLast(b.File)), a.Line-b.Line)
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool { return a == b })
}

// Broken takes an error of [Load] or [Ruleset.Check] apart, one finding a mistake.
func Broken(err error) []Finding {
	var findings []Finding
	for _, e := range flatten(err) {
		f := Finding{Severity: SeverityError, Check: checkBroken, Message: e.Error()}
		if m, ok := errors.AsType[*mistake](e); ok {
			f.File, f.Line, f.Message = m.file, m.line, m.err.Error()
		}
		findings = append(findings, f)
	}
	return findings
}

// orLast sorts findings without a file behind all others.
func orLast(file string) string { return cmp.Or(file, "\U0010FFFF") }

// flatten takes joined errors apart.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, flatten(e)...)
	}
	return out
}

// A linter gathers findings.
type linter struct {
	*Ruleset
	languages []*language
	findings  []Finding
}

func (rs *Ruleset) lint() []Finding {
	languages, err := rs.compiled()
	if err != nil {
		return nil // Lint has told of it
	}
	x := &linter{Ruleset: rs, languages: languages}
	x.gazetteers()
	for _, l := range languages {
		x.cases(l)
		x.reach(l)
		x.names(l)
		x.lexicons(l)
	}
	x.coverage()
	return x.findings
}

func (x *linter) fail(file string, at text, check, format string, args ...any) {
	x.findings = append(x.findings, Finding{file, at.line, SeverityError, check, fmt.Sprintf(format, args...)})
}

func (x *linter) warn(file string, at text, check, format string, args ...any) {
	x.findings = append(x.findings, Finding{file, at.line, SeverityWarning, check, fmt.Sprintf(format, args...)})
}

// gazetteers checks what entities say of each other beyond names and parents, which loading checks.
func (x *linter) gazetteers() {
	ontology := TheOntology()
	for _, n := range x.named {
		e := n.entity
		if n.label == demonymLabel {
			continue // its country has its turn
		}
		if e.Country != "" {
			if region, err := xlanguage.ParseRegion(e.Country); err != nil || region.Canonicalize().String() != e.Country {
				x.fail(n.file, n.at, checkSlug, "%s: %q is no country of ISO 3166-1 alpha-2", e.Slug, e.Country)
			}
		}
		for _, kind := range e.Acts {
			if err := ontology.Check(kind, ""); err != nil {
				x.fail(n.file, n.at, checkSlug, "%s: acts: %v", e.Slug, err)
			}
		}
		if g := x.prefixes[e.Slug]; n.label == countryLabel && g != "" && x.entities[g] == nil {
			x.fail(n.file, n.at, checkSlug, "%s: no authority %q to be its government%s", e.Slug, g, suggest(g, x.entities))
		}
	}
}

// cases checks that each rule has cases, and that these ask for what there is.
func (x *linter) cases(l *language) {
	for _, r := range l.rules {
		if len(r.def.Yes) == 0 {
			x.fail(r.file, r.def.ID, checkCases, "%s: no text that must give the event (yes)", r.id)
		}
		if len(r.def.No) == 0 {
			x.fail(r.file, r.def.ID, checkCases, "%s: no near miss that must not give the event (no)", r.id)
		}
		for _, c := range r.cases() {
			if c.Form != "" && !slices.Contains(caseForms, c.Form) {
				x.fail(r.file, c.Text, checkCase, "%s: no form %q: it is one of %s", r.id, c.Form, strings.Join(caseForms, ", "))
			}
			if kind, status, _ := strings.Cut(c.Event, "/"); c.Event != "" {
				if err := TheOntology().Check(kind, cmp.Or(status, "?")); err != nil {
					x.fail(r.file, c.Text, checkCase, "%s: event: %v", r.id, err)
				}
			}
			for _, slot := range slices.Sorted(maps.Keys(c.Slots)) {
				x.slot(r, c, slot)
			}
		}
	}
}

// slot checks a slot that a case asks for, and the slugs in it.
func (x *linter) slot(r *rule, c testCase, slot string) {
	known := Event{}.slots()
	if _, ok := known[slot]; !ok {
		x.fail(r.file, c.Text, checkCase, "%s: no slot %q: it is one of %s", r.id, slot, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		return
	}
	if !slices.Contains(roleNames, slot) {
		return // no slugs
	}
	for slug := range strings.SplitSeq(c.Slots[slot], ",") {
		if slug != "" && x.entities[slug] == nil {
			x.fail(r.file, c.Text, checkSlug, "%s: %s: no entity %q%s", r.id, slot, slug, suggest(slug, x.entities))
		}
	}
}

// reach looks for rules that do nothing: a rule must be the one that finds the event in one of its cases at least.
func (x *linter) reach(l *language) {
	fires := map[string]bool{}
	finds := map[string]bool{}
	winners := map[string][]string{}
	for _, r := range l.rules {
		for _, c := range r.cases() {
			told := x.ExplainPiece(c.article(l.code))
			for _, s := range told.Sentences {
				for _, m := range s.Rules {
					fires[m.Rule] = fires[m.Rule] || m.Held == ""
				}
			}
			for _, e := range told.Events {
				if c.wanted && e.Rule == r.id {
					finds[r.id] = true
				} else if c.wanted {
					winners[r.id] = append(winners[r.id], e.Rule)
				}
			}
		}
	}
	for _, r := range l.rules {
		others := slices.Compact(slices.Sorted(slices.Values(winners[r.id])))
		switch {
		case len(r.def.Yes) == 0 || finds[r.id]:
		case !fires[r.id]:
			x.fail(r.file, r.def.ID, checkReach, "%s fires in no case of the pack", r.id)
		case len(others) == 0:
			x.fail(r.file, r.def.ID, checkReach, "%s gives no event in any of its yes-cases", r.id)
		default:
			x.fail(r.file, r.def.ID, checkReach, "%s: each of its yes-cases is won by another rule: %s", r.id, strings.Join(others, ", "))
		}
	}
}

// names looks for names that can never be found, or that stand for two entities at once.
func (x *linter) names(l *language) {
	for _, n := range x.named {
		for _, d := range n.names.of(l.code) {
			for _, words := range l.readings(d.Term.string) {
				x.name(l, n, d, words)
			}
		}
	}
}

// readings writes out a term: for each of its readings texts that between them hold each of its words. Stems and parts
// of words stand for themselves, and gaps are left empty.
func (l *language) readings(term string) []string {
	parsed, err := l.parseTerm(term)
	if err != nil {
		return nil
	}
	var out []string
	for _, steps := range parsed {
		most := 0
		for _, s := range steps {
			if s.gap == 0 {
				most = max(most, len(l.vocabulary.members(s.test)))
			}
		}
		for i := range most {
			var words []string
			for _, s := range steps {
				if s.gap == 0 {
					tests := l.vocabulary.members(s.test)
					words = append(words, l.vocabulary.tests[tests[i%len(tests)]].text)
				}
			}
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

// name checks one reading of a name against all that is found in its words.
func (x *linter) name(l *language, n named, d nameDef, words string) {
	tokens := l.tokenize(words, 0, len(words), nil)
	for _, sp := range new(finder).find(tokens, findings{}).spans {
		if sp.length() < len(tokens) {
			continue
		}
		switch {
		case l.isMask(&sp):
			x.warn(n.file, d.Term, checkShadow, "%s: %q is never found in %s: the pack masks it by %q", n.entity.Slug, words, l.code, sp.entry.term)
		case sp.entity == nil || sp.entity == n.entity || sp.entity.Kind != n.entity.Kind:
		case sp.entity.Slug < n.entity.Slug: // told once, at the other
		case len(sp.entry.near)+len(sp.entry.unless)+len(d.Near)+len(d.Unless) > 0: // told apart by what stands around
		default:
			x.warn(n.file, d.Term, checkShadow, "%q names both %s and %s: give one of them a condition (near, unless)", words, n.entity.Slug, sp.entity.Slug)
		}
	}
}

// lexicons looks for lexicons that nothing of the pack mentions.
func (x *linter) lexicons(l *language) {
	parts, err := readParts(x.fsys, l.code)
	if err != nil {
		return // Lint has told of it
	}
	used := map[string]bool{}
	for _, p := range parts {
		mentioned(reflect.ValueOf(p.packFile), used)
	}
	for _, p := range parts {
		for _, name := range slices.Sorted(maps.Keys(p.Lexicons)) {
			if !used[name] {
				var first text // the key itself is not kept
				if terms := p.Lexicons[name]; len(terms) > 0 {
					first = terms[0]
				}
				x.warn(p.name, first, checkLexicon, "no pattern or condition of %s mentions {%s}", l.code, name)
			}
			x.repeated(p, name)
		}
	}
}

// repeated looks for terms that stand in a lexicon twice.
func (x *linter) repeated(p packPart, name string) {
	seen := map[string]text{}
	for _, t := range p.Lexicons[name] {
		if before, ok := seen[t.string]; ok {
			x.warn(p.name, t, checkRepeat, "{%s} has %q in line %d already", name, t.string, before.line)
		}
		seen[t.string] = t
	}
}

// mentioned gathers the names in braces of all texts in a value of a pack.
func mentioned(v reflect.Value, used map[string]bool) {
	if t, ok := v.Interface().(text); ok {
		for _, part := range strings.Split(t.string, "{")[1:] {
			names, _, _ := strings.Cut(part, "}")
			for name := range strings.SplitSeq(names, "|") {
				used[name] = true
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			mentioned(field, used)
		}
	case reflect.Slice:
		for i := range v.Len() {
			mentioned(v.Index(i), used)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			mentioned(v.MapIndex(key), used)
		}
	}
}

// coverage tells what one language has rules for and another has not.
func (x *linter) coverage() {
	m, err := x.Matrix()
	if err != nil {
		return // Lint has told of it
	}
	for i, row := range m.Rows {
		event := row.Type + "/" + row.Status
		if i == 0 || row.Type != m.Rows[i-1].Type || row.Status != m.Rows[i-1].Status {
			same := m.Rows[i:]
			if n := slices.IndexFunc(same, func(r MatrixRow) bool { return r.Type != row.Type || r.Status != row.Status }); n > 0 {
				same = same[:n]
			}
			if missing := m.missing(same...); len(missing) > 0 {
				x.warn("", text{}, checkCoverage, "%s: no rule in %s", event, strings.Join(missing, ", "))
			}
		}
		if missing := m.missing(row); row.Frame != "" && row.Only == "" && len(missing) > 0 {
			x.warn("", text{}, checkFrame, "%s (%s): not in %s", row.Frame, event, strings.Join(missing, ", "))
		}
	}
}
