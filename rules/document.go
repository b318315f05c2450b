package rules

import (
	"slices"
	"strings"
	"time"

	"exportwatch/extract"
)

// A document is an article as the rules see it: its sentences, title first.
type document struct {
	ruleset    *Ruleset
	language   *language
	title      string
	text       string
	published  time.Time // the day, zero when unknown
	sentences  []*sentence
	grounds    []grounds // by paragraph
	has        set       // of all sentences
	piece      bool      // of an article: what an event needs besides may stand in the rest
	explaining bool      // rules whose conditions are not met are matched all the same, to say so
	room       *room
	salient    map[label]map[*Entity]salience // what it is about, by kind, up to the sentence that is being resolved
}

// A room holds what the reading of a document needs: its sentences, their tokens, and what is found in them. The next
// document of the language may use it again.
type room struct {
	sentences []*sentence
	grounds   []grounds
	own       grounds // of one sentence
	tokens    []token
	found     findings
	finder    finder
	matcher   matcher
	division  division
	has       set // of the document
	called    set // of patterns by their number, for one sentence
	mentions  []mention
}

// enter gives a document its room.
func (rs *Ruleset) enter(l *language) *room {
	if r, ok := l.rooms.Get().(*room); ok {
		return r
	}
	return &room{own: rs.newGrounds(), has: newSet(len(l.means)), called: newSet(len(l.patterns))}
}

// sentence returns the next sentence of the document, empty but for the room that it takes.
func (d *document) sentence() *sentence {
	n := len(d.sentences)
	if n == len(d.room.sentences) {
		d.room.sentences = append(d.room.sentences, &sentence{language: d.language, has: newSet(len(d.language.means)), matcher: &d.room.matcher})
	}
	s := d.room.sentences[n]
	*s = sentence{language: s.language, has: s.has, starts: s.starts, offsets: s.offsets, clauses: s.clauses, members: s.members, matcher: s.matcher}
	d.sentences = d.room.sentences[:n+1]
	return s
}

// groundsOf returns the grounds of a paragraph. Paragraphs are asked for in their order.
func (d *document) groundsOf(paragraph int) grounds {
	for n := len(d.grounds); n <= paragraph; n++ {
		if n == len(d.room.grounds) {
			d.room.grounds = append(d.room.grounds, d.ruleset.newGrounds())
		}
		d.grounds = d.room.grounds[:n+1]
		d.grounds[n].clear()
	}
	return d.grounds[paragraph]
}

// leave ends the use of the document.
func (d *document) leave() { d.language.rooms.Put(d.room) }

func (d *document) field(name string) string {
	if name == "title" {
		return d.title
	}
	return d.text
}

// composed is how many spans a sentence has room for besides those of the lexicon: dates, authorities, antecedents.
const composed = 8

// maxSentences bounds the work on one article; the longest articles of the trade press have about 300.
const maxSentences = 2000

// read finds all that the rules look at in an article.
func (rs *Ruleset) read(l *language, a extract.Article) *document {
	d := rs.scan(l, a)
	d.understand()
	return d
}

// scan finds the terms of the language in an article.
func (rs *Ruleset) scan(l *language, a extract.Article) *document {
	d := &document{
		ruleset: rs, language: l, title: a.Title, text: a.Text,
		room: rs.enter(l), salient: map[label]map[*Entity]salience{},
	}
	d.has = d.room.has
	if a.Published.Known() {
		d.published, _ = time.Parse(time.DateOnly, a.Published.Day)
	}
	paragraph := 0
	tokens, found := d.room.tokens[:0], findings{d.room.found.triggers[:0], d.room.found.spans[:0]}
	for _, field := range []string{"title", "text"} {
		text := d.field(field)
		last := 0
		for _, st := range l.split(text) {
			if len(d.sentences) == maxSentences {
				break
			}
			if field == "text" && (paragraph == 0 || strings.Contains(text[last:st.start], "\n")) {
				paragraph++
			}
			last = st.end
			s := d.sentence()
			s.field, s.stretch, s.paragraph = field, st, paragraph
			begin := len(tokens)
			tokens = l.tokenize(text, st.start, st.end, tokens)
			s.tokens = tokens[begin:len(tokens):len(tokens)]
			triggers, spans := len(found.triggers), len(found.spans)
			found = d.room.finder.find(s.tokens, found)
			s.triggers = found.triggers[triggers:]
			end := len(found.spans)
			found.spans = slices.Grow(found.spans, composed)[:end+composed]
			s.spans = found.spans[spans:end:len(found.spans)]
			d.groundsOf(paragraph).add(s.spans)
		}
	}
	d.room.tokens, d.room.found = tokens, found
	return d
}

// onTopic says whether the article has one of the terms without which the pack looks for no events.
func (d *document) onTopic() bool {
	topic := d.language.topic
	return len(topic) == 0 || slices.ContainsFunc(d.sentences, func(s *sentence) bool {
		return slices.ContainsFunc(s.triggers, func(t trigger) bool { return slices.Contains(topic, t.label) }) ||
			slices.ContainsFunc(s.spans, func(sp span) bool { return slices.Contains(topic, sp.label) })
	})
}

// understand decides what the terms stand for.
func (d *document) understand() {
	for _, s := range d.sentences {
		d.settle(s)
	}
	d.strangers()
	for _, s := range d.sentences {
		d.layOut(s)
	}
	d.date()
	d.gather()
	d.disambiguate()
	for i := range d.sentences {
		d.resolve(i)
	}
	d.gather()
}

// date tells each sentence when its story plays: a paragraph stays at the time that it named last.
func (d *document) date() {
	for i, s := range d.sentences {
		if i > 0 && d.sentences[i-1].paragraph == s.paragraph {
			s.era = d.sentences[i-1].era
		}
		for _, sp := range s.spans {
			if sp.label == dateLabel {
				s.era = sp.date
			}
		}
	}
}

// disambiguate removes the words that have another sense in this article: one sense a discourse (Gale, Church
// and Yarowsky 1992).
func (d *document) disambiguate() {
	for _, id := range d.language.masks {
		m := d.language.means[id].mask
		if len(m.hides) == 0 || !d.has.has(id) || d.has.hasAny(m.own) {
			continue
		}
		for _, s := range d.sentences {
			if !s.has.hasAny(m.hides) {
				continue
			}
			s.triggers = slices.DeleteFunc(s.triggers, func(t trigger) bool { return slices.Contains(m.hides, t.label) })
			s.spans = slices.DeleteFunc(s.spans, func(sp span) bool { return slices.Contains(m.hides, sp.label) })
			s.index()
		}
	}
}

// gather tells which labels the article has.
func (d *document) gather() {
	clear(d.has)
	for _, s := range d.sentences {
		for i, word := range s.has {
			d.has[i] |= word
		}
	}
}
