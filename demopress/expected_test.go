package demopress_test

import (
	"bytes"
	"html"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/encoding/charmap"

	"exportwatch/demopress"
	"exportwatch/testdata"
)

func loadExpected(t *testing.T) demopress.Expected {
	t.Helper()
	x, err := demopress.LoadExpected(testdata.Press)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Every article that is expected is there and says what it is expected to say.
func TestExpectedArticlesAreServed(t *testing.T) {
	c := visitor(t, servePress(t))
	for _, a := range loadExpected(t).Articles {
		t.Run(a.URL, func(t *testing.T) {
			res, body := get(t, c, a.URL)
			if res.StatusCode != 200 {
				t.Fatalf("status %d", res.StatusCode)
			}
			if a.Source == "journal-du-numerique" {
				var err error
				if body, err = charmap.Windows1252.NewDecoder().Bytes(body); err != nil {
					t.Fatal(err)
				}
			}
			text := visible(body)
			if !strings.Contains(text, fold(a.Title)) {
				t.Errorf("title %q is not on the page", a.Title)
			}
			for _, e := range slices.Concat(a.Events, a.Later) {
				if e.Quote == "" || !strings.Contains(text, fold(e.Quote)) {
					t.Errorf("%s/%s: quote %q is not on the page", e.Type, e.Status, e.Quote)
				}
			}
			if _, err := time.Parse(time.RFC3339, a.Published); err != nil {
				if _, err := time.Parse(time.DateOnly, a.Published); err != nil {
					t.Errorf("published %q is neither a moment nor a day", a.Published)
				}
			}
		})
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// visible is what a reader sees of a page, roughly: no tags, no control characters, white space folded.
func visible(page []byte) string {
	text := html.UnescapeString(string(tag.ReplaceAll(page, nil)))
	return fold(strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "", "\x07", "").Replace(text))
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// Developments and mails hang together with the events that they are made of.
func TestExpectedDevelopmentsCoverTheEvents(t *testing.T) {
	x := loadExpected(t)
	told := map[string]bool{} // development id and URL
	var fresh []string
	for _, a := range x.Articles {
		for _, e := range a.Events {
			if e.Optional {
				continue
			}
			i := slices.IndexFunc(x.Developments, func(d demopress.ExpectedDevelopment) bool {
				return d.Type == e.Type && d.Status == e.Status && slices.Contains(d.Articles, a.URL) &&
					slices.Equal(d.Companies, e.Companies) && slices.Equal(d.Items, e.Items)
			})
			if i < 0 {
				t.Errorf("%s: %s/%s of %v belongs to no development", a.URL, e.Type, e.Status, e.Companies)
				continue
			}
			d := x.Developments[i]
			told[d.ID+" "+a.URL] = true
			if e.Current && !d.Current {
				t.Errorf("%s is news in %s, and background as a development", d.ID, a.URL)
			}
			if e.Type == "license" && e.Current && x.Clock.Sub(moment(a.Published)) <= 72*time.Hour && !slices.Contains(fresh, d.ID) {
				fresh = append(fresh, d.ID)
			}
		}
	}
	for _, d := range x.Developments {
		for _, url := range d.Articles {
			if !told[d.ID+" "+url] {
				t.Errorf("%s names %s, which has no such event", d.ID, url)
			}
		}
	}
	slices.Sort(fresh)
	if mails := slices.Sorted(slices.Values(x.Mails)); !slices.Equal(mails, fresh) {
		t.Errorf("mails %v, but fresh licence developments %v", mails, fresh)
	}
}

// moment returns when something was published, midnight for a day.
func moment(published string) time.Time {
	if at, err := time.Parse(time.RFC3339, published); err == nil {
		return at
	}
	day, _ := time.Parse(time.DateOnly, published)
	return day
}

// Every feed parses, and names nothing but the expected articles and the addresses that end otherwise.
func TestFeedsNameWhatIsExpected(t *testing.T) {
	c := visitor(t, servePress(t))
	x := loadExpected(t)
	missing := map[string]bool{} // addresses that no feed has named yet
	for _, a := range x.Articles {
		missing[a.URL] = a.Source != "commerce-newsroom" // a listing names those
	}
	for _, f := range x.Fetches {
		missing[f.URL] = true
		delete(missing, f.Redirect)
		if f.Status != 0 {
			if res, _ := get(t, c, f.URL); res.StatusCode != f.Status {
				t.Errorf("%s: status %d, want %d", f.URL, res.StatusCode, f.Status)
			}
		}
		if res, _ := get(t, c, f.URL); res.Header.Get("Location") != f.Redirect {
			t.Errorf("%s leads to %q, want %q", f.URL, res.Header.Get("Location"), f.Redirect)
		}
	}
	for _, url := range []string{
		chipwireFeed, "https://www.puces-et-marches.test/feed/", "https://www.controls-review.test/atom.xml",
		"https://www.journal-du-numerique.test/rss.xml", "https://www.straits-ledger.test/atom.xml", "https://www.harbour-tech.test/rss.xml",
	} {
		_, body := get(t, c, url)
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		for _, item := range feed.Items {
			link, _, _ := strings.Cut(item.Link, "?")
			if _, known := missing[link]; !known {
				t.Errorf("%s names %s, of which nothing is expected", url, link)
			}
			missing[link] = false
			if item.PublishedParsed == nil || item.Title == "" {
				t.Errorf("%s: %s has no date or no title", url, link)
			}
		}
	}
	for url, is := range missing {
		if is {
			t.Errorf("no feed names %s", url)
		}
	}
}

// One headline carries what must reach neither a terminal nor a mail: in the page as bytes, in the feed as entities.
func TestHostileHeadlineArrives(t *testing.T) {
	c := visitor(t, servePress(t))
	_, page := get(t, c, "https://www.straits-ledger.test/tech/abu-dhabi-campus.html")
	for _, s := range []string{"\x1b[31m", "\x07", "&lt;script&gt;"} {
		if !bytes.Contains(page, []byte(s)) {
			t.Errorf("the page has no %q", s)
		}
	}
	_, body := get(t, c, "https://www.straits-ledger.test/atom.xml")
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	title := html.UnescapeString(feed.Items[0].Title)
	for _, s := range []string{"\x1b[31m", "<script>"} {
		if !strings.Contains(title, s) {
			t.Errorf("the feed's title %q has no %q", title, s)
		}
	}
}

func TestSourcesAreThere(t *testing.T) {
	fsys, dir := servePress(t).Sources()
	names, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 7 {
		t.Errorf("%d sources in %s, want 7: %v", len(names), dir, names)
	}
}
