package crawler

import (
	"fmt"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// addresses parses URLs as browsers do (WHATWG URL), but for a percent sign in a path that starts no triplet: it
// becomes %25, since net/url refuses it as it is.
var addresses = whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign())

// trackingPrefixes and trackingParameters name query parameters that say how a reader came to a page, never which
// page it is. Names are compared in lower case. Ambiguous ones (ref, source, id, page) are not here: on some
// sites they choose the article.
var trackingPrefixes = []string{
	"utm_",      // Google Analytics, and everybody since
	"at_",       // AT Internet / Piano
	"mc_",       // Mailchimp: mc_cid, mc_eid
	"mtm_",      // Matomo
	"pk_",       // Matomo under its old name
	"matomo_",   //
	"piwik_",    //
	"hsa_",      // HubSpot ads
	"_hs",       // HubSpot mail: _hsenc, _hsmi
	"oly_",      // Omeda: oly_enc_id, oly_anon_id
	"vero_",     // Vero
	"guce_",     // Yahoo's consent detour
	"wt_mc",     // Webtrekk: wt_mc, wt_mc_o
	"ns_",       // comScore, as the BBC writes it: ns_mchannel, ns_source, ns_campaign
	"__twitter", // __twitter_impression
}

var trackingParameters = []string{
	"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
	"igsh", "igshid", "li_fat_id", "epik", "rdt_cid", // click ids of the ad networks
	"_ga", "_gl", "_ke", "_openstat", "mkt_tok", "trk", "trkcampaign", "s_cid", "s_kwcid", "ef_id",
	"xtor", "xtref", // AT Internet
	"cmpid", "ocid", "ncid", "icid", "cxrecs_s", "sr_share", "guccounter", "wtrid", "wt_zmc", "spm", "soc_src", "soc_trk",
}

// Key returns the identity of an address: two addresses of one article have one key. The key is itself an
// address, https://host[:port]/path[?query], and Key of a key is that key.
//
// Folded together: http and https, the case and IDNA form of the host, a trailing dot, the default port, user and
// password, the fragment, dot segments, trailing slashes, the escaping of unreserved characters, tracking
// parameters and empty ones. The rest of the query stays in its order: a site may read it by position. A leading
// "www." stays too: it is another name in the DNS and may be another site; where it is the same one, a redirect or
// rel=canonical says so.
//
// An address that is not http or https, or has no host, is an error.
func Key(rawURL string) (string, error) {
	u, err := parseAddress(rawURL)
	if err != nil {
		return "", err
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if host == "" || strings.HasSuffix(host, ".") {
		return "", fmt.Errorf("address %q: no host name", clip(rawURL, maxQuote))
	}
	var b strings.Builder
	b.WriteString("https://")
	b.WriteString(host)
	// http://host:443 and https://host:443 are one address once the scheme is folded.
	if port := u.Port(); port != "" && port != "443" {
		b.WriteString(":" + port)
	}
	path := strings.TrimRight(unescapeUnreserved(u.Pathname()), "/")
	if path == "" {
		path = "/"
	}
	b.WriteString(path)
	if query := identifyingQuery(u.Query()); query != "" {
		b.WriteString("?" + query)
	}
	return b.String(), nil
}

// parseAddress parses an absolute http or https address.
func parseAddress(rawURL string) (*whatwg.Url, error) {
	u, err := addresses.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", clip(rawURL, maxQuote), err)
	}
	if u.Scheme() != "http" && u.Scheme() != "https" {
		return nil, fmt.Errorf("address %q: not http or https", clip(rawURL, maxQuote))
	}
	return u, nil
}

// maxAddress bounds an address in bytes: RFC 9110, section 4.1, asks servers for 8000. Each rule of a robots.txt is held
// against the whole of it.
const maxAddress = 8000

// resolve returns the address that a document at base means by ref: absolute, http or https, without fragment,
// user and password. It is what is fetched, so nothing else is folded.
func resolve(base, ref string) (string, error) {
	u, err := addresses.ParseRef(base, ref)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", clip(ref, maxQuote), err)
	}
	if u.Scheme() != "http" && u.Scheme() != "https" {
		return "", fmt.Errorf("address %q: not http or https", clip(ref, maxQuote))
	}
	u.SetUsername("")
	u.SetPassword("")
	address := u.Href(true)
	if len(address) > maxAddress {
		return "", fmt.Errorf("address %q: longer than %d bytes", clip(ref, maxQuote), maxAddress)
	}
	return address, nil
}

func identifyingQuery(query string) string {
	var kept []string
	for parameter := range strings.SplitSeq(query, "&") {
		parameter = unescapeUnreserved(parameter)
		name, _, _ := strings.Cut(parameter, "=")
		if parameter == "" || isTracking(strings.ToLower(name)) {
			continue
		}
		kept = append(kept, parameter)
	}
	return strings.Join(kept, "&")
}

func isTracking(name string) bool {
	return slices.Contains(trackingParameters, name) ||
		slices.ContainsFunc(trackingPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// unescapeUnreserved undoes needless escapes and writes the others in upper case: RFC 3986, section 6.2.2. A percent
// sign that starts no triplet is escaped: left alone, it could start one once the escape behind it is undone.
func unescapeUnreserved(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c, ok := escaped(s, i)
		if ok {
			i += 2
		} else {
			c = s[i]
		}
		if isUnreserved(c) || !ok && c != '%' {
			b.WriteByte(c)
		} else {
			writeEscaped(&b, c)
		}
	}
	return b.String()
}

// escaped returns the octet that the percent triplet at s[i:] stands for, if there is one.
func escaped(s string, i int) (byte, bool) {
	if s[i] != '%' || i+2 >= len(s) {
		return 0, false
	}
	high, low := unhex(s[i+1]), unhex(s[i+2])
	if high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true
}

func writeEscaped(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// isUnreserved reports whether c means the same escaped or not: RFC 3986, section 2.3.
func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
