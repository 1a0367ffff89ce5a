// Suite is what a change has to pass. It needs Go and npm, and installs what the tests need besides.
//
//	go run ./handlers/suite               everything: what it needs, the checks, all tests
//	go run ./handlers/suite quick         before a commit: format, vet, and tests without a browser or a child process
//	go run ./handlers/suite flaky -n 10   the tests so many times, shuffled, while every core is busy with something else
//	go run ./handlers/suite setup         what the tests need; likewise current, format, lint and vuln
//
// It says how long each step took, which tests were slowest and which were skipped. It ends at the first step that
// fails, with status 1; tests that fail are told at the end, when all have run.
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

// suite is one run: what it was asked for, and how far it is.
type suite struct {
	out io.Writer
	// a folder of the Go vulnerability database; empty: ask the internet, or leave it out where everything runs
	vulnDB string
	slow   int    // so many of the slowest tests are listed
	times  int    // that flaky repeats
	only   string // the packages that flaky repeats; empty: all

	took []taken
}

// commands are what can be asked for, each a list of steps.
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

// everything is what a change has to pass.
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

// quick is what one runs before each commit.
func (s *suite) quick() []step {
	return []step{{"packages", packages}, {"modules", alone}, {"format", format}, {"vet", vet}, {quick.name, s.quickTests}}
}
