package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// App is the program, running as a process of its own on a port and a data folder of its own.
//
// It ends with its test, which fails when the program did not stop cleanly, logged an error, or raced.
type App struct {
	URL  string // http://127.0.0.1:port, the same after a restart
	Data string // the data folder

	t      testing.TB
	flags  []string
	files  int // that the program may have open; 0: as many as this process
	build  func() (string, error)
	cmd    *exec.Cmd
	exited chan error
	output Output
	people []*User // who may notice when it stops
}

// Start starts the program with the given flags, and waits until it listens.
func Start(t testing.TB, flags ...string) *App {
	t.Helper()
	return StartWithFiles(t, 0, flags...)
}

// StartWithFiles is Start of a program that may have so many files open, and no more; 0: as many as this process.
func StartWithFiles(t testing.TB, files int, flags ...string) *App {
	t.Helper()
	a := &App{Data: filepath.Join(t.TempDir(), "data"), t: t, flags: flags, files: files}
	a.start("127.0.0.1:0")
	t.Cleanup(a.end)
	return a
}

// At is a program that runs already, at that URL: whoever started it stops it.
func At(t testing.TB, url string) *App { return &App{URL: url, t: t} }

// For is the program as a part of a test sees it: what fails, fails that part.
func (a *App) For(t testing.TB) *App { return At(t, a.URL) }

// Elsewhere is the address of another site.
func (a *App) Elsewhere() string {
	a.t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, `<!DOCTYPE html><link rel="icon" href="data:,"><title>Elsewhere</title>Elsewhere`)
	}))
	a.t.Cleanup(site.Close)
	return site.URL + "/"
}

// Step is a part of a journey, which tells where a test was when it failed.
func (a *App) Step(what string, do func()) {
	a.t.Helper()
	a.t.Log(what)
	do()
}

// Stop ends the program as a service manager does, and fails the test when it is not gone with status 0 in time.
func (a *App) Stop() {
	a.t.Helper()
	a.signal(syscall.SIGTERM)
	if err := a.wait(); err != nil {
		a.t.Fatalf("the program did not stop cleanly: %v\n%s", err, a.output.tail())
	}
}

// Kill ends the program as a power cut does.
func (a *App) Kill() {
	a.t.Helper()
	a.signal(syscall.SIGKILL)
	_ = a.wait() // it says "killed", which is what was asked for
}

// StartAgain starts the program on the port and the data folder that it had.
func (a *App) StartAgain() {
	a.t.Helper()
	a.start(strings.TrimPrefix(a.URL, "http://"))
}

// Upgrade stops the program and starts its next version where it was: see build.
func (a *App) Upgrade() {
	a.t.Helper()
	if _, err := newerProgram(); err != nil { // before anybody waits for it
		a.t.Fatal(err)
	}
	a.Stop()
	a.build = newerProgram
	a.StartAgain()
}

// Said is what the program has printed so far.
func (a *App) Said() string { return a.output.String() }

// PID is the process that runs.
func (a *App) PID() int {
	a.t.Helper()
	if a.cmd == nil {
		a.t.Fatal("the program is not running")
	}
	return a.cmd.Process.Pid
}

// Host is the address and port that the program listens on.
func (a *App) Host() string {
	u, err := url.Parse(a.URL)
	if err != nil {
		a.t.Fatal(err)
	}
	return u.Host
}

var listening = regexp.MustCompile(`Chit-Chat is listening on (http://\S+)`)

func (a *App) start(addr string) {
	a.t.Helper()
	if a.build == nil {
		a.build = thisProgram
	}
	program, err := a.build()
	if err != nil {
		a.t.Fatal(err)
	}
	from := a.output.len()
	a.cmd = exec.Command(program, append([]string{"--addr", addr, "--data", a.Data}, a.flags...)...)
	if a.files > 0 {
		a.cmd.Args = append([]string{"sh", "-c", `ulimit -n "$0" && exec "$@"`, strconv.Itoa(a.files)}, a.cmd.Args...)
		a.cmd.Path = "/bin/sh"
	}
	a.cmd.Stdout, a.cmd.Stderr = &a.output, &a.output
	a.cmd.Env = append(withoutOurs(os.Environ()), "GORACE=exitcode=66")
	if err := a.cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	exited := make(chan error, 1)
	a.exited = exited
	go func(cmd *exec.Cmd) { exited <- cmd.Wait() }(a.cmd)

	deadline := time.After(patience)
	for {
		if m := listening.FindSubmatch(a.output.from(from)); m != nil {
			a.URL = string(m[1])
			return
		}
		select {
		case err := <-exited:
			a.cmd = nil
			a.t.Fatalf("the program ended before it listened: %v\n%s", err, a.output.tail())
		case <-deadline:
			a.t.Fatalf("the program does not listen\n%s", a.output.tail())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (a *App) signal(s syscall.Signal) {
	a.t.Helper()
	if a.cmd == nil {
		a.t.Fatal("the program is not running")
	}
	for _, p := range a.people {
		p.ExpectDisconnects()
	}
	if err := a.cmd.Process.Signal(s); err != nil {
		a.t.Fatal(err)
	}
}

// wait waits for the process to end; one that does not is killed.
func (a *App) wait() error {
	cmd := a.cmd
	a.cmd = nil
	select {
	case err := <-a.exited:
		return err
	case <-time.After(patience):
		_ = cmd.Process.Kill()
		<-a.exited
		return fmt.Errorf("still running after %v", patience)
	}
}

func (a *App) end() {
	if a.cmd != nil {
		a.Stop()
	}
	for line := range strings.SplitSeq(a.output.String(), "\n") {
		for _, bad := range []string{"DATA RACE", "panic:", "level=ERROR", `"level":"ERROR"`} {
			if strings.Contains(line, bad) {
				a.t.Errorf("the program said: %s", line)
			}
		}
	}
	if a.t.Failed() {
		a.t.Logf("the program's last words:\n%s", a.output.tail())
	}
}

// withoutOurs is the environment without what would change the program under test.
func withoutOurs(env []string) []string {
	var kept []string
	for _, e := range env {
		if !strings.HasPrefix(e, "CHITCHAT_") {
			kept = append(kept, e)
		}
	}
	return kept
}
