package rules

import (
	"cmp"
	"strings"
)

// RuleInfo is a rule as `exportwatch rules list` shows it.
type RuleInfo struct {
	ID       string         `json:"id"`
	Frame    string         `json:"frame"`          // the id without the language and what follows a hyphen: the same in every language that says a thing that way
	Only     string         `json:"only,omitempty"` // why other languages lack the frame
	Lang     string         `json:"lang"`
	Type     string         `json:"type"`
	Status   string         `json:"status"`
	File     string         `json:"file"` // in the folder of the rules
	Line     int            `json:"line"`
	Priority int            `json:"priority"`
	Patterns int            `json:"patterns"`
	Yes      int            `json:"yes"` // cases that must give the event
	No       int            `json:"no"`  // and near misses that must not
	Forms    map[string]int `json:"forms"`
}

// Rules returns all rules, by language, then in the order of the files. The error is that of [Ruleset.Check].
func (rs *Ruleset) Rules() ([]RuleInfo, error) {
	languages, err := rs.compiled()
	if err != nil {
		return nil, err
	}
	var out []RuleInfo
	for _, l := range languages {
		for _, r := range l.written() {
			out = append(out, r.info(l.code))
		}
	}
	return out, nil
}

// frame is what the rule is called in every language. Rules that differ by what follows a hyphen are variants of it.
func frame(id, lang string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(id, lang+"."), "-")
	return name
}

func (r *rule) info(lang string) RuleInfo {
	info := RuleInfo{
		ID: r.id, Frame: frame(r.id, lang), Only: r.def.Only, Lang: lang, Type: r.kind, Status: r.status,
		File: r.file, Line: r.def.ID.line, Priority: cmp.Or(r.def.Priority, defaultPriority), Patterns: len(r.def.Patterns),
		Yes: len(r.def.Yes), No: len(r.def.No), Forms: map[string]int{},
	}
	for _, c := range r.def.Yes {
		if c.Form != "" {
			info.Forms[c.Form]++
		}
	}
	return info
}
