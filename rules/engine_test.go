package rules

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// format holds the words of the rule format itself, which the engine must know.
func format() map[string]bool {
	words := map[string]bool{}
	add := func(list ...string) {
		for _, w := range list {
			words[w] = true
		}
	}
	add(entityKinds...)
	add(roleNames...)
	add(cueScopes...)
	add(authorityClasses...)
	add(effectNames...)
	add(caseForms...)
	add(SeverityError, SeverityWarning)
	add(slices.Collect(maps.Keys(stemmers))...)
	add(dateWords...)
	add("clause", "sentence") // ruleDef.Scope
	add("title", "text")      // Evidence.Field
	add("fired")              // the verdict of an explained rule
	o := TheOntology()
	add(o.Attributions...)
	add(slices.Collect(maps.Keys(o.Cues))...)
	for name, t := range o.Types {
		add(name)
		add(t.Statuses...)
	}
	for _, v := range []any{packFile{}, ruleDef{}, cueDef{}, timeDef{}, relativeDef{}, caseDef{}, ExplainedSentence{}, ExplainedRule{}, Event{}, Evidence{}, authorityDef{}} {
		for field := range reflect.TypeOf(v).Fields() {
			for _, key := range []string{"yaml", "json"} {
				name, _, _ := strings.Cut(field.Tag.Get(key), ",")
				add(name)
			}
		}
	}
	return words
}

// TestNoWordOfALanguageInTheEngine holds what makes a new language a matter of packs alone: no string of the engine is
// a term of a pack or a name of a gazetteer, and none has letters beyond ASCII but for marks of the rule format.
func TestNoWordOfALanguageInTheEngine(t *testing.T) {
	rs, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	terms := map[string]string{}
	for _, code := range rs.Languages() {
		l, err := rs.packs[code]()
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range l.vocabulary.tests {
			if utf8.RuneCountInString(test.text) > 2 {
				terms[test.text] = code
			}
		}
	}
	known := format()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fset := gotoken.NewFileSet()
		f, err := parser.ParseFile(fset, file, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		tags := map[*ast.BasicLit]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				tags[n.Tag] = true
			case *ast.ImportSpec:
				tags[n.Path] = true
			case *ast.BasicLit:
				if n.Kind != gotoken.STRING || tags[n] {
					return true
				}
				s, _ := strconv.Unquote(n.Value)
				word := strings.ToLower(strings.TrimSpace(s))
				seen++
				if code, ok := terms[word]; ok && !known[word] {
					t.Errorf("%s: %q is a word of the pack %s", fset.Position(n.Pos()), s, code)
				}
			}
			return true
		})
	}
	if seen < 50 {
		t.Errorf("only %d strings looked at: is the test still looking in the right place?", seen)
	}
}
