package linkpreview

import (
	"context"
	"net/netip"
	"strings"
	"testing"
)

func TestPublic(t *testing.T) {
	for _, a := range strings.Fields(`1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255
		172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 198.17.255.255 198.20.0.0 223.255.255.255
		2606:4700:4700::1111 2001:200::1 2a00:1450::1 3ffe:ffff::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1`) {
		if !public(netip.MustParseAddr(a)) {
			t.Errorf("%s is public", a)
		}
	}
	for _, a := range strings.Fields(`0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255
		127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
		192.88.99.1 192.168.0.1 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1
		255.255.255.255
		:: ::1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
		64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808 64:ff9b:1:a00:0:1::
		2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1 2002:a9fe:a9fe::1
		100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 3fff::1
		3fff:fff::1 5f00::1 4000::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 feff::1 ff02::1
		2606:4700:4700::1111%eth0`) {
		if public(netip.MustParseAddr(a)) {
			t.Errorf("%s is not public", a)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestControl(t *testing.T) {
	f := New(nil)
	for address, want := range map[string]bool{
		"8.8.8.8:443": true, "8.8.8.8:80": true, "[2606:4700:4700::1111]:443": true, "8.8.8.8:22": false, "8.8.8.8:0": false,
		"127.0.0.1:80": false, "[::1]:443": false, "[::ffff:10.0.0.1]:443": false, "example.org:443": false, "": false,
	} {
		if err := f.control(context.Background(), "tcp4", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := f.control(context.Background(), "udp4", "8.8.8.8:443", nil); err == nil {
		t.Error("it speaks UDP")
	}
	if !ours(netip.MustParseAddr("127.0.0.1")) || ours(netip.MustParseAddr("8.8.8.8")) {
		t.Error("this machine's addresses are not known")
	}
}

func TestClean(t *testing.T) {
	for link, want := range map[string]string{
		"https://example.org":                             "https://example.org",
		"HTTPS://Example.ORG/A?b=C#part":                  "https://example.org/A?b=C",
		"http://example.org:80/":                          "http://example.org:80/",
		"https://example.org:443/":                        "https://example.org:443/",
		"https://10.0.0.1/":                               "https://10.0.0.1/", // refused when it is dialed, as a name is
		"https://exａmple.org/a":                           "https://example.org/a",
		"https://example。org/":                            "https://example.org/",
		"https://münchen.example/":                        "https://xn--mnchen-3ya.example/",
		"https://m%C3%BCnchen.example/":                   "https://xn--mnchen-3ya.example/",
		"https://pаypal.example/":                         "https://xn--pypal-4ve.example/", // with a Cyrillic a
		"https://a℀b.example/":                            "",
		"https://example.org:8443/":                       "",
		"https://example.org:80/":                         "",
		"http://example.org:443/":                         "",
		"https://example.org:/":                           "",
		"https://ada:secret@example.org/":                 "",
		"https://ada@example.org/":                        "",
		"ftp://example.org/":                              "",
		"file:///etc/passwd":                              "",
		"mailto:ada@example.org":                          "",
		"/u/1":                                            "",
		"//example.org/":                                  "",
		"javascript:alert(1)":                             "",
		"https:///x":                                      "",
		"https:example.org":                               "",
		"https://example.org/\x00":                        "",
		"https://example.org/\r\nHost: x":                 "",
		"https://e.org/" + strings.Repeat("x", MaxURLLen): "",
	} {
		if got, ok := Clean(link); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", link, got, ok)
		}
	}
}

func TestHref(t *testing.T) {
	for link, want := range map[string]string{
		"https://matrix.to/#/#room:example.org":   "https://matrix.to/#/#room:example.org",
		"HTTPS://Example.ORG/A?b=%c3#part":        "HTTPS://Example.ORG/A?b=%c3#part",
		"https://münchen.example/straße#a":        "https://xn--mnchen-3ya.example/stra%C3%9Fe#a",
		"https://m%C3%BCnchen.example:443/?a=b#c": "https://xn--mnchen-3ya.example:443/?a=b#c",
	} {
		if got := Href(link); got != want {
			t.Errorf("%s: %s, want %s", link, got, want)
		}
	}
	if got := Host("https://www.example.org:443/"); got != "www.example.org" {
		t.Error(got)
	}
}
