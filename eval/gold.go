// Package eval measures the events that the rules find against those that people have labelled. Its definitions are
// those of the judge of the project, events_eval.py; a test holds that both print the same figures.
package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"exportwatch/extract"
	"exportwatch/rules"
)

// Document is an article with the events that a person found in it: one line of a gold file.
type Document struct {
	ID        string `json:"id"`
	Lang      string `json:"lang"` // BCP 47
	Published string `json:"published"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Events    []Gold `json:"events"` // empty: the article tells of none
}

// Gold is a labelled event. Slots are left out where the article leaves them open.
type Gold struct {
	Type         string   `json:"type"`
	Status       string   `json:"status"`
	Companies    slugs    `json:"companies"`
	Authority    slugs    `json:"authority"` // each of them is right
	Items        slugs    `json:"items"`
	Destinations slugs    `json:"destinations"`
	Current      *bool    `json:"current"` // nil: it is
	Quote        string   `json:"quote"`   // the sentence that says so
	Evidence     evidence `json:"evidence"`
}

type evidence struct {
	Quote string `json:"quote"`
}

func (g Gold) current() bool { return g.Current == nil || *g.Current }

func (g Gold) quote() string {
	if g.Quote != "" {
		return g.Quote
	}
	return g.Evidence.Quote
}

// slugs are one slug or a list.
type slugs []string

func (s *slugs) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		if one != "" {
			*s = slugs{one}
		}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(s))
}

// maxLine bounds a line of a gold file.
const maxLine = 16 << 20

// Read reads a gold file, one document a line. Every line that is wrong is in the error, as name:line.
func Read(r io.Reader, name string) ([]Document, error) {
	var docs []Document
	var errs []error
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		if len(line) == 0 {
			continue
		}
		d, err := parse(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, n, err))
			continue
		}
		docs = append(docs, d)
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("%s:%d: %w", name, n+1, err))
	}
	return docs, errors.Join(errs...)
}

func parse(line []byte) (Document, error) {
	var d Document
	if err := json.Unmarshal(line, &d); err != nil {
		return d, fmt.Errorf("no gold document: %w", err)
	}
	if d.ID == "" {
		return d, errors.New(`without "id"`)
	}
	if d.Lang == "" {
		return d, fmt.Errorf(`%s: without "lang"`, d.ID)
	}
	if d.Title == "" && d.Text == "" {
		return d, fmt.Errorf(`%s: neither "title" nor "text"`, d.ID)
	}
	if d.Events == nil {
		return d, fmt.Errorf(`%s: without "events": a negative has an empty list`, d.ID)
	}
	for i, e := range d.Events {
		if err := rules.TheOntology().Check(e.Type, e.Status); err != nil {
			return d, fmt.Errorf("%s: event %d: %w", d.ID, i+1, err)
		}
		if e.Status == "" {
			return d, fmt.Errorf(`%s: event %d: without "status"`, d.ID, i+1)
		}
	}
	if _, err := d.article(d.Lang); err != nil {
		return d, fmt.Errorf("%s: %w", d.ID, err)
	}
	return d, nil
}

// article is the document as the rules want it.
func (d Document) article(lang string) (extract.Article, error) {
	published, err := extract.ParsePublished(d.Published, "")
	if err != nil {
		return extract.Article{}, fmt.Errorf("published: %w", err)
	}
	return extract.Article{Lang: lang, Title: d.Title, Text: d.Text, Published: published, Kind: extract.KindArticle}, nil
}
