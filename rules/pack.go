package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/spanish"
)

// A packFile is one YAML file of packs/<language>/. The files of a language share one name space.
type packFile struct {
	Stemmer       text              `yaml:"stemmer"`       // name of a Snowball algorithm
	Abbreviations []string          `yaml:"abbreviations"` // words whose full stop ends no sentence
	Clitics       []string          `yaml:"clitics"`       // endings behind an apostrophe that say nothing
	Skip          []text            `yaml:"skip"`          // words that may stand unnamed between those of a term or pattern
	Clauses       clausesDef        `yaml:"clauses"`
	Topic         []text            `yaml:"topic"`        // {lexicons} and <entities>, one of which must occur in an article for it to have events
	Destinations  []text            `yaml:"destinations"` // patterns that bind the country that goods go to: "to China", "Chinese customers"
	Masks         []maskDef         `yaml:"masks"`
	Lexicons      map[string][]text `yaml:"lexicons"`
	Antecedents   []antecedentDef   `yaml:"antecedents"`
	Joins         []text            `yaml:"joins"`      // words between things named together: "and", "as well as"
	Bystanders    []text            `yaml:"bystanders"` // patterns whose bound entities fill no slot: "rivals such as AMD"
	Governments   governmentsDef    `yaml:"governments"`
	Names         namesDef          `yaml:"names"` // how companies are told that no gazetteer has
	Time          timeDef           `yaml:"time"`
	Cues          []cueDef          `yaml:"cues"`
	Rules         []ruleDef         `yaml:"rules"`
}

// clausesDef says where a clause ends.
type clausesDef struct {
	Break    []text `yaml:"break"`    // a new clause begins behind: "but", ";"
	Relative []text `yaml:"relative"` // a clause inside another begins; it ends with a comma or the sentence
}

// maskDef names terms of another sense of a word: a driver's licence. They hide what they hold, and, since a word
// keeps one sense throughout an article, the words of the lexicons that they hide anywhere in it, unless a term of
// their own sense occurs there too.
type maskDef struct {
	Terms []text `yaml:"terms"`
	Hides []text `yaml:"hides"` // {lexicons}
	Own   []text `yaml:"own"`   // {lexicons} and <entities>
}

// antecedentDef names words that stand for an entity named before.
type antecedentDef struct {
	Kind  text   `yaml:"kind"` // company, authority, item, country
	Of    []text `yaml:"of"`   // classes of authorities or trades of companies, of which it must be one; none: any
	Terms []text `yaml:"terms"`
}

// governmentsDef composes a country's authorities from a demonym or country name and a noun.
type governmentsDef struct {
	Patterns []text `yaml:"patterns"`
}

// cueDef is a ConText cue: words that change what is said around them.
type cueDef struct {
	Category text   `yaml:"category"`
	Terms    []text `yaml:"terms"`
	Scope    text   `yaml:"scope"`  // after, before, around, sentence
	Reach    int    `yaml:"reach"`  // words; 0: to the end of the clause
	Until    []text `yaml:"until"`  // terms that end the scope
	Unless   []text `yaml:"unless"` // terms that make it void where they stand before it in the sentence
	Hides    []text `yaml:"hides"`  // categories of cues that count for nothing inside this one
}

type ruleDef struct {
	ID       text            `yaml:"id"`
	Event    text            `yaml:"event"` // type/status
	Patterns []text          `yaml:"patterns"`
	Scope    text            `yaml:"scope"`    // clause (default) or sentence
	Near     []text          `yaml:"near"`     // {lexicons} and <entities>, one of which must occur in the paragraph, the sentence before or behind, or the title
	With     []text          `yaml:"with"`     // {lexicons} and <entities>, one of which must occur in the sentence
	About    []text          `yaml:"about"`    // {lexicons} and <entities>, one of which must occur in the article
	Nowhere  []text          `yaml:"nowhere"`  // {lexicons} and <entities>, none of which may occur in the article
	Bound    []text          `yaml:"bound"`    // slots that the roles of the pattern fill, and nothing else
	Default  map[string]text `yaml:"default"`  // authority: whose act it is where the sentence names nobody of that country
	Unless   []text          `yaml:"unless"`   // {lexicons} and <entities>, none of which may occur in the clause
	Priority int             `yaml:"priority"` // among rules that fit the same words the highest wins
	Cues     map[string]text `yaml:"cues"`     // category → what it does here
	Only     string          `yaml:"only"`     // why other languages have no rule of this frame, where they need none
	Yes      []caseDef       `yaml:"yes"`
	No       []caseDef       `yaml:"no"`
}

// A language is the compiled pack of one language together with the gazetteers' names in it.
type language struct {
	code          string
	ontology      Ontology
	vocabulary    *vocabulary
	lexicon       *lexicon
	abbreviations map[string]bool
	clitics       map[string]bool
	skip          map[int32]bool
	demonyms      []int32          // any of the adjectives of countries, as <demonym> of a term stands for
	labels        map[string]label // of lexicons
	means         []meaning        // by label
	groups        [][]label        // by label: those that it belongs to, see [language.group]
	masks         []label
	topic         []label
	governments   []*pattern
	bystanders    []*pattern
	namer         namer
	join          label
	breaks        [2]label // of break, of relative
	destinations  []*pattern
	times         *timeTable
	rules         []*rule   // the strongest first
	patterns      []ruled   // of all rules, the strongest first
	watched       [][]watch // by label: the patterns that its words call for
	rooms         sync.Pool // of *room
	ready         bool      // compiled: words may be classified
}

var stemmers = map[string]func(*snowballstem.Env) bool{
	"dutch": dutch.Stem, "english": english.Stem, "french": french.Stem,
	"german": german.Stem, "italian": italian.Stem, "spanish": spanish.Stem,
}

func stemmer(name string) (func(string) string, error) {
	if name == "" {
		return nil, nil
	}
	algorithm, ok := stemmers[name]
	if !ok {
		return nil, fmt.Errorf("no stemmer %q: it is one of %s", name, strings.Join(slices.Sorted(maps.Keys(stemmers)), ", "))
	}
	return func(word string) string {
		env := snowballstem.NewEnv(word)
		algorithm(env)
		return env.Current()
	}, nil
}

// A located file of a pack.
type packPart struct {
	name string
	packFile
}

// readParts reads the files of a pack.
func readParts(fsys fs.FS, code string) ([]packPart, error) {
	files, err := fs.Glob(fsys, "packs/"+code+"/*.yaml")
	if err != nil {
		return nil, err
	}
	packs, err := decodeFiles[packFile](fsys, files)
	if err != nil {
		return nil, err
	}
	parts := make([]packPart, len(files))
	for i, p := range packs {
		parts[i] = packPart{files[i], p}
	}
	return parts, nil
}

// compile builds the language from its files and the gazetteers. It reports every error, not the first.
func (rs *Ruleset) compile(fsys fs.FS, code string) (*language, error) {
	parts, err := readParts(fsys, code)
	if err != nil {
		return nil, err
	}
	l := &language{
		code: code, ontology: TheOntology(),
		abbreviations: map[string]bool{}, clitics: map[string]bool{}, skip: map[int32]bool{},
		labels:  map[string]label{},
		lexicon: newLexicon(),
	}
	for _, kind := range entityKinds {
		l.newLabel(kind)
	}
	c := &compiler{language: l, ruleset: rs}
	c.basics(parts)
	for _, step := range []func(packPart){c.terms, c.grammar, c.rules} {
		for _, p := range parts {
			step(p)
		}
	}
	for _, n := range rs.named {
		c.entity(n)
	}
	c.times(parts)
	l.lexicon.known = nil
	l.vocabulary.open()
	l.ready = true
	slices.SortStableFunc(l.rules, func(a, b *rule) int { return b.priority - a.priority })
	l.closePatterns()
	l.watch()
	return l, errors.Join(c.errs...)
}

// A meaning is what a label stands for.
type meaning struct {
	name     string
	cue      *cue     // nil: it is none
	mask     *mask    // nil: it is none
	pointsTo label    // of an antecedent: the kind of entity that it stands for
	of       []string // of an antecedent: the classes or trades of which that is one
	pointing bool     // it is an antecedent
	weight   float64  // how often its terms likely occur, against each other
}

// newLabel numbers a lexicon, cue or other group of terms.
func (l *language) newLabel(name string) label {
	l.means = append(l.means, meaning{name: name})
	return label(len(l.means) - 1)
}

func (l *language) lexiconLabel(name string) (label, bool) {
	id, ok := l.labels[name]
	return id, ok
}

func (l *language) suggest(name string) string { return suggest(name, l.labels) }
