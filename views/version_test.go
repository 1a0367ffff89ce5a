package views

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestVersion(t *testing.T) {
	if !regexp.MustCompile(`^[0-9a-z]{4,7}$`).MatchString(Version) {
		t.Errorf("the version is %q", Version)
	}
	files := func(live string) fstest.MapFS {
		return fstest.MapFS{"live.templ": {Data: []byte(live)}, "row.go": {Data: []byte("package views")}}
	}
	was := version(files("<i></i>"), "/assets/app.1.css", "/assets/app.1.js")
	if again := version(files("<i></i>"), "/assets/app.1.css", "/assets/app.1.js"); again != was {
		t.Errorf("%s, then %s of the same", was, again)
	}
	for what, other := range map[string]string{
		"a partial": version(files("<b></b>"), "/assets/app.1.css", "/assets/app.1.js"),
		"an asset":  version(files("<i></i>"), "/assets/app.1.css", "/assets/app.2.js"),
		"a file":    version(fstest.MapFS{"live.templ": {Data: []byte("<i></i>")}}, "/assets/app.1.css", "/assets/app.1.js"),
	} {
		if other == was {
			t.Errorf("the version does not change with %s", what)
		}
	}
	for _, name := range []string{"live.templ", "layout.templ", "message.templ", "row.go"} {
		if _, err := sources.ReadFile(name); err != nil {
			t.Errorf("the version does not go by %s: %v", name, err)
		}
	}
}

// A page would keep what the program of before has written into it, and mix it with what this one writes.
func TestVersionGoesByAllMarkup(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	markup, found := regexp.MustCompile("[`\"]</?[a-z]"), 0
	for _, name := range files {
		if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !markup.Match(source) {
			continue
		}
		found++
		if _, err := sources.ReadFile(name); err != nil {
			t.Errorf("%s writes markup, and the version does not go by it", name)
		}
	}
	if found < 2 {
		t.Errorf("only %d files are taken to write markup", found)
	}
}
