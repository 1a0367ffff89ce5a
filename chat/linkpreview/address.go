package linkpreview

import (
	"errors"
	"net"
	"net/netip"
	"slices"
)

// errAddress reports an address that is not reached. It is judged at the moment of dialing: so a name that resolves to
// a public address when it is looked at, and to a private one when it is dialed, gains nothing.
var errAddress = errors.New("linkpreview: not a public address")

// notPublic are the networks that no link leads to. Sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries,
// for all that is not globally reachable, and RFC 5771 and RFC 4291 for multicast.
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4", // with 255.255.255.255

	// Azure's service for its virtual machines, with their secrets. The other clouds have theirs in the networks above.
	"168.63.129.16/32",

	"2001::/23",                  // protocol assignments: Teredo, benchmarks, ORCHID
	"2001:db8::/32", "3fff::/20", // documentation
)

// globalUnicast is all that is assigned to be reached: loopback, discard (100::/64), unique local (fc00::/7),
// link-local, site-local and multicast addresses are outside of it, and so are IPv4-compatible ones (::/96), NAT64 for
// local use (64:ff9b:1::/48) and segment routing (5f00::/16).
var globalUnicast = netip.MustParsePrefix("2000::/3")

// Networks in IPv6 that lead to an address in IPv4. Sources: RFC 6052 and RFC 3056.
var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToUs = netip.MustParsePrefix("2002::/16")
)

func prefixes(list ...string) (all []netip.Prefix) {
	for _, p := range list {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}

// public reports whether an address is a unicast address of the public internet. An IPv4 address within an IPv6 one
// decides: the gateway of that network would connect to it.
func public(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if a.Is6() {
		b := a.As16()
		switch {
		case nat64.Contains(a):
			return public(netip.AddrFrom4([4]byte(b[12:16])))
		case sixToUs.Contains(a):
			return public(netip.AddrFrom4([4]byte(b[2:6])))
		case !globalUnicast.Contains(a):
			return false
		}
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}

// ours reports whether an address is one of this machine's: what listens there may be closed to everyone else, and it
// may be the chat itself.
func ours(a netip.Addr) bool {
	list, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(list, func(own net.Addr) bool {
		p, err := netip.ParsePrefix(own.String())
		return err == nil && p.Addr().Unmap() == a.Unmap()
	})
}
