//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// process is a server in a process of its own.
type process struct {
	cmd  *exec.Cmd
	addr string
	log  string // its log file
	took time.Duration
}

// serve starts a server, and blocks until it prints "… listening on ADDRESS".
func serve(log, binary string, args ...string) (*process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the child has its own
	p := &process{cmd: exec.Command(binary, args...), log: log}
	p.cmd.Stderr = file
	p.cmd.Env = append(os.Environ(), childEnv+"=1")
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.cmd.Stdout = io.Discard
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, addr, ok := strings.Cut(lines.Text(), "listening on "); ok {
			p.addr = strings.TrimSpace(addr)
			p.took = time.Since(begun)
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the process
			return p, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s did not start: %s", filepath.Base(binary), p.tail()), p.stop())
}

// tail returns the end of the log.
func (p *process) tail() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-800):])
}

// stop asks the server to end, and waits for it; after a timeout it kills it.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have exited already
	killer := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer killer.Stop()
	return p.cmd.Wait()
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// build compiles the program from the checkout of the working directory.
func build(into string, env []string, flags ...string) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "chitchat").Output()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(into, "chit-chat")
	cmd := exec.Command("go", slices.Concat([]string{"build", "-o", binary}, flags, []string{"."})...) //nolint:gosec // our own program
	cmd.Dir, cmd.Env = strings.TrimSpace(string(root)), append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return binary, nil
}
