package config

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// browsers converts host names as browsers do in URLs, Host and Origin: to ASCII. Source: the URL Standard, "domain to
// ASCII".
var browsers = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckJoiners(true), idna.CheckHyphens(false),
	idna.StrictDomainName(false))

var errNoHost = errors.New("it is not the name of a host, like chat.example.com")

// The maximum lengths of host names and of their labels, in bytes (RFC 1035, 2.3.4).
const (
	maxHost  = 253
	maxLabel = 63
)

// hostName returns a host, without a port, as browsers send it: an IP address in its shortest form, or a name in
// lower-case ASCII without a trailing dot.
func hostName(host string) (string, error) {
	number := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if ip, err := netip.ParseAddr(number); err == nil && ip.Zone() == "" {
		return ip.String(), nil
	}
	name, err := browsers.ToASCII(host)
	if name = strings.TrimSuffix(name, "."); err != nil || len(name) > maxHost {
		return "", errNoHost
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return "", errNoHost
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" { // browsers parse it as an IPv4 address, and it is not one
		return "", errNoHost
	}
	return name, nil
}

// origin returns the public address as browsers send it in Origin: scheme and host, and the port unless it is the
// scheme's default.
func origin(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.User != nil {
		return "", errors.New("it is not of the form https://host")
	}
	host, err := hostName(u.Hostname())
	if err != nil {
		return "", err
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) {
		return "", errors.New("its port is none from 1 to 65535")
	}
	if port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	return u.Scheme + "://" + host, nil
}
