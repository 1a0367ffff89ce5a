package config

import (
	"slices"
	"strings"
	"testing"
)

// Settings are converted as browsers convert hosts: names of other alphabets to ASCII, everything else to one form.
func TestHostsAsBrowsersSendThem(t *testing.T) {
	for given, want := range map[string]string{
		"https://münchen.example":        "https://xn--mnchen-3ya.example",
		"https://MÜNCHEN.example:8443/":  "https://xn--mnchen-3ya.example:8443",
		"https://mu\u0308nchen.example":  "https://xn--mnchen-3ya.example",
		"https://m%C3%BCnchen.example":   "https://xn--mnchen-3ya.example",
		"https://faß.example":            "https://xn--fa-hia.example",
		"https://例え。jp":                  "https://xn--r8jz45g.jp",
		"https://xn--mnchen-3ya.example": "https://xn--mnchen-3ya.example",
		"https://Chat.Example.com.":      "https://chat.example.com",
		"https://chat.example.com:443":   "https://chat.example.com",
		"http://chat.example.com:80":     "http://chat.example.com",
		"http://chat.example.com:443":    "http://chat.example.com:443",
		"http://chat_app:3000":           "http://chat_app:3000",
		"http://r3---x.example":          "http://r3---x.example",
		"http://192.0.2.7:8080":          "http://192.0.2.7:8080",
		"http://[2001:DB8:0:0::1]:8080":  "http://[2001:db8::1]:8080",
		"http://[::1]":                   "http://[::1]",
	} {
		cfg, _, err := Parse([]string{"--url", given})
		if err != nil || cfg.URL != want {
			t.Errorf("--url %s: %v, %v, want %s", given, cfg, err, want)
		}
	}
	cfg, _, err := Parse([]string{"--hosts",
		"Zürich.example:8080, chat_app, [::1]:80, ::1, 192.0.2.7, παράδειγμα.δοκιμή."})
	if want := []string{"xn--zrich-kva.example", "chat_app", "::1", "::1", "192.0.2.7",
		"xn--hxajbheg2az3al.xn--jxalpdlp"}; err != nil || !slices.Equal(cfg.Hosts, want) {
		t.Errorf("%q, %v, want %q", cfg.Hosts, err, want)
	}
	for _, wrong := range []string{
		"a..example", "*.example.com", "a b.example", "xn--a.example", "\u202e.example", "\u0301.example",
		strings.Repeat("a", 64) + ".example",
		strings.Repeat("a.", 127) + "example", "127.1", "1.2.3.4.5", "fe80::1%25eth0", "a%b", "!", "😀\ufffd.example",
	} {
		fails(t, "--hosts ", "--hosts", wrong)
		fails(t, "--url ", "--url", "https://"+wrong)
	}
	for _, wrong := range []string{"https://", "https://:80", "https://a.example:0", "https://a.example:65536",
		"ftp://a.example", "https://a@b.example"} {
		fails(t, "--url ", "--url", wrong)
	}
	fails(t, "it is not the name of a host, like chat.example.com", "--url", "https://xn--a.example")
}
