package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// namesDef tells by how a name is written or introduced that it is of a company, for those that no gazetteer has.
type namesDef struct {
	Forms    []text `yaml:"forms"`    // {lexicons} of legal forms, which end a name and are left out of its slug: "Ltd"
	Ends     []text `yaml:"ends"`     // {lexicons} of words that only the name of a company ends with: "Technologies"
	Patterns []text `yaml:"patterns"` // with companies=<name>: "the distributor <name>"
	Persons  []text `yaml:"persons"`  // with companies=<name>, which then is none: "<name>, the founder"
}

// A namer finds the names of companies that no gazetteer has.
type namer struct {
	forms, ends       []label
	patterns, persons []*pattern
}

// aName is what every run of words with a capital is an occurrence of.
var aName = entry{label: nameLabel}

const (
	// maxName bounds a name in words; longer runs of capitals are headlines.
	maxName = 6
	// maxStrangers bounds the companies that one article introduces, since each of its names is compared with all of them.
	maxStrangers = 100
)

// strangers finds the companies that no gazetteer has: what once is named as one is one wherever the article names it, in
// full or by the words that its name begins with.
func (d *document) strangers() {
	namer := &d.language.namer
	if len(namer.patterns) == 0 {
		return
	}
	runs := make([][]span, len(d.sentences))
	var known []*stranger
	for i, s := range d.sentences {
		runs[i] = s.names(d.field(s.field), namer)
		if len(runs[i]) > 0 && s.field == "text" { // in a headline any word may have a capital
			known = d.introduce(s, runs[i], known)
		}
	}
	if len(known) == 0 {
		return
	}
	for i, s := range d.sentences {
		for _, run := range runs[i] {
			for _, k := range known {
				if from := k.in(s, run); from >= 0 {
					to := min(from+len(k.words), run.to)
					for to < run.to && namer.formal(s, to) {
						to++
					}
					s.replace(span{entry: &entry{label: companyLabel, entity: k.entity}, label: companyLabel, from: from, to: to})
					break
				}
			}
		}
	}
}

// A stranger is a company that no gazetteer has.
type stranger struct {
	entity *Entity
	words  []string // of its name, in lower case
}

// in returns where in a run of words with a capital the name of the stranger begins; a run that is nothing but its first
// words stands for it too, unless it names a place or goods ("Shenzhen") or is a word that rules know; -1: it does not occur.
func (k *stranger) in(s *sentence, run span) int {
	for from := run.from; from < run.to; from++ {
		n := 0
		for n < len(k.words) && from+n < run.to && s.tokens[from+n].folded == k.words[n] {
			n++
		}
		short := from == run.from && n == run.length() && !s.explained(run) && (n > 1 || len(s.tokens[from].triggers) == 0)
		if n == len(k.words) || short {
			return from
		}
	}
	return -1
}

// names returns the runs of words with a capital that no company or authority of the gazetteers takes up.
func (s *sentence) names(text string, n *namer) []span {
	var out []span
	from := -1 // of the run; -1: none is open
	end := func(to int) {
		if from >= 0 && to-from <= maxName {
			out = append(out, span{entry: &aName, label: nameLabel, from: from, to: to})
		}
		from = -1
	}
	taken := 0 // up to this token by names that are known
	for i, t := range s.tokens {
		for _, sp := range s.at(i) {
			if sp.label == companyLabel || sp.label == authorityLabel || sp.label == dateLabel {
				taken = max(taken, sp.to)
			}
		}
		switch {
		case from < 0:
		case !s.goesOn(text, i, n):
			end(i)
		case i < taken: // the run is a part of that name
			from = -1
		}
		// The first word of a sentence always has a capital.
		if from < 0 && i >= taken && t.capital() && !t.skip && (i > 0 || len(t.triggers) == 0) {
			from = i
		}
	}
	end(len(s.tokens))
	return out
}

// goesOn says whether a token goes on with the name that the one before it belongs to.
func (s *sentence) goesOn(text string, i int, n *namer) bool {
	t := s.tokens[i]
	between := text[s.tokens[i-1].end:t.start]
	switch {
	case t.folded == ",", t.folded == "&": // "Acme, Inc.", "Smith & Sons"
		return i+1 < len(s.tokens) && s.tokens[i+1].capital() && (t.folded == "&" || s.is(i+1, n.forms))
	case between != " " && between != "-" && between != "", s.is(i-1, n.forms) && !s.is(i, n.forms):
		return false
	}
	return t.capital() || t.digit()
}

// capital says whether the word is written with a capital.
func (w *word) capital() bool {
	r, _ := utf8.DecodeRuneInString(w.cased)
	return unicode.IsUpper(r)
}

// digit says whether the word begins with one.
func (w *word) digit() bool { return w.folded != "" && w.folded[0] >= '0' && w.folded[0] <= '9' }

// is says whether a token is a term of one of the lexicons.
func (s *sentence) is(token int, lexicons []label) bool {
	return slices.ContainsFunc(s.tokens[token].triggers, func(l label) bool { return slices.Contains(lexicons, l) })
}

// introduce returns the companies that are known so far with those of a sentence: names that end as only those of
// companies do, and those that a pattern calls so.
func (d *document) introduce(s *sentence, runs []span, known []*stranger) []*stranger {
	n := &d.language.namer
	named, persons := s.calls(runs, n)
	for _, run := range runs {
		words, formal := s.words(run, n)
		ends := len(words) > 1 && s.is(run.from+len(words)-1, n.ends)
		called := slices.Contains(named, run) && !slices.Contains(persons, run)
		if s.explained(run) || !formal && !ends && !called {
			continue
		}
		word := len(words) == 1 && len(s.tokens[run.from].triggers) > 0
		met := slices.ContainsFunc(known, func(k *stranger) bool { return k.in(s, run) == run.from })
		slug := slugOf(words)
		if word || met || slug == "" || d.ruleset.entities[slug] != nil || len(known) == maxStrangers {
			continue
		}
		known = append(known, &stranger{&Entity{Slug: slug, Kind: "company"}, words})
	}
	return known
}

// calls returns which of the runs a pattern calls companies, and which persons. Most sentences have no word that does, and
// are spared the rest.
func (s *sentence) calls(runs []span, n *namer) (named, persons []span) {
	s.has.add(nameLabel)
	if !slices.ContainsFunc(n.patterns, func(p *pattern) bool { return p.possible(s) }) {
		s.has.remove(nameLabel)
		return nil, nil
	}
	for _, run := range runs {
		s.insert(run)
	}
	s.index()
	named, persons = s.called(n.patterns), s.called(n.persons)
	s.spans = slices.DeleteFunc(s.spans, func(sp span) bool { return sp.label == nameLabel })
	s.index()
	return named, persons
}

// called returns the names that patterns bind anywhere in the sentence. No word may be skipped before a name: "the maker
// of Lyon" names none.
func (s *sentence) called(patterns []*pattern) []span {
	var out []span
	for _, p := range patterns {
		if !p.possible(s) {
			continue
		}
		for _, f := range p.fits(s, s.whole()) {
			for _, b := range f.roles {
				if b.span == f.spans[0] || slices.ContainsFunc(f.spans, func(o span) bool { return o.to == b.span.from }) {
					out = append(out, b.span)
				}
			}
		}
	}
	return out
}

// explained says whether every word of a run belongs to the name of a country or of goods.
func (s *sentence) explained(run span) bool {
	for i := run.from; i < run.to; i++ {
		if !slices.ContainsFunc(s.spans, func(o span) bool { return o.entity != nil && o.from <= i && i < o.to }) {
			return false
		}
	}
	return true
}

// words returns the words of a name in lower case, without the legal form that ends it, and whether it has one.
func (s *sentence) words(run span, n *namer) (words []string, formal bool) {
	to := run.to
	for to > run.from && n.formal(s, to-1) {
		formal = true
		to--
	}
	for _, t := range s.tokens[run.from:to] {
		words = append(words, t.folded)
	}
	return words, formal
}

// formal says whether a token is a legal form, or the comma or stop beside one.
func (n *namer) formal(s *sentence, token int) bool {
	return s.tokens[token].punct || s.is(token, n.forms)
}

// slugOf makes a slug of the words of a name: lower-case ASCII.
func slugOf(words []string) string {
	plain, _, _ := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), strings.Join(words, " "))
	return strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
}

// replace puts a span in the place of all that it covers.
func (s *sentence) replace(sp span) {
	s.triggers = slices.DeleteFunc(s.triggers, func(t trigger) bool { return sp.covers(t.span()) })
	s.spans = slices.DeleteFunc(s.spans, func(o span) bool { return sp.covers(o) })
	s.insert(sp)
	s.index()
}
