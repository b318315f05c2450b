package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// decodeFiles reads YAML files side by side. One that is wrong is left empty, and told of.
func decodeFiles[T any](fsys fs.FS, files []string) ([]T, error) {
	out, errs := make([]T, len(files)), make([]error, len(files))
	var all sync.WaitGroup
	for i, file := range files {
		all.Go(func() { errs[i] = decode(fsys, file, &out[i]) })
	}
	all.Wait()
	return out, errors.Join(errs...)
}

// decode reads a YAML file strictly; errors name the file, the line and an excerpt.
func decode(fsys fs.FS, file string, into any) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	err = yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into)
	if err != nil {
		return misplaced(file, err)
	}
	return nil
}

// text is a scalar of a YAML file that knows where it stands, for errors that a person can follow.
type text struct {
	string
	line, column int
}

// UnmarshalYAML takes the scalar as it is written.
func (t *text) UnmarshalYAML(n ast.Node) error {
	pos := n.GetToken().Position
	t.line, t.column = pos.Line, pos.Column
	switch n := n.(type) {
	case *ast.StringNode:
		t.string = n.Value
	case *ast.LiteralNode:
		t.string = n.Value.Value
	case ast.ScalarNode:
		t.string = n.GetToken().Value // `no`, `on` and numbers as they stand
	default:
		return &yaml.SyntaxError{Message: "a text is expected here", Token: n.GetToken()}
	}
	return nil
}

// at wraps an error with the place of the text in its file.
func (t text) at(file string, err error) error {
	return &mistake{file, t.line, t.column, err}
}

// A mistake is an error in a pack or gazetteer, with its place. Several come joined by [errors.Join].
type mistake struct {
	file         string
	line, column int // from 1
	err          error
}

func (m *mistake) Error() string { return fmt.Sprintf("%s:%d:%d: %v", m.file, m.line, m.column, m.err) }
func (m *mistake) Unwrap() error { return m.err }

// misplaced gives an error of the YAML reader its place; the excerpt of the file follows on lines of its own.
func misplaced(file string, err error) error {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok || e.GetToken() == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	pos := e.GetToken().Position
	_, message, _ := strings.Cut(yaml.FormatError(err, false, true), "] ") // [line:column] message
	return &mistake{file, pos.Line, pos.Column, errors.New(message)}
}

// A nameDef is a name of an entity: a term, or a term with a condition.
type nameDef struct {
	Term   text   `yaml:"name"`
	Near   []text `yaml:"near"`   // entities or <kinds>, one of which must occur in the same paragraph or the title
	Unless []text `yaml:"unless"` // entities or <kinds>, none of which may occur in the same sentence
}

// UnmarshalYAML takes `Nvidia` as well as `{name: H2O, near: [nvidia]}`.
func (d *nameDef) UnmarshalYAML(n ast.Node) error {
	if m, ok := n.(*ast.MappingNode); ok {
		type plain nameDef
		return yaml.NodeToValue(m, (*plain)(d), yaml.DisallowUnknownField())
	}
	return d.Term.UnmarshalYAML(n)
}

// A caseDef is a text that must, or must not, give the event of its rule. A plain string is a text alone.
type caseDef struct {
	Text      text              `yaml:"text"`
	Title     string            `yaml:"title"`
	Published string            `yaml:"published"`
	Form      string            `yaml:"form"`  // active, passive, nominal, headline, reported: for docs/frames.md
	Event     string            `yaml:"event"` // type/status, where a cue makes it another than the rule's
	Current   *bool             `yaml:"current"`
	Slots     map[string]string `yaml:"slots"` // slot → its values, joined by commas
}

// UnmarshalYAML takes a text, or a mapping with what the event must be like.
func (d *caseDef) UnmarshalYAML(n ast.Node) error {
	if m, ok := n.(*ast.MappingNode); ok {
		type plain caseDef
		return yaml.NodeToValue(m, (*plain)(d), yaml.DisallowUnknownField())
	}
	return d.Text.UnmarshalYAML(n)
}
