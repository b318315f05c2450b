package crawler

import (
	"net/netip"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8":                 true,
		"193.99.144.80":           true,
		"100.63.255.255":          true,
		"100.64.0.0":              false,
		"100.127.255.255":         false,
		"0.0.0.0":                 false,
		"10.1.2.3":                false,
		"127.0.0.1":               false,
		"127.255.255.254":         false,
		"169.254.169.254":         false,
		"172.15.0.1":              true,
		"172.16.0.1":              false,
		"172.31.255.255":          false,
		"172.32.0.1":              true,
		"192.0.0.1":               false,
		"192.0.2.1":               false,
		"192.88.99.1":             false,
		"192.168.1.1":             false,
		"198.19.255.255":          false,
		"198.51.100.1":            false,
		"203.0.113.1":             false,
		"224.0.0.1":               false,
		"240.0.0.1":               false,
		"255.255.255.255":         false,
		"::":                      false,
		"::1":                     false,
		"::ffff:127.0.0.1":        false,
		"::ffff:8.8.8.8":          true,
		"::127.0.0.1":             false,
		"fe80::1":                 false,
		"fe80::1%eth0":            false,
		"2a00:1450::1%eth0":       false,
		"fc00::1":                 false,
		"fd12:3456::1":            false,
		"fec0::1":                 false,
		"ff02::1":                 false,
		"64:ff9b::7f00:1":         false,
		"64:ff9b::a9fe:a9fe":      false,
		"64:ff9b::808:808":        true,
		"64:ff9b:1::808:808":      false,
		"100::1":                  false,
		"2001::1":                 false,
		"2001:db8::1":             false,
		"2001:4860:4860::8888":    true,
		"2002:7f00:1::":           false,
		"2002:808:808::":          false,
		"2a02:2e0:3fe:1001:302::": true,
		"3fff::1":                 false,
		"4000::1":                 false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("isPublic(%s) = %v, want %v", address, got, want)
		}
	}
}
