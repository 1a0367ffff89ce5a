// Suite runs the checks that a change must pass. It needs Go and npm, and installs everything else.
//
//	go run ./handlers/suite               everything: what it needs, the checks, all tests
//	go run ./handlers/suite quick         before a commit: format, vet, and tests without a browser or a child process
//	go run ./handlers/suite flaky -n 10   the tests so many times, shuffled, while every core is busy with something else
//	go run ./handlers/suite setup         what the tests need; likewise current, format, lint and vuln
//
// It reports how long each step took, and which tests were slowest or skipped. It stops at the first failed step, with
// status 1; failed tests are reported after all tests have run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := start(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		stop()
		os.Exit(1)
	}
}

// suite is one run: its options and its progress.
type suite struct {
	out io.Writer
	// a folder with the Go vulnerability database; empty: use the internet, or skip the check when everything runs
	vulnDB string
	slow   int    // how many of the slowest tests are listed
	times  int    // how often flaky repeats
	only   string // the packages that flaky repeats; empty: all

	took []taken
}

// commands are the commands of the suite, each a list of steps.
var commands = map[string]func(*suite) []step{
	"":        (*suite).everything,
	"quick":   (*suite).quick,
	"flaky":   func(s *suite) []step { return []step{{"packages", packages}, {"flaky", s.flaky}} },
	"setup":   func(*suite) []step { return setup },
	"current": func(*suite) []step { return []step{{"current", current}} },
	"format":  func(*suite) []step { return []step{{"format", format}} },
	"lint": func(*suite) []step {
		return []step{{"packages", packages}, {"format", format}, {"vet", vet}, {"lint", lint}}
	},
	"vuln": func(s *suite) []step { return []step{{"packages", packages}, {"vulnerabilities", s.vuln}} },
}

func start(ctx context.Context, args []string, out io.Writer) error {
	name := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		name, args = args[0], args[1:]
	}
	steps, ok := commands[name]
	if !ok {
		return fmt.Errorf("there is no command %q: see the comment of this package (go doc ./handlers/suite)", name)
	}
	s := &suite{out: out}
	flags := flag.NewFlagSet("suite", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&s.vulnDB, "vulndb", os.Getenv("VULNDB"), "folder of the Go vulnerability database")
	flags.IntVar(&s.slow, "slow", 10, "list so many of the slowest tests")
	flags.IntVar(&s.times, "n", 10, "how often flaky repeats the tests")
	flags.StringVar(&s.only, "pkg", "", "the packages that flaky repeats, as in ./handlers/socket; empty: all")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	return s.run(ctx, steps(s))
}

// everything is what a change must pass.
func (s *suite) everything() []step {
	steps := append(append([]step{}, setup...),
		step{"modules", alone},
		step{"current", current},
		step{"format", format},
		step{"vet", vet},
		step{"lint", lint},
	)
	if s.vulnDB != "" {
		steps = append(steps, step{"vulnerabilities", s.vuln})
	}
	return append(steps, s.tests()...)
}

// quick is for every commit.
func (s *suite) quick() []step {
	return []step{{"packages", packages}, {"modules", alone}, {"format", format}, {"vet", vet}, {quick.name, s.quickTests}}
}
