package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/mattn/go-isatty"

	"exportwatch/extract"
)

// open opens a file argument; "-" is standard input. The name is for errors.
func (p *program) open(path string) (r io.ReadCloser, name string, err error) {
	if path != "-" {
		f, err := os.Open(path)
		return f, path, err
	}
	if f, ok := p.stdin.(*os.File); ok && p.stderr.terminal && isatty.IsTerminal(f.Fd()) {
		fmt.Fprintln(p.stderr, "Reading from the terminal; end with Ctrl-D.")
	}
	return io.NopCloser(p.stdin), "stdin", nil
}

// readAll reads a file argument as a whole.
func (p *program) readAll(path string) (data []byte, name string, err error) {
	r, name, err := p.open(path)
	if err != nil {
		return nil, name, err
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, maxInput+1))
	if err != nil {
		return nil, name, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxInput {
		return nil, name, fmt.Errorf("%s is larger than %d MiB", name, maxInput>>20)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, name, fmt.Errorf("%s is empty", name)
	}
	return data, name, nil
}

// document is an article as `classify` takes it in.
type document struct {
	ID        json.RawMessage `json:"id"` // a string or a number; comes out as it went in
	Lang      string          `json:"lang"`
	Published string          `json:"published"`
	Title     string          `json:"title"`
	Text      string          `json:"text"`
}

func parseDocument(data []byte) (document, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return d, jsonError(data, err)
	}
	if d.Title == "" && d.Text == "" {
		return d, errors.New(`neither "title" nor "text"`)
	}
	return d, nil
}

// jsonError adds the place to an error of encoding/json.
func jsonError(data []byte, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		if json.NewDecoder(bytes.NewReader(data)).Decode(new(json.RawMessage)) == nil {
			return errors.New("one JSON object is wanted, and more follows: --jsonl takes many, one a line")
		}
		return fmt.Errorf("not JSON: %w, at byte %d of %d", err, syntax.Offset, len(data))
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if kind.Field == "" {
			return fmt.Errorf("one JSON object is wanted, and this is of the type %s", kind.Value)
		}
		return fmt.Errorf("%q is of the type %s, should be %s", kind.Field, kind.Value, kind.Type)
	}
	return err
}

// readDocument takes text as it is, or a JSON object. Its offsets are then those of the text as given.
func readDocument(data []byte) (document, error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return parseDocument(data)
	}
	if !utf8.Valid(data) {
		return document{}, fmt.Errorf("not UTF-8, from byte %d on: convert it first, as with iconv -f windows-1252 -t utf-8", invalidAt(data))
	}
	return document{Text: string(data)}, nil
}

// invalidAt returns the offset of the first byte that is not UTF-8.
func invalidAt(data []byte) int {
	at := 0
	for {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// article is the document as the rules want it.
func (d document) article() (extract.Article, error) {
	published, err := extract.ParsePublished(d.Published, "")
	if err != nil {
		return extract.Article{}, fmt.Errorf("published: %w", err)
	}
	return extract.Article{
		Title: d.Title, Text: d.Text, Published: published, Kind: extract.KindArticle,
		Lang: cmp.Or(d.Lang, extract.Language(d.Title+"\n"+d.Text)),
	}, nil
}
