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

// programs are the packages that run the whole program and load it; browsers are those that view it only with a
// browser.
var (
	programs = []string{"chitchat", "chitchat/handlers/faulttest", "chitchat/handlers/load"}
	browsers = []string{"chitchat/handlers/browsertest"}
)

// groups are all tests. The race detector finds faults between goroutines; the tests of packages and of the program
// cover them all. With browsers it would take ten times as long and find nothing more.
var groups = []group{
	{"tests of packages", true, false, ofPackage},
	{"tests of the program", true, true, func(p string) bool { return slices.Contains(programs, p) }},
	{"tests in browsers", false, true, func(p string) bool { return slices.Contains(browsers, p) }},
}

func ofPackage(p string) bool { return !slices.Contains(programs, p) && !slices.Contains(browsers, p) }

// quick are the tests that need neither a browser nor a process of the program; -short skips the others.
var quick = group{name: "quick tests", holds: func(p string) bool {
	return p != "chitchat/handlers/faulttest" && !slices.Contains(browsers, p)
}}

// uninstrumented are other projects' packages in which the race detector only costs time: SQLite transpiled from C,
// which shares data with Go only under the locks of database/sql, and pure computation. (Packages that instantiate
// generic code of sync and sync/atomic, such as modernc.org/sqlite itself, must not be listed: the linker could use
// their uninstrumented copy everywhere, which loses happens-before edges.)
var uninstrumented = []string{
	"modernc.org/sqlite/lib", "modernc.org/libc", "golang.org/x/crypto/argon2",
	"github.com/pressly/goose/v3/internal/sqlparser",
}

// environment returns the environment of a group's tests, and of the builds that they start. Without a browser, tests
// that need one fail; only a plain go test skips them.
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

// arguments returns go's arguments to test these packages.
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

// tests returns a step for each group, and one that reports.
func (s *suite) tests() []step {
	r := newReport(s.out)
	var steps []step
	for _, g := range groups {
		steps = append(steps, step{g.name, func(ctx context.Context) error { return r.test(ctx, g, everyPackage) }})
	}
	return append(steps, step{"report", func(context.Context) error { return r.tell(s.slow) }})
}

// quickTests runs the quick tests, without the race detector.
func (s *suite) quickTests(ctx context.Context) error {
	r := newReport(s.out)
	if err := r.test(ctx, quick, everyPackage, "-short"); err != nil {
		return err
	}
	return r.tell(s.slow)
}

// test runs those packages of a group that the patterns match. Failed tests are no error here: tell reports them.
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
