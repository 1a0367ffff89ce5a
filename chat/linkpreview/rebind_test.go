package linkpreview

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// names is a resolver whose answer is another one each time, and the last one from then on.
func names(t *testing.T, answers ...string) *net.Resolver {
	var asked atomic.Int64
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer func() { _ = there.Close() }()
			var size [2]byte
			if _, err := io.ReadFull(there, size[:]); err != nil {
				return
			}
			b := make([]byte, binary.BigEndian.Uint16(size[:]))
			var m dnsmessage.Message
			if _, err := io.ReadFull(there, b); err != nil || m.Unpack(b) != nil {
				return
			}
			q := m.Questions[0]
			reply := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true}, Questions: m.Questions}
			if q.Type == dnsmessage.TypeA {
				n := min(int(asked.Add(1)), len(answers)) - 1
				reply.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type,
					Class: q.Class}, Body: &dnsmessage.AResource{A: netip.MustParseAddr(answers[n]).As4()}}}
			}
			packed, err := reply.Pack()
			if err != nil {
				t.Error(err)
				return
			}
			packed = append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)
			_, _ = there.Write(packed)
		}()
		return here, nil
	}}
}

// A name that resolves to a public address and then to a private one, and a redirect to a private address: nothing
// connects to it. 127.0.0.1 stands for the public internet, 127.0.0.2 for a private network.
func TestPrivateNetworksAreNotReached(t *testing.T) {
	for name, there := range map[string]string{
		"a name that changes": "http://www.example/again", "an address": "http://127.0.0.2/",
		"an address in other clothes": "http://[::ffff:127.0.0.2]/",
	} {
		t.Run(name, func(t *testing.T) {
			public, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			port := fmt.Sprint(public.Addr().(*net.TCPAddr).Port)
			private, err := net.Listen("tcp4", "127.0.0.2:"+port)
			if err != nil {
				t.Fatal(err)
			}
			var visited, reached atomic.Int64
			serve(t, public, func(w http.ResponseWriter, r *http.Request) {
				visited.Add(1)
				http.Redirect(w, r, there, http.StatusFound)
			})
			serve(t, private, func(w http.ResponseWriter, r *http.Request) {
				reached.Add(1)
				says("<title>secrets</title>")(w, r)
			})
			f := New(nil)
			f.public = func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }
			f.ports = []string{port}
			dialer := &net.Dialer{ControlContext: f.control, Resolver: names(t, "127.0.0.1", "127.0.0.2")}
			f.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, at string) (net.Conn, error) {
				host, _, err := net.SplitHostPort(at)
				if err != nil {
					return nil, err
				}
				return dialer.DialContext(ctx, network, net.JoinHostPort(host, port))
			}
			p, err := f.Fetch(t.Context(), "http://www.example/")
			if !errors.Is(err, errAddress) || visited.Load() != 1 || reached.Load() != 0 || p.Title != "" {
				t.Errorf("%v, after %d visits; %d reached the private network", err, visited.Load(), reached.Load())
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	for to, want := range map[string]error{
		"/page": nil, "https:///x": errLink, "http://other.example/page": nil, "//other.example/page": nil,
		"file:///etc/passwd": errLink, "http://example.org:22/": errLink, "http://example.org:8080/": errLink,
		"http://ada:x@example.org/page": errLink, "gopher://example.org/": errLink, "http://chat.example/c": errLink,
		"http://ｃhat.example/c": errLink, "http://chat。example/c": errLink,
		"/4": nil, "/5": errRedirects, // the first one leads there "/9": errRedirects,
	} {
		f := fetcher(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Referer") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" {
				t.Errorf("it tells %v", r.Header)
			}
			w.Header().Set("Set-Cookie", "a=b")
			switch step := r.URL.Path; {
			case step == "/":
				http.Redirect(w, r, to, http.StatusFound)
			case len(step) == 2 && step > "/2":
				http.Redirect(w, r, "/"+string(step[1]-1), http.StatusFound)
			default:
				says("<title>there</title>")(w, r)
			}
		})
		p, err := f.Fetch(t.Context(), "http://www.example/")
		if !errors.Is(err, want) || (p.Title == "there") != (want == nil) {
			t.Errorf("%s: %q, %v", to, p.Title, err)
		}
	}
}
