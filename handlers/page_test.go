package handlers

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/valyala/fasthttp"
)

// The encodings of pages; the first page of a visit is compressed differently.
var pageEncodings = []string{"identity", "gzip", "br", "br first"}

// pageIn requests a page in one encoding, and decodes it as a browser does.
func (p *testClient) pageIn(encoding, path string) (string, error) {
	encoding, first := strings.CutSuffix(encoding, " first")
	site := map[bool]string{true: "none", false: "same-origin"}[first]
	a := p.get(path, "Accept-Encoding", encoding, "Sec-Fetch-Site", site)
	got := a.Header.Get("Content-Encoding")
	if a.StatusCode != 200 || got != encoding && (got != "" || encoding != "identity") {
		return "", fmt.Errorf("GET %s: status %d, encoding %q, want %q", path, a.StatusCode, got, encoding)
	}
	if !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") {
		return "", fmt.Errorf("GET %s: Vary is %q", path, a.Header.Get("Vary"))
	}
	body := strings.NewReader(a.body)
	var from io.Reader = body
	switch got {
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return "", err
		}
		z.Multistream(false) // browsers read one member
		from = z
	case "br":
		from = brotli.NewReader(body)
	}
	html, err := io.ReadAll(from)
	if err == nil && body.Len() > 0 {
		err = fmt.Errorf("GET %s: %d bytes after the end", path, body.Len())
	}
	return string(html), err
}

// client_id is new on every page.
var clientID = regexp.MustCompile(`name="client_id" value="([^"]+)"`)

// A page that repeats a part of its URL is not compressed for visitors from another site.
func TestLedFromElsewhereIsNotCompressed(t *testing.T) {
	p := newTestServer(t).signedIn("Ada")
	for site, want := range map[string]string{"cross-site": "", "same-site": "", "same-origin": "gzip", "none": "gzip",
		"": "gzip"} {
		a := p.get("/c?archived=1&q=a+secret", "Accept-Encoding", "gzip", "Sec-Fetch-Site", site, "Sec-Fetch-Mode",
			"navigate").want(200)
		if got := a.Header.Get("Content-Encoding"); got != want {
			t.Errorf("%q: encoding %q, want %q", site, got, want)
		}
	}
}

func TestPageIsTheSameInEveryEncoding(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.get(general).want(200) // the first page after signing in shows presence
	for i := range 120 {
		bob.say(fmt.Sprintf("Said %d <b>& more</b> 🙂", i))
	}
	ada.post("/c", url.Values{"name": {"Quiet"}}).want(303)
	ids := map[string]bool{}
	for _, path := range []string{general, general + "?before=100", general + "?after=5", general + "/60", "/c/quiet"} {
		ada.get(path).want(200) // it marks as read
		want := ""
		for range 2 {
			for _, encoding := range pageEncodings {
				html, err := ada.pageIn(encoding, path)
				if err != nil {
					t.Fatal(err)
				}
				id := clientID.FindStringSubmatch(html)
				if id == nil || ids[id[1]] {
					t.Fatalf("%s in %s: client_id %q, which another page had", path, encoding, id)
				}
				ids[id[1]] = true
				if html = clientID.ReplaceAllString(html, ""); want == "" {
					want = html
				}
				if html != want {
					t.Errorf("%s in %s is another page:\n%s\nand not\n%s", path, encoding, html, want)
				}
			}
		}
	}
}

// A message that is the name of a user's private channel makes their page no shorter than any other, for every page
// that another site may have led them to (BREACH).
func TestPageLengthDoesNotTellChannels(t *testing.T) {
	s := newTestServer(t)
	ada, bob, carol := s.signedIn("Ada"), s.signedIn("Bob"), s.signedIn("Carol")
	// Permutations of the same letters, and long: what is random in a page changes its length by some bytes too.
	letters, permuted := []byte("bcdfghjkmnpqrstvwxyzBCDFGHJKMNPQRSTVWXYZ0123456789"), rand.New(rand.NewPCG(1, 2))
	var names []string
	for range 3 {
		permuted.Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		names = append(names, string(letters))
	}
	for i, p := range []*testClient{ada, carol} {
		p.post("/c", url.Values{"name": {names[i]}, "private": {"on"}}).want(303)
	}
	bob.say("nothing yet")
	// Both see the same list: only what surrounds it can change by how much Ada's page is larger.
	difference := func(of func(p *testClient) int) (list []int) {
		for _, guess := range names {
			bob.post(general+"/1/edit", url.Values{"body": {guess}}, asHTMX...).want(200)
			list = append(list, of(ada)-of(carol))
		}
		return list
	}
	for _, encoding := range []string{"gzip", "br"} {
		for _, site := range []string{"cross-site", "same-site", "same-origin", ""} {
			d := difference(func(p *testClient) (n int) {
				for range 4 { // the third makes the cached parts smaller
					n = len(p.get(general, "Accept-Encoding", encoding, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate").
						want(200).body)
				}
				return n
			})
			if d[0] != d[1] || d[0] != d[2] {
				t.Errorf("%s, %q: her page differs from hers by %d bytes when the message is Ada's channel, %d when it is "+
					"Carol's, and %d when it is nobody's",
					encoding, site, d[0], d[1], d[2])
			}
		}
	}

	// Compressed as one piece, the lengths do reveal it.
	d := difference(func(p *testClient) int {
		html := clientID.ReplaceAllString(p.get(general).want(200).body, "")
		return len(fasthttp.AppendBrotliBytesLevel(nil, []byte(html), 4))
	})
	if d[0] >= d[2] || d[1] <= d[2] {
		t.Errorf("in one piece the pages differ by %d bytes: this test would not see what it looks for", d)
	}
}
