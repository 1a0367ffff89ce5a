package assets

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
)

func TestURL(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "early.js", "icon.svg"} {
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
	if !ok || encoding != "" || contentType != "text/css; charset=utf-8" ||
		!bytes.HasPrefix(plain, []byte("@layer reset,")) {
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
		synctest.Test(t, func(t *testing.T) {
			defer func(names, urls map[string]*asset) { byName, byURL = names, urls }(byName, byURL)
			byName, byURL = build() // with no bundle made yet
			if _, _, encoding, _ := Lookup(path, "gzip, br"); encoding != "gzip" && encoding != "br" {
				t.Errorf("meanwhile: encoding %q", encoding)
			}
			synctest.Wait()
			body, _, encoding, _ := Lookup(path, "gzip, br")
			if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(body))); encoding != "br" || err != nil ||
				!bytes.Equal(got, plain) {
				t.Errorf("encoding %q, or not the same: %v", encoding, err)
			}
		})
	})
	t.Run("a coding ruled out is not sent", func(t *testing.T) {
		if _, _, encoding, _ := Lookup(path, "gzip;q=0, br; q=0.0"); encoding != "" {
			t.Error(encoding)
		}
	})
	t.Run("knows nothing else", func(t *testing.T) {
		for _, p := range []string{"", "/", "/assets/", "/assets/app.css", "app.js", "/assets/../assets.go",
			"/assets/css/base.css", path + "x", path + "/"} {
			if _, _, _, ok := Lookup(p, "gzip"); ok {
				t.Errorf("%q is served", p)
			}
		}
	})
}

// A picture of several files is one document: each lies over those before it.
func TestPicturesLieOverEachOther(t *testing.T) {
	icon, _, _, _ := Lookup(URL("icon.svg"), "")
	marked, _, _, _ := Lookup(URL("mention.svg"), "")
	begin, isAlone := bytes.CutSuffix(icon, []byte("</svg>"))
	rest, isFirst := bytes.CutPrefix(marked, begin)
	if !isAlone || !isFirst || !bytes.HasPrefix(rest, []byte("<svg ")) || !bytes.HasSuffix(rest, []byte("</svg></svg>")) {
		t.Errorf("%s\nis not in\n%s", icon, marked)
	}
	if err := xml.Unmarshal(marked, new(struct{})); err != nil {
		t.Error(err)
	}
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

// A name also hashes the code that makes its content: otherwise a fixed packer would not reach browsers with a cache.
func TestNamesHoldThePacker(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(mod, []byte("\t"+packer+"\n")) {
		t.Errorf("go.mod has another version than %q", packer)
	}
	before := URL("app.js")
	defer func(was []byte) { maker = was }(maker)
	maker = append(slices.Clone(maker), '\n')
	if again, _ := build(); again["app.js"].url == before {
		t.Error("another maker gave the same name")
	}
}

// The style sheets and scripts stay small, and nothing in them refers to another host.
func TestOwnWeight(t *testing.T) {
	css, _, _, _ := Lookup(URL("app.css"), "gzip")
	early, _, _, _ := Lookup(URL("early.js"), "gzip")
	own := gzipped(bundle([]string{"js/*.js"}))
	t.Logf("gzipped: css %d, own js %d, early %d bytes", len(css), len(own), len(early))
	if sum := len(css) + len(own) + len(early); sum > 21_000 { // of the 45 kB of a first visit
		t.Errorf("own CSS and JavaScript are %d bytes gzipped", sum)
	}
	all := slices.Concat(bundle(parts["app.css"]), bundle(parts["early.js"]), bundle([]string{"js/*.js"}))
	if at := regexp.MustCompile(`https?://|url\(|@import|eval\(|Function\(`).Find(all); at != nil {
		t.Errorf("own files hold %q", at)
	}
}

// Our own scripts stay few and readable: what the platform, htmx, a style sheet or the server can do is not done here.
// Comments and empty lines count: they are read too.
func TestOwnScriptsAreShort(t *testing.T) {
	scripts, err := fs.Glob(files, "js/*.js")
	if err != nil || len(scripts) < 10 {
		t.Fatal(scripts, err)
	}
	lines := 0
	for _, name := range scripts {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			lines++
			if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 120 {
				t.Errorf("%s has a line of more than 120 characters: %s", name, line)
			}
		}
	}
	if lines > 1_500 {
		t.Errorf("the scripts have %d lines", lines)
	}
}

// The early script opens the socket, and does not run again with the rest.
func TestEarlyScriptsRunOnce(t *testing.T) {
	if early, _, _, _ := Lookup(URL("early.js"), ""); !bytes.Contains(early, []byte("new WebSocket(")) {
		t.Error("the socket is not opened early")
	}
	if all, _, _, _ := Lookup(URL("app.js"), ""); bytes.Contains(all, []byte("window.early=")) {
		t.Error("the early behaviours are in app.js too")
	}
}

// Minifying keeps strings and global names, and renames local ones.
func TestSqueezeScripts(t *testing.T) {
	in := "// why\n(() => {\n  const secret = 'a  // b'; // goes\n  window.open(secret + `${secret}  c`);\n})();\n(() " +
		"=> {\n  const other = /a  \\/b/; /* goes */\n  window.shut(other, {kept: 1});\n})();\n"
	got := string(squeezeScripts([]byte(in)))
	for _, stays := range []string{"'a  // b'", "  c`", `/a  \/b/`, "window.open(", "window.shut(", "kept:1"} {
		if !strings.Contains(strings.ReplaceAll(got, `"`, "'"), stays) {
			t.Errorf("%q is lost in %q", stays, got)
		}
	}
	for _, goes := range []string{"why", "goes", "secret", "other", "\n"} {
		if strings.Contains(got, goes) {
			t.Errorf("%q is left in %q", goes, got)
		}
	}
}

func TestSqueezeStyle(t *testing.T) {
	in := "/* why */\n@layer a, b;\n.a,\n.b > i:is(p, q) {\n  color: red;\n  background:\n    url(x) 1px, none;\n\n  " +
		"&:hover {\n    margin: 0 auto;\n  }\n}\n\n[x=\"0\"] { --h: 0; }\n"
	want := `@layer a,b;.a,.b>i:is(p,q){color:red;background:` + "\n" +
		`url(x) 1px,none;&:hover{margin:0 auto}}[x="0"]{--h: 0;}`
	var got bytes.Buffer
	if squeezeStyle(&got, []byte(in)); got.String() != want {
		t.Errorf("got %q", &got)
	}
}

// The cost of making the bundles at a start.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		build()
	}
}

// Text has the size that the reader has set in the browser: sizes are in rem or em, not in pixels.
func TestFontSizesFollowTheReader(t *testing.T) {
	sheets, err := fs.Glob(files, "css/*.css")
	if err != nil || len(sheets) < 10 {
		t.Fatal(sheets, err)
	}
	absolute := regexp.MustCompile(`(?s)\bfont(?:-size)?:[^;{}]*\d(?:px|pt|mm|cm|in|pc)\b[^;{}]*`)
	for _, sheet := range sheets {
		css, err := fs.ReadFile(files, sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range absolute.FindAll(css, -1) {
			t.Errorf("%s: %s", sheet, rule)
		}
	}
}
