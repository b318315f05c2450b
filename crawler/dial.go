package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// errForbidden is the refusal of the dial guard.
var errForbidden = errors.New("not a public address")

// privateAddresses are the blocks of IANA's special-purpose registries for IPv4 that no public site can be in.
var privateAddresses = prefixes(
	"0.0.0.0/8",       // this network
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // carrier-grade NAT
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local, cloud metadata
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/3",     // multicast, reserved, broadcast
)

// Of IPv6, only global unicast is public, without the blocks in it that carry other addresses or none.
var (
	globalUnicast  = netip.MustParsePrefix("2000::/3")
	specialUnicast = prefixes(
		"2001::/23",     // protocol assignments, Teredo, ORCHID
		"2001:db8::/32", // documentation
		"2002::/16",     // 6to4: an IPv4 address inside
		"3fff::/20",     // documentation
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // an IPv4 address in the last four bytes; how IPv6-only hosts reach IPv4
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// isPublic reports whether an address can belong to a public site.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if a.Is4() {
		return !contains(privateAddresses, a)
	}
	return a.Zone() == "" && globalUnicast.Contains(a) && !contains(specialUnicast, a)
}

func contains(list []netip.Prefix, a netip.Addr) bool {
	for _, prefix := range list {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// guardedDialer looks at each address after name resolution, immediately before the connection, so that no name
// and no second answer of the DNS gets around it.
func guardedDialer() *net.Dialer {
	return &net.Dialer{
		Timeout: 10 * time.Second,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			target, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%s: %w", address, errForbidden)
			}
			if !isPublic(target.Addr()) {
				return fmt.Errorf("%s: %w", target.Addr(), errForbidden)
			}
			return nil
		},
	}
}
