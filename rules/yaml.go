package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"sync"

	"go.yaml.in/yaml/v4"
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

// decode reads a YAML file strictly; errors name the file, the line and the column, and show the line.
func decode(fsys fs.FS, file string, into any) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if err := yaml.Load(data, into, yaml.WithKnownFields()); err != nil {
		return misplaced(file, data, err)
	}
	return nil
}

// text is a scalar of a YAML file that knows where it stands, for errors that a person can follow.
type text struct {
	string
	line, column int
}

// UnmarshalYAML takes the scalar as it is written: `no`, `on` and numbers as they stand.
func (t *text) UnmarshalYAML(n *yaml.Node) error {
	t.line, t.column = n.Line, n.Column
	if n.Kind != yaml.ScalarNode {
		return &mistake{line: n.Line, column: n.Column, err: errors.New("a text is expected here")}
	}
	t.string = n.Value
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

// What the YAML reader says in terms of Go's types.
var (
	unknownField = regexp.MustCompile(`^field (.+) not found in type`)
	wrongShape   = regexp.MustCompile("^cannot construct \\S+ (`.*`|.*?) ?into ")
)

// misplaced gives each error of the YAML reader its place, and shows the line.
func misplaced(file string, data []byte, err error) error {
	var places []error
	place := func(line, column int, err error) {
		lines := bytes.Split(data, []byte("\n"))
		if line > 0 && line <= len(lines) {
			err = fmt.Errorf("%w\n\t%s", err, bytes.TrimSpace(lines[line-1]))
		}
		places = append(places, &mistake{file, line, column, err})
	}
	all := []*yaml.LoadError{}
	if several, ok := errors.AsType[*yaml.LoadErrors](err); ok {
		all = several.Errors
	} else if one, ok := errors.AsType[*yaml.LoadError](err); ok {
		all = append(all, one)
	}
	for _, e := range all {
		if m, ok := errors.AsType[*mistake](e); ok {
			place(m.line, m.column, m.err)
			continue
		}
		message := e.Message
		if unknown := unknownField.FindStringSubmatch(message); unknown != nil {
			message = fmt.Sprintf("unknown field %q", unknown[1])
		}
		if wrong := wrongShape.FindStringSubmatch(message); wrong != nil {
			message = fmt.Sprintf("%s does not fit here: docs/rules.md says what the key takes", wrong[1])
		}
		place(e.Mark.Line, e.Mark.Column, errors.New(message))
	}
	if len(places) == 0 {
		return fmt.Errorf("%s: %w", file, err)
	}
	return errors.Join(places...)
}

// A nameDef is a name of an entity: a term, or a term with a condition.
type nameDef struct {
	Term   text   `yaml:"name"`
	Near   []text `yaml:"near"`   // entities or <kinds>, one of which must occur in the same paragraph or the title
	Unless []text `yaml:"unless"` // entities or <kinds>, none of which may occur in the same sentence
}

// UnmarshalYAML takes `Nvidia` as well as `{name: H2O, near: [nvidia]}`.
func (d *nameDef) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		type plain nameDef
		return n.Load((*plain)(d), yaml.WithKnownFields())
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
func (d *caseDef) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		type plain caseDef
		return n.Load((*plain)(d), yaml.WithKnownFields())
	}
	return d.Text.UnmarshalYAML(n)
}
