package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever next contains, the browser stays on this site: every URL parser reads the result as a path.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"", "/", "/c/x?before=3#m", "//evil.example", "/\\evil.example", "/\t/evil.example",
		"///evil.example",
		"https:evil.example", "/%2F/evil.example", "/%5Cevil.example", "/.//evil.example", "/..//evil.example",
		"/c/../..//evil.example",
		"/c/x\r\nSet-Cookie: a=b", "/@evil.example", "/:80", "?//evil.example", "/\u2028/evil", "/c/\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t\x00") {
			t.Fatalf("%q becomes %q", next, got)
		}
		base := url.URL{Scheme: "https", Host: "chat.example.com", Path: "/signin"}
		to, err := base.Parse(got)
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || to.User != nil {
			t.Fatalf("%q becomes %q, which leads to %v (%v)", next, got, to, err)
		}
		if again := localPath(got); again != got && again != "/" {
			t.Fatalf("%q becomes %q, and that %q", next, got, again)
		}
	})
}
