package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// group is packages whose tests run in the same way.
type group struct {
	name  string
	race  bool
	alone bool // one package at a time: browsers and loaded programs starve each other
	holds func(pkg string) bool
}

// programs are the packages that run the whole program and load it, and browsers those that look at it with a browser
// alone.
var (
	programs = []string{"chitchat", "chitchat/handlers/faulttest", "chitchat/handlers/load"}
	browsers = []string{"chitchat/handlers/browsertest"}
)

// groups are all tests. The race detector looks for faults between goroutines: the tests of packages and those of the
// program show it all of them. To drive browsers beside it would take ten times as long and show it nothing more.
var groups = []group{
	{"tests of packages", true, false, ofPackage},
	{"tests of the program", true, true, func(p string) bool { return slices.Contains(programs, p) }},
	{"tests in browsers", false, true, func(p string) bool { return slices.Contains(browsers, p) }},
}

func ofPackage(p string) bool { return !slices.Contains(programs, p) && !slices.Contains(browsers, p) }

// quick is every test that needs neither a browser nor a process of the program: short leaves out what does.
var quick = group{name: "quick tests", holds: func(p string) bool {
	return p != "chitchat/handlers/faulttest" && !slices.Contains(browsers, p)
}}

// uninstrumented is code of others in which the race detector would only cost time: SQLite as transpiled from C, which
// shares nothing with Go but under the locks of database/sql, and pure computation. (A package that instantiates what
// sync and sync/atomic have of generic code, like modernc.org/sqlite itself, must not stand here: the linker could
// take its copy for everybody's, and what happens before what is lost.)
var uninstrumented = []string{
	"modernc.org/sqlite/lib", "modernc.org/libc", "golang.org/x/crypto/argon2",
	"github.com/pressly/goose/v3/internal/sqlparser",
}

// environment is what a group's tests get, and the builds that they start. Where there is no browser, tests that need
// one fail: only a plain go test skips them.
func (g group) environment() []string {
	var env []string
	if os.Getenv("CHITCHAT_BROWSER") == "" {
		env = append(env, "CHITCHAT_BROWSER=required")
	}
	if g.race {
		flags := os.Getenv("GOFLAGS")
		for _, path := range uninstrumented {
			flags += " -gcflags=" + path + "=-race=false"
		}
		env = append(env, "CGO_ENABLED=1", "GOFLAGS="+strings.TrimSpace(flags))
	}
	return env
}

// arguments are those of go, to test these packages.
func (g group) arguments(packages []string, more ...string) []string {
	args := []string{"test", "-json", "-shuffle=on", "-timeout=30m"}
	if g.race {
		args = append(args, "-race")
	}
	if g.alone {
		args = append(args, "-p=1")
	}
	return append(append(args, more...), packages...)
}

// tests are a step for each group, and one that tells about them.
func (s *suite) tests() []step {
	r := newReport(s.out)
	var steps []step
	for _, g := range groups {
		steps = append(steps, step{g.name, func(ctx context.Context) error { return r.test(ctx, g, everyPackage) }})
	}
	return append(steps, step{"report", func(context.Context) error { return r.tell(s.slow) }})
}

// quickTests runs the quick ones, without the race detector.
func (s *suite) quickTests(ctx context.Context) error {
	r := newReport(s.out)
	if err := r.test(ctx, quick, everyPackage, "-short"); err != nil {
		return err
	}
	return r.tell(s.slow)
}

// test runs what a group holds of the packages that patterns name. That tests fail is no error of its own: tell says
// so.
func (r *report) test(ctx context.Context, g group, patterns []string, more ...string) error {
	found, err := output(ctx, "go", append([]string{"list"}, patterns...)...)
	if err != nil {
		return err
	}
	packages := slices.DeleteFunc(strings.Fields(found), func(p string) bool { return !g.holds(p) })
	if len(packages) == 0 {
		return nil
	}
	cmd := prepare(ctx, g.environment(), "go", g.arguments(packages, more...)...)
	cmd.Stdout = nil
	events, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	failed := len(r.failed)
	readErr := r.read(events)
	if err := cmd.Wait(); err != nil && len(r.failed) == failed {
		return fmt.Errorf("go %s: %w", strings.Join(cmd.Args[1:], " "), err)
	}
	return readErr
}
