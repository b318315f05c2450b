package exportwatch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which rooms a room may import: the table of docs/design.md. The source is read by go/parser, since the
// go command answers a test from its cache when a file appears.
var arrows = map[string][]string{
	"":                nil, // the top holds no code that runs
	"crawler":         nil,
	"extract":         {"crawler"},
	"rules":           {"extract"},
	"developments":    {"rules", "extract"},
	"store":           {"crawler", "extract", "rules", "developments"},
	"alert":           {"store", "developments", "rules"},
	"eval":            {"rules", "extract"},
	"monitor":         {"crawler", "extract", "rules", "developments", "store"},
	"testdata":        nil,
	"demopress":       {"testdata"},
	"cmd/exportwatch": {"crawler", "extract", "rules", "developments", "store", "alert", "monitor", "eval", "demopress", "testdata"},
}

// foreign are modules that one room alone may import: whoever replaces one changes one room.
var foreign = map[string]string{
	"github.com/gocolly/colly/v2":            "crawler",
	"database/sql":                           "store",
	"github.com/mattn/go-sqlite3":            "store",
	"github.com/wneessen/go-mail":            "alert",
	"github.com/alecthomas/kong":             "cmd/exportwatch",
	"codeberg.org/readeck/go-readability/v2": "extract",
}

const module = "exportwatch"

// source is one Go file that is no test.
type source struct {
	path string // slashes, from the top
	room string
	file *ast.File
	fset *token.FileSet
}

// sources parses the whole tree.
func sources(t *testing.T) []source {
	t.Helper()
	var found []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(name)
		room := path.Dir(slashed)
		if room == "." {
			room = ""
		}
		found = append(found, source{slashed, room, file, fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		allowed, ok := arrows[s.room]
		if !ok {
			t.Errorf("%s: the room %q is not in docs/design.md: add it there and here, or find the room where this belongs", s.path, s.room)
			continue
		}
		seen[s.room] = true
		for _, imp := range s.file.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if owner, ok := foreign[name]; ok && s.room != owner && s.room != "" {
				t.Errorf("%s imports %s: only %s may", s.fset.Position(imp.Pos()), name, owner)
			}
			if name != module && !strings.HasPrefix(name, module+"/") {
				continue
			}
			if other := strings.TrimPrefix(strings.TrimPrefix(name, module), "/"); !slices.Contains(allowed, other) {
				t.Errorf("%s: %s may not import %s: nothing flows back (docs/design.md)", s.fset.Position(imp.Pos()), s.room, other)
			}
		}
	}
	for room := range arrows {
		if room != "" && !seen[room] {
			t.Errorf("no Go file in %q: the table is out of date, or this test looks in the wrong place", room)
		}
	}
}

// statement is how an SQL statement begins. Sentences do not shout.
var statement = regexp.MustCompile(`^\s*(SELECT|INSERT (OR \w+ )?INTO|UPDATE|DELETE FROM|REPLACE INTO|CREATE|ALTER|DROP|WITH|PRAGMA|BEGIN|COMMIT)\b`)

func TestSQLStaysInStore(t *testing.T) {
	inStore := 0
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !statement.MatchString(text) {
				return true
			}
			if s.room == "store" {
				inStore++
				return true
			}
			t.Errorf("%s: SQL outside of store: %.40q", s.fset.Position(lit.Pos()), text)
			return true
		})
	}
	if inStore == 0 {
		t.Error("no SQL in store either: this test has gone blind")
	}
}
