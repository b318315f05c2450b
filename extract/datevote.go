package extract

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// dateClaim is one thing that says when a page was published.
type dateClaim struct {
	weight int // how far the kind of claim is to be believed
	when   Published
}

// The weights say: markup that newsrooms' systems write for machines (JSON-LD, article:*) before markup of templates
// (microdata, meta, time) before words on the page and numbers in the address, which may be those of something else.
// A claim is outvoted by two weaker ones that agree, not by one.
const (
	weightLinked  = 5
	weightFeed    = 4
	weightGraph   = 4 // article:published_time
	weightItem    = 3
	weightMeta    = 3
	weightTime    = 2
	weightVisible = 1
	weightAddress = 2
)

// Other names of the date of publication; those of modification are never asked. The Dublin Core terms are those of
// DCMI; the rest are in use by parse.ly, Sailthru, Google Scholar and older systems.
var dateMetas = []string{
	"og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "date", "pubdate", "publishdate",
	"publish-date", "publish_date", "publication_date", "publication-date", "article.published", "cxenseparse:recs:publishtime",
	"dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created", "citation_publication_date",
	"citation_online_date", "article_date_original", "originalpublicationdate", "last-published", "dcsext.articlefirstpublished",
}

// voteDate weighs all claims. Claims of one day agree; the day with the most weight wins, the first where equal; of
// its claims the first that has a time gives it.
func voteDate(o outline, pageURL string, h Hints, loc *time.Location, fetched time.Time) Published {
	var claims []dateClaim
	claim := func(weight int, texts ...string) {
		for _, s := range texts {
			if when, ok := parseDate(s, loc, regionOf(o, h)); ok && plausible(when, fetched) {
				claims = append(claims, dateClaim{weight, when})
				return // the first of a kind: what follows are other articles and updates
			}
		}
	}
	claim(weightLinked, o.linked.published)
	claim(weightGraph, o.meta["article:published_time"]...)
	if when := dayIfMidnight(h.Published, loc); when.Known() && plausible(when, fetched) {
		claims = append(claims, dateClaim{weightFeed, when})
	} else {
		claim(weightFeed, h.Date)
	}
	claim(weightItem, o.itemDates...)
	for _, name := range dateMetas {
		if len(o.meta[name]) > 0 {
			claim(weightMeta, o.meta[name]...)
			break
		}
	}
	claim(weightTime, o.times...)
	claim(weightVisible, o.dateTexts...)
	claim(weightVisible, o.bylines...)
	claim(weightVisible, o.afterTitle...)
	claim(weightAddress, dayInAddress(pageURL))

	sums := map[string]int{}
	best := ""
	for _, c := range claims {
		sums[c.when.Day] += c.weight
	}
	for _, c := range claims {
		if sums[c.when.Day] > sums[best] {
			best = c.when.Day
		}
	}
	i := slices.IndexFunc(claims, func(c dateClaim) bool { return c.when.Day == best && !c.when.At.IsZero() })
	if i >= 0 {
		return claims[i].when
	}
	return Published{Day: best}
}

// plausible refuses what templates and clocks get wrong: the epoch, the birth of the web, scheduled futures.
func plausible(p Published, fetched time.Time) bool {
	if p.Day < "1995" {
		return false
	}
	return fetched.IsZero() || p.Day <= fetched.AddDate(0, 0, 2).UTC().Format(time.DateOnly)
}

// dayIfMidnight is a moment, but only the day where the time is midnight to the second: systems that know only the
// day write it so.
func dayIfMidnight(t time.Time, loc *time.Location) Published {
	if t.IsZero() {
		return Published{}
	}
	for _, local := range []time.Time{t, t.In(loc)} {
		if local.Hour() == 0 && local.Minute() == 0 && local.Second() == 0 {
			return Published{Day: local.Format(time.DateOnly)}
		}
	}
	return moment(t, loc)
}

var (
	mailLayouts = []string{
		"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST",
		"Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 2006 15:04:05 MST-0700",
	}
	isoInText = regexp.MustCompile(`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?`)
	// 8 août 2025, 8. August 2025, 1er août 2025, 8 de agosto de 2025: an ordinal's letters and a short word may stand between
	dayMonthYear = regexp.MustCompile(`(?:^|[^\d\pL])(\d{1,2})(?:\pL{1,2}|\.|º)?[\s\-]+(?:\pL{2}\s+)?(\pL{3,12})\.?,?[\s\-]+(?:\pL{2}\s+)?(\d{4})(?:\D|$)`)
	// August 8, 2025; Aug. 8th 2025
	monthDayYear = regexp.MustCompile(`(\pL{3,12})\.?\s+(\d{1,2})(?:\pL{2})?,?\s+(\d{4})(?:\D|$)`)
	// 2025年8月8日, 2025년 8월 8일
	eastAsian = regexp.MustCompile(`(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]`)
	// 08.08.2025, 08/08/2025; 2025/08/08, 2025.08.08
	numeric     = regexp.MustCompile(`(?:^|\D)(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:\D|$)`)
	yearFirst   = regexp.MustCompile(`(?:^|\D)(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:\D|$)`)
	addressDate = regexp.MustCompile(`/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?:\D|$)`)
)

// parseDate reads a date as pages and feeds write it. Words and numbers without a zone give only the day. region
// decides whether the month of 08/09/2025 comes first.
func parseDate(s string, loc *time.Location, region language.Region) (Published, bool) {
	s = clean(s)
	if s == "" || len(s) > maxByline {
		return Published{}, false
	}
	if p, ok := parseISO(s, loc); ok {
		return sincere(p, s, loc), true
	}
	mail, _, _ := strings.Cut(s, " (")
	for _, layout := range mailLayouts {
		// Names of zones other than UTC are no known offset to time.Parse: it would take them for UTC.
		if t, err := time.Parse(layout, mail); err == nil && (strings.HasSuffix(layout, "-0700") || isUTC(t)) {
			return dayIfMidnight(t, loc), true
		}
	}
	if m := isoInText.FindString(s); m != "" {
		if p, ok := parseISO(m, loc); ok {
			return sincere(p, m, loc), true
		}
	}
	return dayInWords(s, region)
}

func isUTC(t time.Time) bool {
	name, offset := t.Zone()
	return offset == 0 && (name == "UTC" || name == "GMT")
}

// sincere keeps only the day of a moment whose time is written as midnight.
func sincere(p Published, s string, loc *time.Location) Published {
	if p.At.IsZero() {
		return p
	}
	if len(s) > len("2006-01-02T15:04") && strings.HasPrefix(s[len(time.DateOnly)+1:], "00:00") {
		clock := s[len(time.DateOnly)+1:]
		if !strings.HasPrefix(clock, "00:00:") || strings.HasPrefix(clock, "00:00:00") {
			return Published{Day: s[:len(time.DateOnly)]}
		}
	}
	return dayIfMidnight(p.At, loc)
}

// dayInWords finds the first date in a few words.
func dayInWords(s string, region language.Region) (Published, bool) {
	if m := eastAsian.FindStringSubmatch(s); m != nil {
		return calendarDay(m[1], m[2], m[3])
	}
	for _, m := range dayMonthYear.FindAllStringSubmatch(s, 4) {
		if month := words().months[strings.ToLower(m[2])]; month != 0 {
			return dayOf(number(m[3]), month, number(m[1]))
		}
	}
	for _, m := range monthDayYear.FindAllStringSubmatch(s, 4) {
		if month := words().months[strings.ToLower(m[1])]; month != 0 {
			return dayOf(number(m[3]), month, number(m[2]))
		}
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return calendarDay(m[1], m[2], m[3])
	}
	if m := numeric.FindStringSubmatch(s); m != nil {
		day, month := m[1], m[3]
		if m[2] == "/" && (number(month) > 12 || monthFirst(region) && number(day) <= 12) {
			day, month = month, day
		}
		return calendarDay(m[4], month, day)
	}
	return Published{}, false
}

// monthFirst: CLDR's short date of these regions begins with the month.
func monthFirst(r language.Region) bool {
	return slices.Contains([]string{"US", "PH", "FM", "MH", "PW", "PR", "GU"}, r.String())
}

// regionOf is the region that the page's language tag names or implies.
func regionOf(o outline, h Hints) language.Region {
	for _, tag := range []string{o.lang, h.Language} {
		if t, err := language.Parse(tag); err == nil {
			region, _ := t.Region()
			return region
		}
	}
	return language.Region{}
}

func dayInAddress(pageURL string) string {
	m := addressDate.FindStringSubmatch(pageURL)
	if m == nil {
		return ""
	}
	return m[1] + "-" + m[2] + "-" + m[3]
}

func calendarDay(year, month, day string) (Published, bool) {
	return dayOf(number(year), time.Month(number(month)), number(day))
}

// dayOf refuses the 31st of February, which time.Date would turn into March.
func dayOf(year int, month time.Month, day int) (Published, bool) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Month() != month || t.Day() != day {
		return Published{}, false
	}
	return Published{Day: t.Format(time.DateOnly)}, true
}

// number reads digits that an expression has matched.
func number(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}
