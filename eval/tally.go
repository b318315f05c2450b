package eval

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"exportwatch/rules"
)

// Names are the figures, in the order in which they are shown:
//
//	pair      precision, recall and F1 of the set of (type, status) of an article, micro-averaged
//	macro     mean over types of the F1 of (type, status)
//	event     F1 of events one by one: companies must overlap where gold has some, and current must agree
//	companies, items, destinations   micro F1 of the slot over events whose (type, status) matched
//	authority accuracy over matched events whose gold names one
//	current   accuracy over matched events
//	evidence  share of matched events whose quote overlaps the gold sentence
//	alert     precision, recall and F1 of "this article has current licence news"
//	clean     share of negative articles with no event at all
var Names = []string{
	"pair_p", "pair_r", "pair", "macro", "event", "companies", "items", "destinations", "authority", "current", "evidence",
	"alert_p", "alert_r", "alert", "clean",
}

// Figures are from 0 to 1, by name.
type Figures map[string]float64

// count is what was found rightly, found wrongly, and missed.
type count struct{ right, wrong, missed int }

// precision, recall and F1. Of nothing asked or nothing found all is right.
func (c count) scores() (p, r, f float64) {
	p, r = share(c.right, c.right+c.wrong, 1), share(c.right, c.right+c.missed, 1)
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	return p, r, f
}

func (c count) f1() float64 {
	_, _, f := c.scores()
	return f
}

func share(part, whole int, ofNothing float64) float64 {
	if whole == 0 {
		return ofNothing
	}
	return float64(part) / float64(whole)
}

// pair is the type and status of an event.
type pair struct{ kind, status string }

func (p pair) String() string { return p.kind + "/" + p.status }

// tally counts over documents.
type tally struct {
	docs                     int
	pairs, events, alerts    count
	slots                    [3]count // of slotsOf
	types                    map[string]count
	matched, current, quoted int // events
	named, deciders          int // matched events whose gold names an authority, and those that have one of them
	negatives, clean         int // documents
}

// An Error is a pair of an article that was missed or found wrongly.
type Error struct {
	Document string `json:"document"`
	Event    string `json:"event"` // type/status
	Missed   bool   `json:"missed"`
	Quote    string `json:"quote"` // the sentence: of gold where it was missed
}

// add counts one document and returns its errors.
func (t *tally) add(d Document, found []rules.Event) []Error {
	t.docs++
	gold := map[pair]string{} // to the first quote
	for _, g := range slices.Backward(d.Events) {
		gold[pair{g.Type, g.Status}] = g.quote()
	}
	got := map[pair]string{}
	for _, e := range slices.Backward(found) {
		got[pair{e.Type, e.Status}] = e.Evidence.Quote
	}
	errs := t.addPairs(d.ID, gold, got)
	if len(d.Events) == 0 {
		t.negatives++
		if len(found) == 0 {
			t.clean++
		}
	}
	right := 0
	for _, m := range match(d.Events, found) {
		if t.addMatch(d.Events[m.gold], found[m.found]) {
			right++
		}
	}
	t.events.right += right
	t.events.wrong += len(found) - right
	t.events.missed += len(d.Events) - right

	wanted := slices.ContainsFunc(d.Events, func(g Gold) bool { return g.Type == alertType && g.current() })
	alerted := slices.ContainsFunc(found, func(e rules.Event) bool { return e.Type == alertType && e.Current })
	t.alerts = t.alerts.plus(wanted, alerted)
	return errs
}

// alertType is what people are alerted about.
const alertType = "license"

func (c count) plus(wanted, found bool) count {
	switch {
	case wanted && found:
		c.right++
	case found:
		c.wrong++
	case wanted:
		c.missed++
	}
	return c
}

func (t *tally) addPairs(id string, gold, got map[pair]string) []Error {
	if t.types == nil {
		t.types = map[string]count{}
	}
	var errs []Error
	both := maps.Clone(gold)
	maps.Copy(both, got)
	for _, p := range slices.SortedFunc(maps.Keys(both), func(a, b pair) int { return strings.Compare(a.String(), b.String()) }) {
		quote, wanted := gold[p]
		wrongly, found := got[p]
		t.pairs = t.pairs.plus(wanted, found)
		t.types[p.kind] = t.types[p.kind].plus(wanted, found)
		switch {
		case !wanted:
			errs = append(errs, Error{Document: id, Event: p.String(), Quote: wrongly})
		case !found:
			errs = append(errs, Error{Document: id, Event: p.String(), Missed: true, Quote: quote})
		}
	}
	return errs
}

// addMatch counts the slots of an event whose type and status are right. It reports whether the event is right as a
// whole.
func (t *tally) addMatch(g Gold, e rules.Event) bool {
	t.matched++
	wanted, found := slotsOfGold(g), slotsOf(e)
	for i := range t.slots {
		common, all := overlap(wanted[i], found[i])
		t.slots[i].right += common
		t.slots[i].wrong += len(unique(found[i])) - common
		t.slots[i].missed += all - len(unique(found[i]))
	}
	if len(g.Authority) > 0 {
		t.named++
		if e.Authority != "" && slices.ContainsFunc(g.Authority, func(s string) bool { return acceptable(s, e.Authority) }) {
			t.deciders++
		}
	}
	same := g.current() == e.Current
	if same {
		t.current++
	}
	if quotesOverlap(g.quote(), e.Evidence.Quote) {
		t.quoted++
	}
	common, _ := overlap(g.Companies, e.Companies)
	return same && (len(g.Companies) == 0 || common > 0)
}

// departments of bureaus: either counts for the other.
var departments = map[string]string{"us-bis": "us-commerce", "us-treasury-ofac": "us-treasury"}

func acceptable(gold, found string) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	return gold == found || same(departments[gold], found) || same(departments[found], gold) || same(departments[gold], departments[found])
}

func slotsOfGold(g Gold) [3][]string    { return [3][]string{g.Companies, g.Items, g.Destinations} }
func slotsOf(e rules.Event) [3][]string { return [3][]string{e.Companies, e.Items, e.Destinations} }
func unique(values []string) (out []string) {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// overlap counts the values that both have, and all.
func overlap(a, b []string) (common, all int) {
	a, b = unique(a), unique(b)
	for _, v := range a {
		if slices.Contains(b, v) {
			common++
		}
	}
	return common, len(a) + len(b) - common
}

// couple is an event of gold and the found one that is held against it.
type couple struct {
	likeness    float64
	gold, found int
}

// match pairs events of the same type and status one to one, those that are most alike first.
func match(gold []Gold, found []rules.Event) []couple {
	var all []couple
	for i, g := range gold {
		for j, e := range found {
			if g.Type == e.Type && g.Status == e.Status {
				all = append(all, couple{likeness(g, e), i, j})
			}
		}
	}
	slices.SortFunc(all, func(a, b couple) int {
		return -cmp.Or(cmp.Compare(a.likeness, b.likeness), a.gold-b.gold, a.found-b.found)
	})
	var out []couple
	for _, c := range all {
		taken := slices.ContainsFunc(out, func(o couple) bool { return o.gold == c.gold || o.found == c.found })
		if !taken {
			out = append(out, c)
		}
	}
	return out
}

func likeness(g Gold, e rules.Event) float64 {
	sum := 0.0
	found := slotsOf(e)
	for i, wanted := range slotsOfGold(g) {
		common, all := overlap(wanted, found[i])
		sum += share(common, all, 0.5)
	}
	if g.current() == e.Current {
		sum += 0.5
	}
	return sum
}

// quoteRun is how many characters two quotes must share to be of one sentence.
const quoteRun = 20

// quotesOverlap says whether the quotes share a run of characters, or one holds the other.
func quotesOverlap(a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	if a == "" || b == "" {
		return false
	}
	if strings.Contains(b, a) || strings.Contains(a, b) {
		return true
	}
	x, y := []rune(a), []rune(b)
	n := min(quoteRun, len(x), len(y))
	for i := range len(x) - n + 1 {
		if strings.Contains(b, string(x[i:i+n])) {
			return true
		}
	}
	return false
}

// macro is the mean over the types that gold or the rules name.
func (t *tally) macro() float64 {
	sum := 0.0
	for _, kind := range slices.Sorted(maps.Keys(t.types)) {
		sum += t.types[kind].f1()
	}
	return sum / float64(max(1, len(t.types)))
}

func (t *tally) figures() Figures {
	f := Figures{
		"macro": t.macro(), "event": t.events.f1(),
		"companies": t.slots[0].f1(), "items": t.slots[1].f1(), "destinations": t.slots[2].f1(),
		"authority": share(t.deciders, t.named, 1), "current": share(t.current, t.matched, 0),
		"evidence": share(t.quoted, t.matched, 0), "clean": share(t.clean, t.negatives, 1),
	}
	f["pair_p"], f["pair_r"], f["pair"] = t.pairs.scores()
	f["alert_p"], f["alert_r"], f["alert"] = t.alerts.scores()
	return f
}
