package crawler

import (
	"strings"
	"testing"
	"time"
)

func TestRobots(t *testing.T) {
	big := "User-agent: *\nDisallow: /a\n" + strings.Repeat("#", robotsLimit-40) + "\nDisallow: /search\n"
	for _, test := range []struct {
		name, robots, path string
		want               bool
	}{
		{"no rules", "", "/a", true},
		{"disallowed", "User-agent: *\nDisallow: /a", "/a/b", false},
		{"other path", "User-agent: *\nDisallow: /a", "/b", true},
		{"the path begins with the pattern, its case counts", "User-agent: *\nDisallow: /a", "/A", true},
		{"our name", "User-agent: exportwatch\nDisallow: /", "/a", false},
		{"our name in another case", "USER-AGENT: ExportWatch\nDISALLOW: /", "/a", false},
		{"our name with a version", "User-agent: exportwatch/2.0\nDisallow: /", "/a", false},
		{"a name that begins with ours", "User-agent: exportwatcher\nDisallow: /", "/a", true},
		{"a name that ours begins with", "User-agent: export\nDisallow: /", "/a", true},
		{"another robot", "User-agent: otherbot\nDisallow: /", "/a", true},
		{"our group, not the one for all", "User-agent: *\nDisallow: /\n\nUser-agent: exportwatch\nAllow: /", "/a", true},
		{"our empty group, not the one for all", "User-agent: *\nDisallow: /\n\nUser-agent: exportwatch\nDisallow:", "/a", true},
		{"groups of one name are one", "User-agent: exportwatch\nDisallow: /a\n\nUser-agent: b\nDisallow: /\n\nUser-agent: exportwatch\nDisallow: /c", "/c", false},
		{"groups for all are one", "User-agent: *\nDisallow: /a\nUser-agent: b\nDisallow: /\nUser-agent: *\nDisallow: /c", "/a", false},
		{"two names, one group", "User-agent: b\nUser-agent: exportwatch\nDisallow: /a", "/a", false},
		{"an empty line ends no group", "User-agent: exportwatch\n\nDisallow: /a", "/a", false},
		{"a sitemap ends no group", "User-agent: b\nSitemap: https://x/s\nUser-agent: exportwatch\nDisallow: /a", "/a", false},
		{"a rule before any group", "Disallow: /\nUser-agent: b\nDisallow: /", "/a", true},
		{"an empty Disallow after another name", "User-agent: b\nDisallow:\nUser-agent: exportwatch\nDisallow: /a", "/a", false},
		{"longest match allows", "User-agent: *\nAllow: /p\nDisallow: /", "/page", true},
		{"longest match disallows", "User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", false},
		{"order does not matter", "User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b", false},
		{"a tie allows", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"a tie allows, the other way round", "User-agent: *\nAllow: /a\nDisallow: /a", "/a", true},
		{"a wildcard counts as long as it is written", "User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page.htm", false},
		{"RFC 9309 5.2, more specific", "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false},
		{"wildcard", "User-agent: *\nDisallow: /*/print", "/a/b/print/1", false},
		{"wildcard for nothing", "User-agent: *\nDisallow: /a*b", "/ab", false},
		{"wildcard at the end", "User-agent: *\nDisallow: /a*", "/abc", false},
		{"parts in order", "User-agent: *\nDisallow: /*a*b", "/b/a", true},
		{"end", "User-agent: *\nDisallow: /*.pdf$", "/x.pdf", false},
		{"not the end", "User-agent: *\nDisallow: /*.pdf$", "/x.pdf?dl=1", true},
		{"end after a repeated part", "User-agent: *\nDisallow: /*a$", "/aba", false},
		{"first part and end may not overlap", "User-agent: *\nDisallow: /aa*a$", "/aa", true},
		{"only the root", "User-agent: *\nDisallow: /$", "/", false},
		{"not below the root", "User-agent: *\nDisallow: /$", "/a", true},
		{"a dollar inside", "User-agent: *\nDisallow: /a$b", "/a$b", false},
		{"query", "User-agent: *\nDisallow: /*?print=", "/a?print=1", false},
		{"RFC 9309 2.2.2, escaped letters", "User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false},
		{"RFC 9309 2.2.2, other script in the file", "User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false},
		{"RFC 9309 2.2.2, other script escaped", "User-agent: *\nDisallow: /foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", false},
		{"RFC 9309 2.2.2, reserved in a query", "User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
		{"RFC 9309 2.2.3, literal star", "User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", false},
		{"RFC 9309 2.2.3, literal star is no wildcard", "User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-b.html", true},
		{"RFC 9309 2.2.3, literal dollar", "User-agent: *\nDisallow: /path/foo-%24", "/path/foo-$", false},
		{"escaped slash is another path", "User-agent: *\nDisallow: /a/b", "/a%2Fb", true},
		{"comment", "User-agent: * # all\nDisallow: /a # b", "/a", false},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "/a", false},
		{"old Mac lines", "User-agent: *\rDisallow: /a\r", "/a", false},
		{"Windows lines", "User-agent: *\r\nDisallow: /a\r\n", "/a", false},
		{"spaces", "  User-agent  :  *  \n\tDisallow\t:\t/a\t", "/a", false},
		{"HTML", "<!doctype html>\nUser-agent: *\nDisallow: /", "/a", true},
		{"HTML after space", "\n\n <html>\nUser-agent: *\nDisallow: /", "/a", true},
		{"no colon", "User-agent *\nDisallow /", "/a", true},
		{"robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true},
		{"no slash in front", "User-agent: *\nDisallow: a", "/a", true},
		{"up to the limit", big, "/a", false},
		{"nothing of the line at the limit", big, "/search", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parseRobots([]byte(test.robots), "exportwatch").allowed(test.path); got != test.want {
				t.Errorf("%s: allowed is %v, want %v, under\n%.300s", test.path, got, test.want, test.robots)
			}
		})
	}
}

// The first example of RFC 9309, section 5.1, for three robots.
func TestRobotsExample(t *testing.T) {
	const robots = `User-agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`
	for _, test := range []struct {
		product, path string
		want          bool
	}{
		{"other", "/a.gif", false},
		{"other", "/a.gif?x", true},
		{"other", "/example/page.html", false},
		{"other", "/publications/a.gif", true},
		{"foobot", "/x", false},
		{"foobot", "/example/page.html", true},
		{"foobot", "/example/allowed.gif", true},
		{"barbot", "/example/page.html", false},
		{"bazbot", "/example/page.html", false},
		{"barbot", "/example/", true},
		{"quxbot", "/example/page.html", true},
	} {
		if got := parseRobots([]byte(robots), test.product).allowed(test.path); got != test.want {
			t.Errorf("%s %s: allowed is %v, want %v", test.product, test.path, got, test.want)
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	for _, test := range []struct {
		robots string
		want   time.Duration
	}{
		{"User-agent: *\nCrawl-delay: 5", 5 * time.Second},
		{"User-agent: *\nCrawl-delay: 0.5", 500 * time.Millisecond},
		{"User-agent: *\nCrawl-delay: 5\nUser-agent: exportwatch\nDisallow:", 0}, // said before we were named
		{"User-agent: *\nDisallow:\nCrawl-delay: 5\nUser-agent: exportwatch\nDisallow:", 0},
		{"User-agent: *\nCrawl-delay: 86400", maxCrawlDelay},
		{"User-agent: *\nCrawl-delay: -5", 0},
		{"User-agent: *\nCrawl-delay: NaN", 0},
		{"User-agent: *\nCrawl-delay: soon", 0},
	} {
		if got := parseRobots([]byte(test.robots), "exportwatch").delay; got != test.want {
			t.Errorf("delay %s, want %s, under\n%s", got, test.want, test.robots)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*a*$\nAllow: /%\nCrawl-delay: 1e99"), "/%2")
	f.Add([]byte("\xef\xbb\xbfuser-agent:exportwatch\rdisallow:$\rdisallow:*\rallow:**$"), "/?*$")
	f.Fuzz(func(t *testing.T, robots []byte, path string) {
		rules := parseRobots(robots, "exportwatch")
		rules.allowed(path)
		if rules.delay < 0 || rules.delay > maxCrawlDelay {
			t.Errorf("delay %s", rules.delay)
		}
		if !rules.allowed("/robots.txt") {
			t.Error("robots.txt is disallowed")
		}
		normal, _ := normalRobotsPath(path, false)
		if again, _ := normalRobotsPath(normal, false); again != normal {
			t.Errorf("%q becomes %q and then %q", path, normal, again)
		}
	})
}
