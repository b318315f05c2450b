package crawler

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// Limits of RFC 9309, and of good sense for the Crawl-delay that it leaves out.
const (
	robotsLimit   = 500 << 10 // section 2.5: at least this much is to be parsed
	maxCrawlDelay = time.Minute
)

// robotsRules are the rules of a robots.txt that hold for one product token: of the groups that name it, or of the
// groups for "*" when none does. The zero value allows everything.
type robotsRules struct {
	rules []robotsRule
	delay time.Duration // Crawl-delay, at most maxCrawlDelay; zero when none is asked for
}

// robotsRule is one Allow or Disallow line. Its pattern is cut at the wildcards: parts[0] begins the path, each
// other part follows somewhere behind the one before it.
type robotsRule struct {
	allow    bool
	parts    []string
	anchored bool // the pattern ended in $: the last part ends the path
	length   int  // octets of the pattern; the longest match decides
}

// parseRobots reads a robots.txt as RFC 9309 says. It fails on nothing: lines that it does not understand are
// skipped, and a document that is HTML (an error page under the wrong status) has no rules.
func parseRobots(body []byte, product string) robotsRules {
	if len(body) >= robotsLimit {
		// Half a line could say more than the whole: "Disallow: /" of "Disallow: /search".
		body = body[:robotsLimit]
		body = body[:bytes.LastIndexAny(body, "\r\n")+1]
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return robotsRules{}
	}

	var ours, everyone robotsRules
	var named, forUs, forEveryone, inRules bool
	for line := range strings.FieldsFuncSeq(string(body), func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		field, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		value = strings.TrimSpace(value)
		switch field = strings.ToLower(strings.TrimSpace(field)); field {
		case "user-agent":
			if inRules { // a new group begins
				forUs, forEveryone, inRules = false, false, false
			}
			switch {
			case value == "*":
				forEveryone = true
			case strings.EqualFold(productToken(value), product):
				forUs, named = true, true
			}
		case "allow", "disallow":
			inRules = true
			if value == "" {
				continue
			}
			rule := parseRobotsRule(field == "allow", value)
			if forUs {
				ours.rules = append(ours.rules, rule)
			}
			if forEveryone {
				everyone.rules = append(everyone.rules, rule)
			}
		case "crawl-delay":
			// Not of the RFC, so it neither begins nor ends a group (section 2.2.4).
			delay := parseCrawlDelay(value)
			if forUs {
				ours.delay = max(ours.delay, delay)
			}
			if forEveryone {
				everyone.delay = max(everyone.delay, delay)
			}
		}
	}
	if named {
		return ours
	}
	return everyone
}

// productToken returns the name that a User-Agent begins with: RFC 9309, section 2.2.1.
func productToken(userAgent string) string {
	end := strings.IndexFunc(userAgent, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' || r == '_')
	})
	if end < 0 {
		return userAgent
	}
	return userAgent[:end]
}

func parseCrawlDelay(value string) time.Duration {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, maxCrawlDelay.Seconds()) * float64(time.Second))
}

func parseRobotsRule(allow bool, pattern string) robotsRule {
	rule := robotsRule{allow: allow}
	pattern, rule.anchored = strings.CutSuffix(pattern, "$")
	inQuery := false
	for part := range strings.SplitSeq(pattern, "*") {
		part, inQuery = normalRobotsPath(part, inQuery)
		rule.parts = append(rule.parts, part)
		rule.length += len(part)
	}
	rule.length += len(rule.parts) - 1
	if rule.anchored {
		rule.length++
	}
	return rule
}

// allowed reports whether the rules let us fetch an address, given as its escaped path and query. The longest
// matching rule decides; of two as long, the one that allows (section 2.2.2).
func (r robotsRules) allowed(pathAndQuery string) bool {
	path, _ := normalRobotsPath(pathAndQuery, false)
	if path == "/robots.txt" {
		return true
	}
	allow, longest := true, -1
	for _, rule := range r.rules {
		if rule.length < longest || rule.length == longest && !rule.allow || !rule.matches(path) {
			continue
		}
		allow, longest = rule.allow, rule.length
	}
	return allow
}

// matches takes each part at the first place where it fits. That is enough, since whatever stands behind a
// wildcard fits behind an earlier place too; only the last part of an anchored pattern has its place fixed.
func (rule robotsRule) matches(path string) bool {
	rest, found := strings.CutPrefix(path, rule.parts[0])
	if !found {
		return false
	}
	if len(rule.parts) == 1 {
		return !rule.anchored || rest == ""
	}
	last := len(rule.parts) - 1
	for _, part := range rule.parts[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	if rule.anchored {
		return strings.HasSuffix(rest, rule.parts[last])
	}
	return strings.Contains(rest, rule.parts[last])
}

// normalRobotsPath brings patterns and addresses to one form: needless escapes undone, octets outside ASCII
// escaped, and what would be a wildcard in a pattern escaped where it is meant literally. In a query reserved
// characters are escaped as well, since "?u=http://x" and "?u=http%3A%2F%2Fx" are to match (section 2.2.2, table).
// The text may be a piece that begins inside the query; whether it ends there is returned.
func normalRobotsPath(s string, inQuery bool) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if c, ok := escaped(s, i); ok {
			if isUnreserved(c) {
				b.WriteByte(c)
			} else {
				writeEscaped(&b, c)
			}
			i += 2
			continue
		}
		c := s[i]
		switch {
		case c <= ' ', c >= 0x7f, c == '%', c == '*', c == '$', inQuery && strings.IndexByte(":/?#[]@!'(),;", c) >= 0:
			writeEscaped(&b, c)
		default:
			b.WriteByte(c)
		}
		inQuery = inQuery || c == '?'
	}
	return b.String(), inQuery
}
