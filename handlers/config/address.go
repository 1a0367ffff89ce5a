package config

import (
	"net"
	"net/netip"
)

// Base is what links for people begin with, on a server that listens on addr.
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

// Listening is the very address that the server listens on, as a browser on the same machine writes it.
func (cfg *Config) Listening(ln net.Listener) string { return cfg.scheme() + ln.Addr().String() }

func (cfg *Config) scheme() string {
	if cfg.Certificate != nil {
		return "https://"
	}
	return "http://"
}
