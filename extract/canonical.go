package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// canonicalURL is what the page says its address is, where that can be true: on the same site, and not the front
// page that careless templates name on every page. Else it is the page's own address.
func canonicalURL(o outline, page *url.URL) string {
	claims := append([]string{o.canonical}, o.meta["og:url"]...)
	for _, claim := range claims {
		u, err := page.Parse(strings.TrimSpace(claim))
		if claim == "" || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		if site(u.Hostname()) != site(page.Hostname()) || isFront(u) && !isFront(page) {
			continue
		}
		u.Fragment, u.RawFragment, u.User = "", "", nil
		return u.String()
	}
	return page.String()
}

func isFront(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

// site is the registrable domain; a host without one (an address, localhost) is a site of its own.
func site(host string) string {
	host = strings.ToLower(host)
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// registrableLabel is "example" of www.example.co.uk.
func registrableLabel(host string) string {
	label, _, _ := strings.Cut(site(host), ".")
	return label
}
