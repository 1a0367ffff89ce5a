package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Exactly one group runs the tests of each package.
func TestEveryPackageHasOneGroup(t *testing.T) {
	for _, pkg := range slices.Concat(programs, browsers,
		[]string{"chitchat/chat", "chitchat/handlers/socket", "chitchat/new"}) {
		n := 0
		for _, g := range groups {
			if g.holds(pkg) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is in %d groups", pkg, n)
		}
	}
}

// A browser is required, and builds with the race detector do not instrument SQLite's code.
func TestEnvironment(t *testing.T) {
	t.Setenv("CHITCHAT_BROWSER", "")
	t.Setenv("GOFLAGS", "-trimpath")
	env := strings.Join(groups[0].environment(), "\n")
	for _, want := range []string{"CHITCHAT_BROWSER=required",
		"GOFLAGS=-trimpath -gcflags=modernc.org/sqlite/lib=-race=false"} {
		if !strings.Contains(env, want) {
			t.Errorf("no %q in\n%s", want, env)
		}
	}
	t.Setenv("CHITCHAT_BROWSER", "/opt/chromium")
	if env := groups[2].environment(); len(env) > 0 {
		t.Errorf("%q, though a browser was named, and no race is looked for", env)
	}
}

func TestStepsEndAtTheFirstThatFails(t *testing.T) {
	var out strings.Builder
	s, later := &suite{out: &out}, false
	err := s.run(t.Context(), []step{
		{"one", func(context.Context) error { return nil }},
		{"two", func(context.Context) error { return errors.New("it broke") }},
		{"three", func(context.Context) error { later = true; return nil }},
	})
	if err == nil || err.Error() != "two: it broke" {
		t.Errorf("got %v", err)
	}
	if later || !strings.Contains(out.String(), "s  one\n") || !strings.Contains(out.String(), "s  two\n") {
		t.Errorf("a later step was taken: %v\n%s", later, &out)
	}
}

func TestFailuresAreCounted(t *testing.T) {
	var out strings.Builder
	s := &suite{out: &out, times: 10}
	if err := s.tellFailures(nil); err != nil || out.Len() > 0 {
		t.Errorf("nothing failed: %v, %s", err, &out)
	}
	if err := s.tellFailures(map[string]int{"chat TestRare": 1, "chat TestOften": 7}); err == nil {
		t.Error("failures are no error")
	}
	want := "failed 7 of 10 times: chat TestOften\nfailed 1 of 10 times: chat TestRare\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}

// A test fails with each of its subtests, and a package with each of its tests: that counts as one failure.
func TestInnermost(t *testing.T) {
	got := innermost([]result{
		{pkg: "chitchat/chat", test: "TestOne/part/of it"}, {pkg: "chitchat/chat", test: "TestOne/part"},
		{pkg: "chitchat/chat", test: "TestOne"},
		{pkg: "chitchat/chat", test: "TestOneMore"}, {pkg: "chitchat/chat"}, {pkg: "chitchat/views"},
	})
	want := []string{"chat TestOne/part/of it", "chat TestOneMore", "views (the package itself)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Modules have their common requirements in the same version: otherwise go.work would build the program with other code
// than its own go.mod requires.
func TestModulesRequireTheSameVersions(t *testing.T) {
	required := make(map[string]string)
	for _, module := range modules {
		text, err := os.ReadFile(filepath.Join("../..", module, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		lines := regexp.MustCompile(`(?m)^\t(\S+) (v\S+)`).FindAllStringSubmatch(string(text), -1)
		if len(lines) == 0 {
			t.Errorf("%s requires nothing", module)
		}
		for _, line := range lines {
			if other := cmp.Or(required[line[1]], line[2]); other != line[2] {
				t.Errorf("%s: %s here and %s there", line[1], line[2], other)
			}
			required[line[1]] = line[2]
		}
	}
}

// The patterns match each module of go.work.
func TestModulesAreThoseOfTheWorkspace(t *testing.T) {
	text, err := os.ReadFile("../../go.work")
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for _, line := range regexp.MustCompile(`(?m)^\t(\S+)$`).FindAllStringSubmatch(string(text), -1) {
		used = append(used, filepath.Clean(line[1]))
	}
	if !slices.Equal(used, modules) || len(everyPackage) != len(modules) {
		t.Errorf("go.work has %q, the suite %q with %q", used, modules, everyPackage)
	}
}

func TestUnknownCommand(t *testing.T) {
	var out strings.Builder
	if err := start(t.Context(), []string{"nonsense"}, &out); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("got %v", err)
	}
}
