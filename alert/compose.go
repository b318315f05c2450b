package alert

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/mail"
	"strings"
	texttemplate "text/template"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/text/language"

	"exportwatch/developments"
	"exportwatch/store"
)

//go:embed templates
var templates embed.FS

var (
	textTemplate = texttemplate.Must(texttemplate.ParseFS(templates, "templates/mail.txt"))
	htmlTemplate = htmltemplate.Must(htmltemplate.ParseFS(templates, "templates/mail.html"))
)

// textColumns is the width of the plain part, as RFC 5322 recommends.
const textColumns = 76

// Compose makes the mail of a delivery. All of it follows from its arguments, down to the date (that of queueing) and
// the MIME boundary: a repeat is the same mail byte for byte, unless the development has grown in between. The
// Message-ID stays in any case.
func Compose(installation string, ch store.Change, sub Subscription, d store.Delivery, c Config) (*gomail.Msg, error) {
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("compose alert of change %d: from %q: %w", ch.ID, c.From, err)
	}
	to, err := mail.ParseAddress(d.Recipient)
	if err != nil {
		return nil, fmt.Errorf("compose alert of change %d: recipient %q: %w", ch.ID, d.Recipient, err)
	}
	content := contentOf(ch, sub, c)
	var text, html bytes.Buffer
	if err := textTemplate.Execute(&text, content); err != nil {
		return nil, fmt.Errorf("compose alert of change %d: %w", ch.ID, err)
	}
	if err := htmlTemplate.Execute(&html, content); err != nil {
		return nil, fmt.Errorf("compose alert of change %d: %w", ch.ID, err)
	}

	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	m.FromMailAddress(from)
	m.ToMailAddress(to)
	m.Subject(content.Subject)
	m.SetDateWithValue(d.QueuedAt.UTC())
	m.SetMessageIDWithValue(strings.Trim(d.MessageID, "<>"))
	id := alertID(installation, ch.ID, sub.Name)
	m.SetGenHeader("X-Alert-Id", id)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office replies
	m.SetGenHeader("List-Id", fmt.Sprintf("<%s.exportwatch.%s>", sub.Name, domain(c.From)))
	m.SetBoundary("exportwatch-" + id) // unknown to whoever wrote the page: it depends on the random installation
	m.SetBodyString(gomail.TypeTextPlain, wrap(strings.TrimRight(text.String(), "\n")+"\n", textColumns))
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return m, nil
}

// content is what both parts of a mail say. All strings are clean.
type content struct {
	Subject     string
	Headline    string // the subject without the program's name
	News        string // what happened to the development
	Facts       []fact
	Quote       string
	Lang        string // of the quote, BCP 47
	Title       string
	Source      string
	Published   string
	Link        string // http or https; may be empty
	Attribution string
	Tally       string
	Why         string
	Development int64
	Article     int64
	Dashboard   string // address of the development; may be empty
}

// fact is one line of what happened.
type fact struct{ Label, Value string }

func contentOf(ch store.Change, sub Subscription, c Config) content {
	d, e := ch.Development, ch.Event
	head := headline(ch)
	out := content{
		Subject:     cleanHeader("[exportwatch] "+head, maxSubject),
		Headline:    clean(head, maxSubject),
		News:        newsOf(ch),
		Facts:       factsOf(d),
		Quote:       clean(e.Evidence.Quote, maxQuote),
		Lang:        languageTag(e.Lang),
		Title:       clean(e.Title, maxTitle),
		Source:      clean(cmp.Or(e.SourceName, e.Source), maxName),
		Published:   readableTime(e.Published),
		Link:        link(e.URL),
		Attribution: attributionOf(e.Attribution),
		Tally:       tallyOf(d),
		Why:         whyOf(ch, sub),
		Development: d.ID,
		Article:     e.ArticleID,
	}
	if c.LinkBase != "" {
		out.Dashboard = link(fmt.Sprintf("%s/developments/%d", strings.TrimRight(c.LinkBase, "/"), d.ID))
	}
	return out
}

// headline says what happened in one line: "Licence granted: NVIDIA · H20 → China (US Commerce)". Where neither a
// party nor goods are known, the title of the article says more than the type.
func headline(ch store.Change) string {
	d := ch.Development
	var about []string
	if len(d.Companies) > 0 {
		about = append(about, few(names(d.Companies, slugName)))
	}
	if len(d.Items) > 0 {
		about = append(about, few(names(withoutMaker(d.Items, d.Companies), slugName)))
	}
	s := typeName(d.Type, d.Status)
	switch ch.Kind {
	case developments.ChangeConfirmed:
		s = "Confirmed: " + s
	case developments.ChangeWithdrawn:
		s = "Withdrawn: " + s
	}
	if len(about) == 0 {
		return s + ": " + clean(ch.Event.Title, maxTitle)
	}
	s += ": " + strings.Join(about, " · ")
	if len(d.Destinations) > 0 {
		s += " → " + few(names(d.Destinations, countryName))
	}
	if d.Authority != "" {
		s += " (" + authorityName(d.Authority) + ")"
	}
	return s
}

// withoutMaker shortens nvidia-h20 to h20 where nvidia is named beside it.
func withoutMaker(items, companies []string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item
		for _, c := range companies {
			if short, ok := strings.CutPrefix(item, c+"-"); ok {
				out[i] = short
			}
		}
	}
	return out
}

// few joins names, at most three of them.
func few(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func newsOf(ch store.Change) string {
	switch ch.Kind {
	case developments.ChangeConfirmed:
		return "What was reported before is now confirmed officially."
	case developments.ChangeWithdrawn:
		return "This was told before and has been withdrawn: the source no longer supports it."
	}
	return "This is new."
}

func factsOf(d store.DevelopmentRow) []fact {
	all := []fact{
		{"What", typeName(d.Type, d.Status)},
		{"Companies", strings.Join(names(d.Companies, slugName), ", ")},
		{"Goods", strings.Join(names(d.Items, slugName), ", ")},
		{"Destination", strings.Join(names(d.Destinations, countryName), ", ")},
		{"Authority", authorityName(d.Authority)},
		{"Date", d.Date},
	}
	var known []fact
	for _, f := range all {
		if f.Value = clean(f.Value, maxTitle); f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}

func attributionOf(a string) string {
	switch a {
	case "official":
		return "Official: the authority or the company itself says so."
	case "reported":
		return "Reported: media say so."
	case "opinion":
		return "Opinion: somebody expects or demands it."
	}
	return ""
}

func tallyOf(d store.DevelopmentRow) string {
	if d.Articles <= 1 {
		return "One article tells it so far."
	}
	if d.Origins <= 1 {
		return fmt.Sprintf("%d articles tell it so far, all from one origin.", d.Articles)
	}
	return fmt.Sprintf("%d articles from %d independent origins tell it so far.", d.Articles, d.Origins)
}

func whyOf(ch store.Change, sub Subscription) string {
	types := sub.Types
	if len(types) == 0 {
		types = []string{defaultType}
	}
	return fmt.Sprintf("You get this mail because the subscription %s asks for %s. The rule %s found it in the %s of the article.",
		sub.Name, strings.Join(types, ", "), clean(ch.Event.Rule, maxName), clean(ch.Event.Evidence.Field, maxName))
}

// languageTag is a valid BCP 47 tag, or empty.
func languageTag(s string) string {
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// readableTime shows a moment to the minute and leaves a day as it is.
func readableTime(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return clean(s, maxName)
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
