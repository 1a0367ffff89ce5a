package config

import (
	"net"
	"net/netip"
)

// Base returns the base URL of links, for a server that listens on addr.
func (cfg *Config) Base(addr string) string {
	if cfg.URL != "" {
		return cfg.URL
	}
	host, port, err := net.SplitHostPort(addr)
	if ip, ipErr := netip.ParseAddr(host); err == nil && (host == "" || ipErr == nil && ip.IsUnspecified()) {
		addr = net.JoinHostPort("localhost", port)
	}
	return cfg.scheme() + addr
}

// Listening returns the address that the server listens on, as a URL for a browser on the same machine.
func (cfg *Config) Listening(ln net.Listener) string { return cfg.scheme() + ln.Addr().String() }

func (cfg *Config) scheme() string {
	if cfg.Certificate != nil {
		return "https://"
	}
	return "http://"
}
