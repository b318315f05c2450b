package rules

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

var update = flag.Bool("update", false, "rewrite docs/schema/*.json and docs/frames.md")

// golden compares with a file that is generated from code, or writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is out of date: go test -tags sqlite_fts5 ./rules -run %s -update", file, t.Name())
	}
}

const (
	packSchema      = "../docs/schema/pack.schema.json"
	gazetteerSchema = "../docs/schema/gazetteer.schema.json"
)

// object is a JSON Schema.
type object = map[string]any

// A schemaWriter makes a schema of the structs that the YAML is read into; a comment of a field is its description.
type schemaWriter struct {
	comments map[string]string // by Type.Field
	defs     object
	bare     []string // fields without a comment
}

// values are the words that a key takes, by Type.Field.
func values() map[string][]string {
	o := TheOntology()
	var events []string
	for _, kind := range slices.Sorted(maps.Keys(o.Types)) {
		for _, status := range o.Types[kind].Statuses {
			events = append(events, kind+"/"+status)
		}
	}
	kinds := slices.Sorted(maps.Keys(o.Types))
	categories := slices.Sorted(maps.Keys(o.Cues))
	return map[string][]string{
		"packFile.Stemmer":    slices.Sorted(maps.Keys(stemmers)),
		"antecedentDef.Kind":  entityKinds[:countryLabel+1],
		"cueDef.Category":     categories,
		"cueDef.Scope":        cueScopes,
		"cueDef.Hides":        categories,
		"ruleDef.Event":       events,
		"ruleDef.Scope":       {"clause", "sentence"},
		"ruleDef.Bound":       roleNames,
		"ruleDef.Default key": {"authority"},
		"ruleDef.Cues":        slices.Concat(effectNames, events),
		"ruleDef.Cues key":    categories,
		"caseDef.Event":       events,
		"caseDef.Form":        caseForms,
		"caseDef.Slots key":   slices.Sorted(maps.Keys(Event{}.slots())),
		"authorityDef.Class":  authorityClasses,
		"companyDef.Trades":   o.Trades,
		"antecedentDef.Of":    slices.Concat(authorityClasses, o.Trades),
		"authorityDef.Acts":   kinds,
	}
}

// required are the keys that must be there.
var required = map[string][]string{
	"cueDef": {"category", "scope", "terms"}, "ruleDef": {"id", "event", "patterns", "yes", "no"}, "nameDef": {"name"},
	"companyDef": {"slug"}, "authorityDef": {"slug", "class"}, "itemDef": {"slug"}, "countryDef": {"code"},
}

// shorthand are the structs that a plain text may stand for.
var shorthand = []string{"nameDef", "caseDef"}

func (w *schemaWriter) of(t reflect.Type, place string) object {
	enum := values()[place]
	if t == reflect.TypeFor[text]() || t.Kind() == reflect.String {
		if enum != nil {
			return object{"enum": enum}
		}
		return object{"$ref": "#/$defs/scalar"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return w.of(t.Elem(), place)
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	case reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": w.of(t.Elem(), place)}
	case reflect.Map:
		m := object{"type": []string{"object", "null"}, "additionalProperties": w.of(t.Elem(), place)}
		if keys := values()[place+" key"]; keys != nil {
			m["propertyNames"] = object{"enum": keys}
		}
		return m
	case reflect.Struct:
		if w.defs[t.Name()] == nil {
			w.defs[t.Name()] = object{} // a struct may hold itself
			w.defs[t.Name()] = w.structure(t)
		}
		return object{"$ref": "#/$defs/" + t.Name()}
	}
	panic("no schema of " + t.String())
}

func (w *schemaWriter) structure(t reflect.Type) object {
	s := object{"type": "object", "additionalProperties": false, "properties": w.properties(t)}
	if keys := required[t.Name()]; keys != nil {
		s["required"] = keys
	}
	if slices.Contains(shorthand, t.Name()) {
		return object{"anyOf": []object{{"$ref": "#/$defs/scalar"}, s}}
	}
	return s
}

func (w *schemaWriter) properties(t reflect.Type) object {
	out := object{}
	for f := range t.Fields() {
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if option == "inline" {
			maps.Copy(out, w.properties(f.Type))
			continue
		}
		place := t.Name() + "." + f.Name
		property := w.of(f.Type, place)
		if d := cmp.Or(descriptions[place], w.comments[place]); d != "" {
			property["description"] = d
		} else {
			w.bare = append(w.bare, place)
		}
		out[name] = property
	}
	return out
}

// descriptions are those of fields whose comment says nothing to who writes YAML, or that need none in the code.
var descriptions = map[string]string{
	"packFile.Clauses":          "Where a clause ends.",
	"packFile.Masks":            "Terms of another sense of a word: a driver's licence.",
	"packFile.Lexicons":         "Named lists of terms, which patterns and conditions mention as {name}.",
	"packFile.Antecedents":      "Words that stand for an entity named before: the chipmaker.",
	"packFile.Governments":      "How a country's authorities are named without a name: Chinese regulators.",
	"packFile.Time":             "How dates are written.",
	"packFile.Cues":             "Words that change what is said around them: not, if, earlier this year.",
	"packFile.Rules":            "What finds events.",
	"maskDef.Terms":             "The terms of the other sense.",
	"antecedentDef.Terms":       "The words.",
	"governmentsDef.Patterns":   "Patterns with a <country> or <demonym>.",
	"cueDef.Category":           "What it does stands in rules/ontology.yaml, or with a rule.",
	"cueDef.Terms":              "The words; none for a question, which is known by its mark.",
	"cueDef.Scope":              "Which side of the words it reaches.",
	"ruleDef.ID":                "<language>.<type>.<name>; what follows the language is the frame, the same in every language.",
	"ruleDef.Patterns":          "One of them must fit inside one clause.",
	"ruleDef.Yes":               "Texts that must give the event.",
	"ruleDef.No":                "Near misses that must not.",
	"caseDef.Text":              "The text of the article.",
	"caseDef.Title":             "Its title.",
	"caseDef.Published":         "The day of publication, 2025-08-12 where nothing is said.",
	"caseDef.Current":           "Whether the event must be news, or background.",
	"timeDef.Relative":          "Expressions that count from the day of publication: yesterday.",
	"relativeDef.Terms":         "The words.",
	"relativeDef.Days":          "Days to count on from the day of publication.",
	"nameDef.Term":              "The name.",
	"gazetteerFile.Companies":   "Parties.",
	"gazetteerFile.Authorities": "Who decides, examines, prosecutes, legislates.",
	"gazetteerFile.Items":       "Goods and technologies.",
	"gazetteerFile.Countries":   "Countries, with the adjectives made of their names.",
	"companyDef.Slug":           "Lower-case ASCII, words joined by -.",
	"companyDef.Parent":         "Slug of the company that it belongs to.",
	"authorityDef.Slug":         "Lower-case ASCII, words joined by -.",
	"authorityDef.Country":      "ISO 3166-1 alpha-2, or EU.",
	"authorityDef.Class":        "Which events it can decide stands in rules/ontology.yaml.",
	"authorityDef.Parent":       "Slug of the authority that it is a part of.",
	"itemDef.Slug":              "Lower-case ASCII, words joined by -.",
	"nameDefs.Names":            "Names in any language.",
	"nameDefs.In":               "Names by language.",
}

// comments reads the comments of the fields of all structs of the package.
func comments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range files {
		f, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return false
			}
			for _, field := range s.Fields.List {
				comment := cmp.Or(field.Comment.Text(), field.Doc.Text())
				for _, name := range field.Names {
					out[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(comment), " ")
				}
			}
			return false
		})
	}
	return out
}

func schemaOf(t *testing.T, v any, title string) string {
	t.Helper()
	w := &schemaWriter{comments: comments(t), defs: object{"scalar": object{"type": []string{"string", "number", "boolean"}}}}
	s := w.structure(reflect.TypeOf(v))
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = title
	s["$defs"] = w.defs
	for _, place := range w.bare {
		t.Errorf("%s: give the field a comment, or a line in descriptions: editors show it", place)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSchema holds that the schemas for editors know the keys that are read, all and no other.
func TestSchema(t *testing.T) {
	golden(t, packSchema, schemaOf(t, packFile{}, "A pack of exportwatch: rules, cues and lexicons of one language (docs/rules.md)"))
	golden(t, gazetteerSchema, schemaOf(t, gazetteerFile{}, "A gazetteer of exportwatch: entities and their names (docs/rules.md)"))
}

func compileSchema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, data []byte) error {
	var tree any
	if err := yaml.Load(data, &tree); err != nil {
		return err
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// TestFilesFitSchema holds that an editor has nothing to say against the files that are shipped.
func TestFilesFitSchema(t *testing.T) {
	for pattern, schema := range map[string]string{"packs/*/*.yaml": packSchema, "gazetteers/*.yaml": gazetteerSchema} {
		s := compileSchema(t, schema)
		files, err := fs.Glob(embedded, pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files: %v", pattern, err)
		}
		for _, file := range files {
			data, err := fs.ReadFile(embedded, file)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(s, data); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// TestSchemaRefuses holds that an editor marks what the program would refuse.
func TestSchemaRefuses(t *testing.T) {
	const rule = "rules:\n  - {id: en.a, event: %s, patterns: [\"{a}\"], yes: [a], no: [{text: b, form: %s}], %s}\n"
	pack, gazetteer := compileSchema(t, packSchema), compileSchema(t, gazetteerSchema)
	tests := []struct {
		name   string
		schema *jsonschema.Schema
		file   string
		ok     bool
	}{
		{"right", pack, fmt.Sprintf(rule, "license/granted", "active", "cues: {negation: drop, future: license/promised}"), true},
		{"unknown status", pack, fmt.Sprintf(rule, "license/given", "active", "scope: clause"), false},
		{"unknown form", pack, fmt.Sprintf(rule, "license/granted", "loud", "scope: clause"), false},
		{"unknown key", pack, fmt.Sprintf(rule, "license/granted", "active", "scop: clause"), false},
		{"unknown scope", pack, fmt.Sprintf(rule, "license/granted", "active", "scope: page"), false},
		{"unknown category", pack, fmt.Sprintf(rule, "license/granted", "active", "cues: {negaton: drop}"), false},
		{"unknown effect", pack, fmt.Sprintf(rule, "license/granted", "active", "cues: {negation: forget}"), false},
		{"no refusals", pack, "rules: [{id: en.a, event: license/granted, patterns: [\"{a}\"], yes: [a]}]\n", false},
		{"names with and without a condition", gazetteer, "companies: [{slug: a, names: [A, {name: B, near: [a]}], in: {fr: [C]}}]\n", true},
		{"unknown class", gazetteer, "authorities: [{slug: a, class: boss}]\n", false},
		{"no slug", gazetteer, "items: [{names: [a]}]\n", false},
	}
	for _, tt := range tests {
		if err := validate(tt.schema, []byte(tt.file)); (err == nil) != tt.ok {
			t.Errorf("%s: valid is %v, want %v: %v", tt.name, err == nil, tt.ok, err)
		}
	}
}

// TestFrames holds that docs/frames.md shows the rules as they are.
func TestFrames(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	m, err := rs.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../docs/frames.md", framesHead+m.Markdown())
}

const framesHead = `# Frames, languages, forms

What each language has rules for. A frame is the id of a rule without its language, up to a hyphen. A cell is the number of texts that must
give the event (` + "`yes`" + ` of the rule), and how many of them are marked with a form: **a**ctive, **p**assive, **n**ominal,
**h**eadline, **r**eported speech. A dash is a gap: no rule of that language, or of any.

Generated by ` + "`go test -tags sqlite_fts5 ./rules -run TestFrames -update`" + `; ` + "`exportwatch rules list --matrix`" + ` prints the table.

`
