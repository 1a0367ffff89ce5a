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

// App is the program, running as a process of its own with a port and a data folder of its own.
//
// It is stopped when its test ends. The test fails if the program did not stop cleanly, logged an error, or had a data
// race.
type App struct {
	URL  string // http://127.0.0.1:port, the same after a restart
	Data string // the data folder

	t      testing.TB
	flags  []string
	files  int // maximum open files; 0: as many as this process
	build  func() (string, error)
	cmd    *exec.Cmd
	exited chan error
	output Output
	people []*User // who may notice when it stops
}

// Start starts the program with the given flags, and blocks until it listens.
func Start(t testing.TB, flags ...string) *App {
	t.Helper()
	return StartWithFiles(t, 0, flags...)
}

// StartWithFiles is Start with a limit of open files; 0: as many as this process.
func StartWithFiles(t testing.TB, files int, flags ...string) *App {
	t.Helper()
	a := &App{Data: filepath.Join(t.TempDir(), "data"), t: t, flags: flags, files: files}
	a.start("127.0.0.1:0")
	t.Cleanup(a.end)
	return a
}

// At returns a running program at that URL. The App does not stop it.
func At(t testing.TB, url string) *App { return &App{URL: url, t: t} }

// For returns the program for a part of a test: errors fail that part.
func (a *App) For(t testing.TB) *App { return At(t, a.URL) }

// Elsewhere returns the URL of another site.
func (a *App) Elsewhere() string {
	a.t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, `<!DOCTYPE html><link rel="icon" href="data:,"><title>Elsewhere</title>Elsewhere`)
	}))
	a.t.Cleanup(site.Close)
	return site.URL + "/"
}

// Step is a part of a journey; failures are reported with it.
func (a *App) Step(what string, do func()) {
	a.t.Helper()
	a.t.Log(what)
	do()
}

// Stop ends the program as a service manager does. It fails the test unless the program exits in time with status 0.
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
	_ = a.wait() // it reports "killed", as expected
}

// StartAgain starts the program with the same port and data folder.
func (a *App) StartAgain() {
	a.t.Helper()
	a.start(strings.TrimPrefix(a.URL, "http://"))
}

// Upgrade stops the program and starts its next version in its place: see build.
func (a *App) Upgrade() {
	a.t.Helper()
	if _, err := newerProgram(); err != nil { // before users wait for it
		a.t.Fatal(err)
	}
	a.Stop()
	a.build = newerProgram
	a.StartAgain()
}

// Said returns what the program has printed so far.
func (a *App) Said() string { return a.output.String() }

// PID returns the id of the running process.
func (a *App) PID() int {
	a.t.Helper()
	if a.cmd == nil {
		a.t.Fatal("the program is not running")
	}
	return a.cmd.Process.Pid
}

// Host returns the address and port that the program listens on.
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
	a.cmd = exec.Command(program, append([]string{"--addr", addr, "--data", a.Data, "--no-link-previews"}, a.flags...)...)
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

// wait blocks until the process ends; after a timeout it kills it.
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

// withoutOurs returns the environment without variables that would change the program under test.
func withoutOurs(env []string) []string {
	var kept []string
	for _, e := range env {
		if !strings.HasPrefix(e, "CHITCHAT_") {
			kept = append(kept, e)
		}
	}
	return kept
}
