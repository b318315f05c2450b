package developments

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"exportwatch/extract"
	"exportwatch/rules"
)

// ledger is what the store does with decisions: it offers what it has and keeps what comes back.
type ledger struct {
	developments []Development
	told         []string // "new 1", "confirmed 1"
}

func (l *ledger) add(t testing.TB, m Mention, country string) (id int64) {
	t.Helper()
	first, last := Candidates(m)
	var candidates []Development
	for _, d := range l.developments {
		if d.Type == m.Event.Type && d.Status == m.Event.Status && d.LastDay >= first && d.FirstDay <= last {
			candidates = append(candidates, d)
		}
	}
	if all := Assign(m, country, l.developments); all.Development.ID != Assign(m, country, candidates).Development.ID {
		t.Fatalf("Candidates(%+v) = %s..%s leaves out development %d", m, first, last, all.Development.ID)
	}
	decision := Assign(m, country, candidates)
	d := decision.Development
	if d.ID == 0 {
		d.ID = int64(len(l.developments) + 1)
		l.developments = append(l.developments, d)
	}
	l.developments[d.ID-1] = d
	for _, kind := range decision.Changes {
		l.told = append(l.told, fmt.Sprint(kind, " ", d.ID))
	}
	return d.ID
}

// mention is one of the H20 licence, published on a day; edit changes it.
func mention(published string, edit ...func(*Mention)) Mention {
	day, err := time.Parse(time.DateOnly, published)
	if err != nil {
		panic(err)
	}
	m := Mention{
		Event: rules.Event{
			Type: "license", Status: "granted", Companies: []string{"nvidia"}, Authority: "us-commerce",
			Items: []string{"nvidia-h20"}, Destinations: []string{"CN"}, Current: true, Attribution: "reported",
		},
		Published: extract.Published{At: day.Add(8 * time.Hour), Day: published},
		SeenAt:    day.Add(9 * time.Hour),
	}
	for _, e := range edit {
		e(&m)
	}
	return m
}

func recap(m *Mention)         { m.Event.Current = false }
func official(m *Mention)      { m.Event.Attribution = "official" }
func officialSite(m *Mention)  { m.Official = true }
func noItem(m *Mention)        { m.Event.Items = nil }
func noCompany(m *Mention)     { m.Event.Companies = nil }
func noDestination(m *Mention) { m.Event.Destinations = nil }
func noAuthority(m *Mention)   { m.Event.Authority = "" }

func date(d string) func(*Mention) {
	return func(m *Mention) { m.Event.Date = d }
}

func items(values ...string) func(*Mention) {
	return func(m *Mention) { m.Event.Items = values }
}

func companies(values ...string) func(*Mention) {
	return func(m *Mention) { m.Event.Companies = values }
}

func authority(slug string) func(*Mention) {
	return func(m *Mention) { m.Event.Authority = slug }
}

func country(authority string) string {
	code, _, _ := strings.Cut(authority, "-")
	return strings.ToUpper(code)
}

func TestAssign(t *testing.T) {
	for _, test := range []struct {
		name     string
		mentions []Mention
		ids      []int64  // of the development of each mention
		told     []string // changes
		days     []string // first..last of each development
	}{
		{
			name:     "the first mention is news",
			mentions: []Mention{mention("2025-08-09")},
			ids:      []int64{1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09"},
		},
		{
			name:     "more of the same wakes nobody",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-10"), mention("2025-08-23")},
			ids:      []int64{1, 1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-23"},
		},
		{
			name:     "the fourteenth day still counts, the fifteenth is another licence",
			mentions: []Mention{mention("2025-08-01"), mention("2025-08-15"), mention("2025-08-30")},
			ids:      []int64{1, 1, 2}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-01..2025-08-15", "2025-08-30..2025-08-30"},
		},
		{
			name:     "the date that the article gives counts before its day of publication",
			mentions: []Mention{mention("2025-08-09"), mention("2025-09-30", date("2025-08-08"))},
			ids:      []int64{1, 1}, told: []string{"new 1"}, days: []string{"2025-08-08..2025-08-09"},
		},
		{
			name:     "a late article extends to the past, without a second alert",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-07")},
			ids:      []int64{1, 1}, told: []string{"new 1"}, days: []string{"2025-08-07..2025-08-09"},
		},
		{
			name: "an article without a date counts by its fetch",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-12", func(m *Mention) {
				m.Published = extract.Published{}
			})},
			ids: []int64{1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-12"},
		},
		{
			name: "two different licences of one week stay two",
			mentions: []Mention{
				mention("2025-08-09"),
				mention("2025-08-10", items("nvidia-h200")),
				mention("2025-08-10", companies("amd"), items("amd-mi308")),
				mention("2025-08-11", authority("nl-government")),
				mention("2025-08-11", func(m *Mention) { m.Event.Destinations = []string{"AE"} }),
				mention("2025-08-11", func(m *Mention) { m.Event.Status = "denied" }),
			},
			ids:  []int64{1, 2, 3, 4, 5, 6},
			told: []string{"new 1", "new 2", "new 3", "new 4", "new 5", "new 6"},
			days: []string{"2025-08-09..2025-08-09", "2025-08-10..2025-08-10", "2025-08-10..2025-08-10", "2025-08-11..2025-08-11", "2025-08-11..2025-08-11", "2025-08-11..2025-08-11"},
		},
		{
			name:     "authorities of one country are one decider; the order of a slot does not matter",
			mentions: []Mention{mention("2025-08-09", items("a", "b")), mention("2025-08-09", items("b", "a", "b"), authority("us-bis"))},
			ids:      []int64{1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09"},
		},
		{
			name:     "one slot left open joins, on either side",
			mentions: []Mention{mention("2025-08-09", noItem), mention("2025-08-09"), mention("2025-08-09", noAuthority), mention("2025-08-09", noDestination)},
			ids:      []int64{1, 1, 1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09"},
		},
		{
			name:     "two slots left open do not",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-09", noItem, noAuthority)},
			ids:      []int64{1, 2}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-09..2025-08-09", "2025-08-09..2025-08-09"},
		},
		{
			name:     "an open slot needs a company or an item that agrees",
			mentions: []Mention{mention("2025-08-09", noItem), mention("2025-08-09", noItem, noCompany)},
			ids:      []int64{1, 2}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-09..2025-08-09", "2025-08-09..2025-08-09"},
		},
		{
			name: "a vague mention beside two licences is no third; they stay two",
			mentions: []Mention{
				mention("2025-08-09"), mention("2025-08-11", items("nvidia-h200")), mention("2025-08-11", noItem), mention("2025-08-11", items("nvidia-h200")),
			},
			ids: []int64{1, 2, 2, 2}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-09..2025-08-09", "2025-08-11..2025-08-11"},
		},
		{
			name:     "the same key comes before one with an open slot, however near",
			mentions: []Mention{mention("2025-08-01"), mention("2025-08-09", noItem, date("2025-08-20")), mention("2025-08-12")},
			ids:      []int64{1, 2, 1}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-01..2025-08-12", "2025-08-20..2025-08-20"},
		},
		{
			name:     "what filled an open slot keeps the next one out",
			mentions: []Mention{mention("2025-08-09", noItem), mention("2025-08-09"), mention("2025-08-09", items("nvidia-h200"))},
			ids:      []int64{1, 1, 2}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-09..2025-08-09", "2025-08-09..2025-08-09"},
		},
		{
			name:     "of two that leave a slot open, a narrower mention is neither",
			mentions: []Mention{mention("2025-08-09", noItem), mention("2025-08-09", noCompany), mention("2025-08-09")},
			ids:      []int64{1, 2, 3}, told: []string{"new 1", "new 2", "new 3"},
			days: []string{"2025-08-09..2025-08-09", "2025-08-09..2025-08-09", "2025-08-09..2025-08-09"},
		},
		{
			name:     "a recap by its date joins the old one and wakes nobody",
			mentions: []Mention{mention("2025-08-09"), mention("2025-12-01"), mention("2026-03-01", recap, date("2025-08-08"))},
			ids:      []int64{1, 2, 1}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-08..2025-08-09", "2025-12-01..2025-12-01"},
		},
		{
			name:     "a recap that knows the month joins and moves no day",
			mentions: []Mention{mention("2025-08-09"), mention("2026-03-01", recap, date("2025-08"))},
			ids:      []int64{1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09"},
		},
		{
			name:     "a recap without a date joins the latest one that had begun, and moves no day",
			mentions: []Mention{mention("2025-08-09"), mention("2025-12-01"), mention("2026-03-01", recap), mention("2025-10-01", recap)},
			ids:      []int64{1, 2, 2, 1}, told: []string{"new 1", "new 2"}, days: []string{"2025-08-09..2025-08-09", "2025-12-01..2025-12-01"},
		},
		{
			name:     "a recap of another date is of something else, known as background only",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-10", recap, date("2025-04"))},
			ids:      []int64{1, 2}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09", "2025-04-01..2025-04-30"},
		},
		{
			name:     "a recap of the unseen is background only, and says when it was at the latest",
			mentions: []Mention{mention("2026-03-01", recap), mention("2026-02-01", recap)},
			ids:      []int64{1, 1}, told: nil, days: []string{"..2026-02-01"},
		},
		{
			name:     "the news behind a recap may come later: then it is told, once, and its day is known",
			mentions: []Mention{mention("2026-03-01", recap), mention("2025-08-09"), mention("2025-08-10")},
			ids:      []int64{1, 1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-10"},
		},
		{
			name:     "bounds narrow each other until a day is known",
			mentions: []Mention{mention("2026-03-01", recap, date("2025")), mention("2026-03-02", recap, date("2025-08")), mention("2026-03-03", recap, date("2025-08-08"))},
			ids:      []int64{1, 1, 1}, told: nil, days: []string{"2025-08-08..2025-08-08"},
		},
		{
			name:     "news after a recap by more than the window is another thing",
			mentions: []Mention{mention("2025-08-01", recap), mention("2025-08-16")},
			ids:      []int64{1, 2}, told: []string{"new 2"}, days: []string{"..2025-08-01", "2025-08-16..2025-08-16"},
		},
		{
			name:     "an official word confirms what was reported, once",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-10", official), mention("2025-08-10", officialSite)},
			ids:      []int64{1, 1, 1}, told: []string{"new 1", "confirmed 1"}, days: []string{"2025-08-09..2025-08-10"},
		},
		{
			name:     "what is official from the start needs no confirmation",
			mentions: []Mention{mention("2025-08-09", officialSite), mention("2025-08-10", official)},
			ids:      []int64{1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-10"},
		},
		{
			name:     "an official recap confirms without a word",
			mentions: []Mention{mention("2025-08-09"), mention("2025-08-10", recap, official), mention("2025-08-11", official)},
			ids:      []int64{1, 1, 1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-11"},
		},
		{
			name:     "news of this month without a day counts by publication",
			mentions: []Mention{mention("2025-08-09", date("2025-08"))},
			ids:      []int64{1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09"},
		},
		{
			name:     "a date that is none is no date",
			mentions: []Mention{mention("2025-08-09", date("2025-13-40"))},
			ids:      []int64{1}, told: []string{"new 1"}, days: []string{"2025-08-09..2025-08-09"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var l ledger
			var ids []int64
			for _, m := range test.mentions {
				ids = append(ids, l.add(t, m, country(m.Event.Authority)))
			}
			var days []string
			for _, d := range l.developments {
				days = append(days, d.FirstDay+".."+d.LastDay)
			}
			if diff := cmp.Diff(test.ids, ids); diff != "" {
				t.Errorf("developments (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.told, l.told); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.days, days); diff != "" {
				t.Errorf("days (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAssignGathersWhatMentionsSay(t *testing.T) {
	var l ledger
	early := mention("2025-08-10", noItem, authority(""), date("2025-08"))
	late := mention("2025-08-08", official, date("2025-08-08"), noItem)
	full := mention("2025-08-09")
	for _, m := range []Mention{early, late, full} {
		l.add(t, m, country(m.Event.Authority))
	}
	want := []Development{{
		ID: 1, Type: "license", Status: "granted", Companies: []string{"nvidia"}, Items: []string{"nvidia-h20"},
		Authority: "us-commerce", Country: "US", Destinations: []string{"CN"}, Date: "2025-08-08",
		FirstDay: "2025-08-08", LastDay: "2025-08-10", FirstSeen: late.SeenAt, LastSeen: early.SeenAt,
		Official: true, Current: true,
	}}
	if diff := cmp.Diff(want, l.developments); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAssignLeavesCandidatesAlone(t *testing.T) {
	candidates := []Development{{
		ID: 7, Type: "license", Status: "granted", Companies: []string{"nvidia"}, Destinations: []string{"CN"},
		Country: "US", FirstDay: "2025-08-09", LastDay: "2025-08-09", Current: true,
	}}
	before := slices.Clone(candidates)
	if got := Assign(mention("2025-08-09"), "US", candidates).Development.ID; got != 7 {
		t.Fatalf("joined %d, want 7", got)
	}
	if diff := cmp.Diff(before, candidates); diff != "" {
		t.Errorf("candidates changed (-before +after):\n%s", diff)
	}
}

// Whatever the order in which the mentions of a fortnight arrive, each thing that happened is told once.
func TestNewsIsToldOnceInAnyOrder(t *testing.T) {
	mentions := []Mention{
		mention("2025-08-02"), mention("2025-08-05"), mention("2025-08-05", official), mention("2025-08-16"),
		mention("2025-08-09", recap), mention("2025-08-12", recap, date("2025-08")), mention("2025-08-12", recap, date("2025-08-02")),
		mention("2025-08-03", noItem), mention("2025-08-11", noItem, recap),
		mention("2025-08-04", items("nvidia-h200")), mention("2025-08-07", items("nvidia-h200")),
		mention("2025-08-06", companies("amd"), items("amd-mi308")), mention("2025-08-08", companies("amd"), items("amd-mi308"), recap),
		mention("2025-12-01"), mention("2025-12-05"), // another licence of the same key
		mention("2025-08-10", companies("asml"), items("duv-lithography"), recap), // known from a recap only
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		random.Shuffle(len(mentions), func(i, j int) { mentions[i], mentions[j] = mentions[j], mentions[i] })
		var l ledger
		for _, m := range mentions {
			l.add(t, m, country(m.Event.Authority))
		}
		news, current := 0, 0
		told := map[string]bool{}
		for _, change := range l.told {
			if told[change] {
				t.Fatalf("%q told twice", change)
			}
			told[change] = true
			if strings.HasPrefix(change, "new") {
				news++
			}
		}
		for _, d := range l.developments {
			if d.Current {
				current++
			}
		}
		if news != 4 || current != 4 {
			t.Fatalf("%d told as new and %d current, want 4 of each; order %s", news, current, order(mentions))
		}
	}
}

func order(mentions []Mention) string {
	var b strings.Builder
	for _, m := range mentions {
		fmt.Fprintf(&b, "\n%s %v %v current=%v %s", m.Published.Day, m.Event.Companies, m.Event.Items, m.Event.Current, m.Event.Date)
	}
	return b.String()
}
