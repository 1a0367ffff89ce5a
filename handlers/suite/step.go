package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// step is a part of a run.
type step struct {
	name string
	do   func(ctx context.Context) error
}

// taken is the time that a step took.
type taken struct {
	name string
	time time.Duration
}

// run runs the steps up to the first that fails, and prints how long each took.
func (s *suite) run(ctx context.Context, steps []step) error {
	var failed error
	for _, step := range steps {
		say(s.out, "== %s\n", step.name)
		begun := time.Now()
		failed = step.do(ctx)
		s.took = append(s.took, taken{step.name, time.Since(begun)})
		if failed != nil {
			failed = fmt.Errorf("%s: %w", step.name, failed)
			break
		}
	}
	say(s.out, "\nThe steps took\n")
	var sum time.Duration
	for _, t := range s.took {
		say(s.out, "%8.1f s  %s\n", t.time.Seconds(), t.name)
		sum += t.time
	}
	say(s.out, "%8.1f s  together\n", sum.Seconds())
	return failed
}

// command runs a program and shows its output.
func command(ctx context.Context, name string, args ...string) error {
	if err := prepare(ctx, nil, name, args...).Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// prepare returns a command in a process group of its own: when ctx ends, so do the processes that it started.
func prepare(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// output runs a program and returns its output.
func output(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}

// say prints a line. Errors are ignored.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
