package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

func TestURL(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "theme.js", "icon.svg"} {
		stem, ext, _ := strings.Cut(name, ".")
		want := regexp.MustCompile(`^/assets/` + stem + `\.[a-z2-7]{12}\.` + ext + `$`)
		if got := URL(name); !want.MatchString(got) {
			t.Errorf("URL(%q) = %q, want a hash in it", name, got)
		}
	}
	t.Run("panics on an unknown name", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		URL("nothing.css")
	})
}

func TestLookup(t *testing.T) {
	path := URL("app.css")
	plain, contentType, encoding, ok := Lookup(path, "")
	if !ok || encoding != "" || contentType != "text/css; charset=utf-8" || !bytes.HasPrefix(plain, []byte("@layer reset,")) {
		t.Fatalf("plain: %q %q %v %.40q", contentType, encoding, ok, plain)
	}
	t.Run("takes the name alone too", func(t *testing.T) {
		if body, _, _, ok := Lookup(strings.TrimPrefix(path, "/assets/"), ""); !ok || !bytes.Equal(body, plain) {
			t.Error("not the same")
		}
	})
	t.Run("gzip", func(t *testing.T) {
		body, _, encoding, _ := Lookup(path, "deflate, GZIP;q=0.5")
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil || encoding != "gzip" {
			t.Fatal(encoding, err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
			t.Error("not the same", err)
		}
	})
	t.Run("brotli, once it is made", func(t *testing.T) {
		var body []byte
		for deadline := time.Now().Add(30 * time.Second); encoding != "br"; time.Sleep(5 * time.Millisecond) {
			if body, _, encoding, _ = Lookup(path, "gzip, br"); encoding != "br" && encoding != "gzip" || time.Now().After(deadline) {
				t.Fatalf("encoding %q", encoding)
			}
		}
		if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(body))); err != nil || !bytes.Equal(got, plain) {
			t.Error("not the same", err)
		}
	})
	t.Run("a coding ruled out is not sent", func(t *testing.T) {
		if _, _, encoding, _ := Lookup(path, "gzip;q=0, br; q=0.0"); encoding != "" {
			t.Error(encoding)
		}
	})
	t.Run("knows nothing else", func(t *testing.T) {
		for _, p := range []string{"", "/", "/assets/", "/assets/app.css", "app.js", "/assets/../assets.go", "/assets/css/base.css", path + "x", path + "/"} {
			if _, _, _, ok := Lookup(p, "gzip"); ok {
				t.Errorf("%q is served", p)
			}
		}
	})
}

func TestNamesHoldTheContent(t *testing.T) {
	again, _ := build()
	for name, a := range byName {
		if again[name].url != a.url {
			t.Errorf("%s: %s, then %s for the same content", name, a.url, again[name].url)
		}
	}
	if hashed("app", ".css", []byte("a")) == hashed("app", ".css", []byte("b")) {
		t.Error("the same name for other content")
	}
}

// The whole style and behaviour of the program stays small, and nothing in it points to another host.
func TestOwnWeight(t *testing.T) {
	css, _, _, _ := Lookup(URL("app.css"), "gzip")
	theme, _, _, _ := Lookup(URL("theme.js"), "gzip")
	own := gzipped(join([]string{"js/*.js"}))
	t.Logf("gzipped: css %d, own js %d, theme %d bytes", len(css), len(own), len(theme))
	if sum := len(css) + len(own) + len(theme); sum > 16_000 {
		t.Errorf("own CSS and JavaScript are %d bytes gzipped", sum)
	}
	all := append(join(parts["app.css"]), join([]string{"js/*.js"})...)
	if at := regexp.MustCompile(`https?://|url\(|@import|eval\(|Function\(`).Find(all); at != nil {
		t.Errorf("own files hold %q", at)
	}
}

func TestSqueeze(t *testing.T) {
	in := "// why\n(() => {\n  /* one line */\n  const a = '//b'; // goes\n\n  /* more\n     lines */\n  a.b /* stays */\n})();\n"
	want := "(() => {\nconst a = '//b';\na.b /* stays */\n})();\n"
	var got bytes.Buffer
	if squeeze(&got, []byte(in)); got.String() != want {
		t.Errorf("got %q", &got)
	}
}

// What the bundles cost a start.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		build()
	}
}
