package extract

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// headingWeight lets the only h1 of a page win against two other kinds of claim that agree, not against three.
const headingWeight = 6

const maxTitle = 400 // characters; longer ones are text in the wrong place

// titleClaim is one thing that says how the article is called.
type titleClaim struct {
	weight int
	text   string
}

// voteTitle picks the title that most of the page agrees on: the heading that the reader sees counts most, then what
// systems write for machines; the head's title comes with the name of the site, which is cut.
func voteTitle(o outline, pageURL string, h Hints) string {
	sites := siteNames(o, pageURL, h)
	var claims []titleClaim
	claim := func(weight int, texts ...string) {
		for _, s := range texts {
			if s = clean(s); s != "" && utf8.RuneCountInString(s) <= maxTitle {
				claims = append(claims, titleClaim{weight, stripSite(s, sites)})
				return
			}
		}
	}
	claim(3, o.meta["og:title"]...)
	claim(3, o.linked.headline)
	if len(o.headings) == 1 {
		claim(headingWeight, o.headings[0])
	} else {
		for _, heading := range o.headings {
			claim(1, heading)
		}
	}
	claim(2, o.itemHeadline)
	claim(1, o.meta["twitter:title"]...)
	claim(1, o.meta["dc.title"]...)
	claim(1, o.meta["dcterms.title"]...)
	claim(2, h.Title)
	claim(2, o.title)
	for i := range claims {
		claims[i].text = confirmed(claims[i].text, claims)
	}

	best, bestSum := "", 0
	for _, c := range claims {
		sum := 0
		for _, other := range claims {
			if agree(c.text, other.text) {
				sum += other.weight
			}
		}
		if sum > bestSum && !isSite(c.text, sites) {
			best, bestSum = c.text, sum
		}
	}
	if best == "" && len(claims) > 0 {
		return claims[0].text // the page is about the site itself
	}
	return best
}

func agree(a, b string) bool { return key(a) == key(b) }

// siteNames are the names by which the publication may stand beside a title, as keys.
func siteNames(o outline, pageURL string, h Hints) []string {
	names := []string{h.SiteName, o.linked.publisher}
	for _, k := range []string{"og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher"} {
		names = append(names, o.meta[k]...)
	}
	if u, err := url.Parse(pageURL); err == nil {
		host := strings.TrimPrefix(u.Hostname(), "www.")
		names = append(names, host)
		if label := registrableLabel(host); len(label) > 3 {
			names = append(names, label)
		}
	}
	var keys []string
	for _, name := range names {
		if k := key(name); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

func isSite(s string, sites []string) bool { return slices.Contains(sites, key(s)) }

var titleSeparators = []string{" | ", " - ", " – ", " — ", " · ", " • ", " » ", " :: ", " / ", "｜", "|", "--", "_", "丨"}

// stripSite cuts the name of the site off either end of a title. Where a section stands between ("Title | Politics |
// Site"), it goes as well.
func stripSite(title string, sites []string) string {
	for _, sep := range titleSeparators {
		if i := strings.LastIndex(title, sep); i > 0 && isSite(title[i+len(sep):], sites) {
			rest := strings.TrimSpace(title[:i])
			if j := strings.LastIndex(rest, sep); j > 0 && readingLength(rest[j+len(sep):]) <= 20 && readingLength(rest[:j]) >= 20 {
				rest = strings.TrimSpace(rest[:j])
			}
			return rest
		}
		if i := strings.Index(title, sep); i > 0 && isSite(title[:i], sites) {
			return strings.TrimSpace(title[i+len(sep):])
		}
	}
	return title
}

// confirmed cuts from a title what another claim does not have, beyond a separator: a kicker, a section, an author.
func confirmed(title string, claims []titleClaim) string {
	for _, sep := range titleSeparators {
		if !strings.Contains(title, sep) {
			continue
		}
		for _, c := range claims {
			if strings.HasPrefix(title, c.text+sep) || strings.HasSuffix(title, sep+c.text) {
				return c.text
			}
		}
	}
	return title
}
