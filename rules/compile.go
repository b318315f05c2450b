package rules

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A compiler turns the files of a pack into a language and gathers what is wrong with them.
type compiler struct {
	*language
	ruleset *Ruleset
	errs    []error
}

func (c *compiler) fail(file string, at text, err error) {
	c.errs = append(c.errs, at.at(file, err))
}

// basics sets what the tokenizer needs, before any term is read.
func (c *compiler) basics(parts []packPart) {
	var stem func(string) string
	home := map[string]string{} // file of a lexicon
	for _, p := range parts {
		s, err := stemmer(p.Stemmer.string)
		if err != nil {
			c.fail(p.name, p.Stemmer, err)
		}
		if p.Stemmer.string != "" {
			stem = s
		}
		for _, a := range p.Abbreviations {
			c.abbreviations[strings.ToLower(strings.TrimSuffix(a, "."))] = true
		}
		for _, a := range p.Clitics {
			c.clitics[a] = true
		}
		for _, name := range slices.Sorted(maps.Keys(p.Lexicons)) {
			if at, ok := home[name]; ok {
				at := fmt.Errorf("the lexicon %q stands in %s too: one of them needs another name", name, at)
				c.fail(p.name, append(p.Lexicons[name], text{})[0], at)
				continue
			}
			home[name] = p.name
			c.labels[name] = c.newLabel("{" + name + "}")
		}
	}
	c.vocabulary = newVocabulary(stem)
	c.join = c.newLabel("joins")
	c.breaks = [2]label{c.newLabel("clause"), c.newLabel("relative clause")}
	for _, n := range c.ruleset.named {
		if n.label != demonymLabel {
			continue
		}
		for _, d := range n.names.of(c.code) {
			readings, _ := c.parseTerm(d.Term.string) // what is wrong with it is told when it is added
			for _, r := range readings {
				if len(r) == 1 {
					c.demonyms = append(c.demonyms, c.vocabulary.members(r[0].test)...)
				}
			}
		}
	}
}

// read parses a term and weighs it for the label that it belongs to.
func (c *compiler) read(file string, t text, of label) [][]step {
	readings, err := c.parseTerm(t.string)
	if err != nil {
		c.fail(file, t, err)
	}
	for _, r := range readings {
		c.means[of].weight += c.vocabulary.frequency(r)
	}
	return readings
}

func (c *compiler) add(file string, t text, e entry) {
	e.term = t.string
	c.lexicon.addEntry(c.vocabulary, c.read(file, t, e.label), &e)
}

func (c *compiler) addAll(file string, terms []text, l label) {
	for _, t := range terms {
		c.add(file, t, entry{label: l})
	}
}

func (c *compiler) terms(p packPart) {
	for _, name := range slices.Sorted(maps.Keys(p.Lexicons)) {
		for _, t := range p.Lexicons[name] {
			of := c.labels[name]
			c.lexicon.addLabel(c.vocabulary, c.read(p.name, t, of), of)
		}
	}
	c.addAll(p.name, p.Joins, c.join)
	c.addAll(p.name, p.Clauses.Break, c.breaks[0])
	c.addAll(p.name, p.Clauses.Relative, c.breaks[1])
	for _, t := range p.Skip {
		steps, err := c.parseWord(t.string, nil)
		if err != nil || len(steps) != 1 {
			c.fail(p.name, t, fmt.Errorf("skip: %q: one plain word is expected", t.string))
			continue
		}
		for _, test := range c.vocabulary.members(steps[0].test) {
			c.skip[test] = true
		}
	}
	for _, a := range p.Antecedents {
		kind, ok := entityLabel(a.Kind.string)
		if !ok {
			c.fail(p.name, a.Kind, fmt.Errorf("no kind of entity %q: it is one of %s", a.Kind.string, strings.Join(entityKinds, ", ")))
			continue
		}
		l := c.newLabel("antecedent:" + a.Kind.string)
		c.means[l].pointsTo, c.means[l].pointing = kind, true
		for _, t := range a.Of {
			if !slices.Contains(authorityClasses, t.string) && !slices.Contains(c.ontology.Trades, t.string) {
				c.fail(p.name, t, fmt.Errorf("no class or trade %q: it is one of %s", t.string, strings.Join(slices.Concat(authorityClasses, c.ontology.Trades), ", ")))
			}
			c.means[l].of = append(c.means[l].of, t.string)
		}
		c.addAll(p.name, a.Terms, l)
	}
}

func (c *compiler) entity(n named) {
	for _, d := range n.names.of(c.code) {
		e := entry{label: n.label, entity: n.entity}
		e.near = c.condition(n.file, d.Near)
		e.unless = c.condition(n.file, d.Unless)
		c.add(n.file, d.Term, e)
		if n.label == itemLabel && len(n.entity.Parents) > 0 && !c.ruleset.kinds[n.entity.Slug] {
			e.label = productLabel
			c.add(n.file, d.Term, e)
		}
	}
}

// condition reads the slugs and <kinds> of a name's condition.
func (c *compiler) condition(file string, ts []text) []condition {
	var out []condition
	for _, t := range ts {
		if kind, ok := strings.CutPrefix(t.string, "<"); ok {
			l, ok := entityLabel(strings.TrimSuffix(kind, ">"))
			if !ok {
				c.fail(file, t, fmt.Errorf("no kind of entity %s: it is one of %s", t.string, strings.Join(entityKinds, ", ")))
			}
			out = append(out, condition{kind: l})
			continue
		}
		e := c.ruleset.entities[t.string]
		if e == nil {
			c.fail(file, t, fmt.Errorf("no entity %q%s", t.string, suggest(t.string, c.ruleset.entities)))
			continue
		}
		out = append(out, condition{entity: e})
	}
	return out
}

var cueScopes = []string{"after", "before", "around", "sentence"}

func (c *compiler) grammar(p packPart) {
	for _, d := range p.Masks {
		l := c.newLabel("other sense")
		c.addAll(p.name, d.Terms, l)
		c.masks = append(c.masks, l)
		c.means[l].mask = &mask{hides: c.labelsOf(p.name, d.Hides), own: c.labelsOf(p.name, d.Own)}
	}
	c.topic = append(c.topic, c.labelsOf(p.name, p.Topic)...)
	c.governments = append(c.governments, c.patterns(p.name, p.Governments.Patterns)...)
	c.namer.forms = append(c.namer.forms, c.labelsOf(p.name, p.Names.Forms)...)
	c.namer.ends = append(c.namer.ends, c.labelsOf(p.name, p.Names.Ends)...)
	c.namer.patterns = append(c.namer.patterns, c.namePatterns(p.name, p.Names.Patterns)...)
	c.namer.persons = append(c.namer.persons, c.namePatterns(p.name, p.Names.Persons)...)
	c.bystanders = append(c.bystanders, c.patterns(p.name, p.Bystanders)...)
	c.destinations = append(c.destinations, c.patterns(p.name, p.Destinations)...)
	for _, d := range p.Cues {
		category := d.Category.string
		if _, ok := c.ontology.Cues[category]; !ok {
			c.fail(p.name, d.Category, fmt.Errorf("no category of cues %q%s", category, suggest(category, c.ontology.Cues)))
			continue
		}
		if !slices.Contains(cueScopes, d.Scope.string) {
			c.fail(p.name, d.Category, fmt.Errorf("scope %q: it is one of %s", d.Scope.string, strings.Join(cueScopes, ", ")))
			continue
		}
		l := c.newLabel(category)
		q := cue{category: category, scope: d.Scope.string, reach: d.Reach}
		c.addAll(p.name, d.Terms, l)
		if len(d.Until) > 0 {
			q.until = c.newLabel("end of " + category)
			c.addAll(p.name, d.Until, q.until)
		}
		for _, t := range d.Hides {
			if _, ok := c.ontology.Cues[t.string]; !ok {
				c.fail(p.name, t, fmt.Errorf("no category of cues %q%s", t.string, suggest(t.string, c.ontology.Cues)))
			}
			q.hides = append(q.hides, t.string)
		}
		if len(d.Unless) > 0 {
			q.unless = c.newLabel("before " + category)
			c.addAll(p.name, d.Unless, q.unless)
		}
		c.means[l].cue = &q
	}
}

func (c *compiler) rules(p packPart) {
	for _, d := range p.Rules {
		r := &rule{id: d.ID.string, file: p.name, def: d, priority: cmp.Or(d.Priority, defaultPriority), sentence: d.Scope.string == "sentence"}
		if i := slices.IndexFunc(c.language.rules, func(o *rule) bool { return o.id == r.id }); i >= 0 {
			c.fail(p.name, d.ID, fmt.Errorf("the rule %q stands here twice", r.id))
		}
		if !strings.HasPrefix(r.id, c.code+".") {
			c.fail(p.name, d.ID, fmt.Errorf("a rule of this pack has an id like %q", c.code+".license.granted"))
		}
		if s := d.Scope.string; s != "" && s != "clause" && s != "sentence" {
			c.fail(p.name, d.Scope, fmt.Errorf("scope %q: it is clause or sentence", s))
		}
		var err error
		if r.kind, r.status, err = c.parseEvent(d.Event.string); err != nil {
			c.fail(p.name, d.Event, err)
		}
		r.patterns = c.patterns(p.name, d.Patterns)
		if len(d.Patterns) == 0 {
			c.fail(p.name, d.ID, errors.New("a rule needs at least one pattern"))
		}
		r.near = c.labelsOf(p.name, d.Near)
		r.with = c.labelsOf(p.name, d.With)
		r.about = c.labelsOf(p.name, d.About)
		r.nowhere = c.labelsOf(p.name, d.Nowhere)
		r.unless = c.labelsOf(p.name, d.Unless)
		for _, t := range d.Bound {
			if !slices.Contains(roleNames, t.string) {
				c.fail(p.name, t, fmt.Errorf("no slot %q: it is one of %s", t.string, strings.Join(roleNames, ", ")))
			}
			r.bound = append(r.bound, t.string)
		}
		for slot, t := range d.Default {
			e := c.ruleset.entities[t.string]
			switch {
			case slot != "authority":
				c.fail(p.name, t, fmt.Errorf("default of %q: only authority can have one", slot))
			case e == nil || e.Kind != "authority":
				c.fail(p.name, t, fmt.Errorf("no authority %q%s", t.string, suggest(t.string, c.ruleset.entities)))
			default:
				r.authority = e
			}
		}
		r.effects = map[string]effect{}
		for category, does := range c.ontology.Cues {
			r.effects[category], _ = c.parseEffect(does)
		}
		for category, does := range d.Cues {
			if _, ok := c.ontology.Cues[category]; !ok {
				c.fail(p.name, does, fmt.Errorf("no category of cues %q%s", category, suggest(category, c.ontology.Cues)))
			}
			if r.effects[category], err = c.parseEffect(does.string); err != nil {
				c.fail(p.name, does, err)
			}
		}
		c.language.rules = append(c.language.rules, r)
	}
}

func (c *compiler) patterns(file string, ts []text) []*pattern {
	var out []*pattern
	for _, t := range ts {
		p, err := c.parsePattern(t.string)
		if err != nil {
			c.fail(file, t, err)
			continue
		}
		out = append(out, p)
	}
	return out
}

// namePatterns are those that say of a name whose it is.
func (c *compiler) namePatterns(file string, ts []text) []*pattern {
	for _, t := range ts {
		if !strings.Contains(t.string, "companies=<name>") {
			c.fail(file, t, fmt.Errorf("pattern %q: it binds no name: companies=<name>", t.string))
		}
	}
	return c.patterns(file, ts)
}

func (c *compiler) parseEvent(s string) (kind, status string, err error) {
	kind, status, ok := strings.Cut(s, "/")
	if !ok {
		return kind, status, fmt.Errorf("%q: an event is written type/status", s)
	}
	return kind, status, c.ontology.Check(kind, status)
}

func (c *compiler) parseEffect(s string) (effect, error) {
	if slices.Contains(effectNames, s) {
		return effect{name: s}, nil
	}
	kind, status, err := c.parseEvent(s)
	if err != nil {
		return effect{}, fmt.Errorf("a cue can do %s, or make it another event: %w", strings.Join(effectNames, ", "), err)
	}
	return effect{name: becomes, kind: kind, status: status}, nil
}

// labelsOf reads {lexicons} and <entities>.
func (c *compiler) labelsOf(file string, ts []text) []label {
	var out []label
	for _, t := range ts {
		e, err := c.parseElement(t.string)
		if err != nil {
			c.fail(file, t, err)
		}
		out = append(out, e.labels...)
	}
	return out
}
