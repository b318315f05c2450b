package crawler

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a time zone must not be called wrong because the machine has no list of them

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/language"
)

//go:embed sources/*.yaml
var shipped embed.FS

// DefaultSources returns the sources that are shipped with the program, sorted by file name.
func DefaultSources() ([]Source, error) {
	return LoadSources(shipped, "sources")
}

// LoadSources reads the *.yaml and *.yml files of dir, one source each, in the order of their names, and fills in
// defaults. A file with mistakes does not silence the others: the good sources are returned together with an error
// that joins all mistakes of all files, each as "file:line: field: what is wrong and what to do".
func LoadSources(fsys fs.FS, dir string) ([]Source, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	var (
		sources []Source
		bad     []error
		owners  = make(map[string]string) // id → file:line
	)
	for _, entry := range entries {
		if ext := path.Ext(entry.Name()); entry.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		name := path.Join(dir, entry.Name())
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			bad = append(bad, fmt.Errorf("read source: %w", err))
			continue
		}
		source, file, err := decodeSource(name, data)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		mistakes := file.check(source)
		if owner, taken := owners[source.ID]; taken && source.ID != "" {
			mistakes = append(mistakes, file.mistake("$.id", "id: %q is taken by %s; give one of them another id", source.ID, owner))
		}
		owners[source.ID] = file.place("$.id")
		if len(mistakes) > 0 {
			bad = append(bad, mistakes...)
			continue
		}
		sources = append(sources, source.withDefaults())
	}
	return sources, errors.Join(bad...)
}

// sourceFile is the YAML of a source, for the places of its fields.
type sourceFile struct {
	name string
	tree *ast.File
}

func decodeSource(name string, data []byte) (Source, sourceFile, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Source{}, sourceFile{}, yamlError(name, err)
	}
	file := sourceFile{name: name, tree: tree}
	decoder := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	var source Source
	err = decoder.Decode(&source)
	switch {
	case err == io.EOF:
		return Source{}, file, fmt.Errorf("%s:1: the file is empty; it should describe a source: id, name, discover", name)
	case err != nil:
		return Source{}, file, yamlError(name, err)
	case len(tree.Docs) > 1:
		return Source{}, file, fmt.Errorf("%s:%d: a second document; give each source a file of its own", name, tree.Docs[1].GetToken().Position.Line)
	}
	return source, file, nil
}

var unknownField = regexp.MustCompile(`^unknown field "(.*)"$`)

// yamlError says what goccy says, in our form and on one line.
func yamlError(name string, err error) error {
	detailed, ok := errors.AsType[yaml.Error](err)
	if !ok {
		return fmt.Errorf("%s: %w", name, err)
	}
	line := 1
	if token := detailed.GetToken(); token != nil {
		line = token.Position.Line
	}
	message := detailed.GetMessage()
	if unknown := unknownField.FindStringSubmatch(message); unknown != nil {
		message = fmt.Sprintf("unknown field %q%s", unknown[1], didYouMean(unknown[1], sourceFields))
	}
	return fmt.Errorf("%s:%d: %s", name, line, message)
}

var sourceFields = []string{
	"id", "name", "homepage", "country", "language", "kind", "timezone", "discover", "interval", "every",
	"max_articles", "disabled", "feed", "listing", "links",
}

// place returns file:line of a field, or of the nearest thing around it that is there.
func (f sourceFile) place(field string) string {
	for field != "$" {
		if at, err := yaml.PathString(field); err == nil {
			if node, err := at.FilterFile(f.tree); err == nil && node != nil {
				return fmt.Sprintf("%s:%d", f.name, node.GetToken().Position.Line)
			}
		}
		field = field[:strings.LastIndexAny(field, ".[")]
	}
	return f.name + ":1"
}

func (f sourceFile) mistake(field, format string, args ...any) error {
	return fmt.Errorf("%s: "+format, append([]any{f.place(field)}, args...)...)
}

var (
	slug    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	country = regexp.MustCompile(`^[A-Z]{2}$`)
)

// check returns all mistakes of a source.
func (f sourceFile) check(s Source) []error {
	var mistakes []error
	wrong := func(field, format string, args ...any) {
		mistakes = append(mistakes, f.mistake("$."+field, field+": "+format, args...))
	}
	switch {
	case s.ID == "":
		wrong("id", "missing; give the source a short name of its own, as in id: heise")
	case !slug.MatchString(s.ID):
		wrong("id", "%q: want lower-case letters and digits, joined by hyphens", s.ID)
	}
	if s.Name == "" {
		wrong("name", "missing; write it as readers know it")
	}
	if s.Homepage != "" {
		if problem := addressProblem(s.Homepage); problem != "" {
			wrong("homepage", "%s", problem)
		}
	}
	if s.Country != "" && !country.MatchString(s.Country) {
		wrong("country", "%q: want two capital letters of ISO 3166, as in DE", s.Country)
	}
	if _, err := language.Parse(s.Language); s.Language != "" && err != nil {
		wrong("language", "%q: want a BCP 47 tag, as in en or zh-Hant", s.Language)
	}
	if s.Kind != "" && !slices.Contains(kinds, s.Kind) {
		wrong("kind", "%q is no kind of source%s", s.Kind, didYouMean(s.Kind, kinds))
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		wrong("timezone", "%q: want a name of the IANA list, as in Europe/Berlin", s.Timezone)
	}
	if s.Interval < 0 {
		wrong("interval", "negative; leave it out for %s", time.Duration(defaultInterval))
	}
	if s.Every < 0 {
		wrong("every", "negative; leave it out for %s", time.Duration(defaultEvery))
	}
	if s.MaxArticles < 0 {
		wrong("max_articles", "negative; leave it out for %d", defaultMaxArticles)
	}
	if len(s.Discover) == 0 {
		wrong("discover", "missing; name at least one feed, or a listing with the selector of its links")
	}
	for i, d := range s.Discover {
		at := fmt.Sprintf("discover[%d]", i)
		switch {
		case d.Feed != "" && d.Listing != "":
			wrong(at, "a feed and a listing in one entry; give each its own")
		case d.Feed == "" && d.Listing == "":
			wrong(at, "neither feed nor listing; name the address of one")
		case d.Feed != "" && d.Links != "":
			wrong(at+".links", "a feed names its links itself; leave links out, or write listing instead of feed")
		case d.Listing != "" && d.Links == "":
			wrong(at, "a listing without links; add the CSS selector of its article links, as in links: h2 a")
		}
		if problem := addressProblem(d.Feed); d.Feed != "" && problem != "" {
			wrong(at+".feed", "%s", problem)
		}
		if problem := addressProblem(d.Listing); d.Listing != "" && problem != "" {
			wrong(at+".listing", "%s", problem)
		}
		if d.Links != "" {
			if _, err := cascadia.Compile(d.Links); err != nil {
				wrong(at+".links", "%q is no CSS selector: %v", d.Links, err)
			}
		}
	}
	return mistakes
}

// addressProblem says what is wrong with an address, or nothing.
func addressProblem(address string) string {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		if _, err := Key(address); err != nil {
			return err.Error()
		}
		return ""
	}
	problem := fmt.Sprintf("not a URL of http or https: %q", address)
	host, _, _ := strings.Cut(address, "/")
	if guess := "https://" + address; strings.Contains(host, ".") && !strings.Contains(host, ":") {
		if _, err := Key(guess); err == nil {
			problem += fmt.Sprintf(" (did you mean %s ?)", guess)
		}
	}
	return problem
}

// UnmarshalYAML reads a duration as time.ParseDuration does.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	text := node.GetToken().Value
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return &yaml.SyntaxError{
			Message: fmt.Sprintf("not a duration: %q; write it as in 2s or 1h30m", text),
			Token:   node.GetToken(),
		}
	}
	*d = Duration(parsed)
	return nil
}
