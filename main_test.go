package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
	"chitchat/handlers/leaktest"
)

func TestMain(m *testing.M) {
	browsertest.Main(m, leaktest.Serving...)
}

var listening = regexp.MustCompile(`(?m)^Chit-Chat is listening on (https?://\S+)$`)

// patience is how long the program may take to start or to stop: only a fault takes so long.
const patience = 2 * time.Minute

// program starts the whole program on a free port. stop stops it, and returns its exit status.
func program(t *testing.T, args ...string) (url string, stop func() int) {
	t.Helper()
	return logged(t, new(browsertest.Output), args...)
}

// logged is program that also returns its log.
func logged(t *testing.T, log *browsertest.Output, args ...string) (url string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var stdout browsertest.Output
	status := make(chan int, 1)
	go func() { status <- start(ctx, append([]string{"--addr", "127.0.0.1:0"}, args...), &stdout, log) }()
	stop = sync.OnceValue(func() int {
		cancel()
		select {
		case s := <-status:
			return s
		case <-time.After(patience):
			t.Errorf("does not stop: %s", log)
			return -1
		}
	})
	t.Cleanup(func() { stop() })
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if m := listening.FindStringSubmatch(stdout.String()); m != nil {
			return m[1], stop
		}
	}
	t.Fatalf("does not listen: %s%s", &stdout, log)
	return "", nil
}

// hung connects to the program, sends these bytes, and waits for no answer. When it returns, the program has accepted
// the connection: it accepts in order, and has answered a later one.
func hung(t *testing.T, url, said string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the program may have closed it
	if _, err := io.WriteString(conn, said); err != nil {
		t.Fatal(err)
	}
	later := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := later.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
}

func TestProgram(t *testing.T) {
	data := filepath.Join(t.TempDir(), "made", "by", "it")
	url, stop := program(t, "--data", data, "--log-format", "json")
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/signin": 200, "/nothing": 404} {
		res, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	t.Run("is alone in its data folder", func(t *testing.T) {
		fails(t, 1, "another Chit-Chat uses the data folder", "--addr", "127.0.0.1:0", "--data", data)
	})
	t.Run("is alone at its address", func(t *testing.T) {
		fails(t, 1, "another program listens on", "--addr", strings.TrimPrefix(url, "http://"), "--data", t.TempDir())
	})
	t.Run("stops in time, whoever is still connected", func(t *testing.T) {
		hung(t, url, "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nna")
		if status := stop(); status != 0 {
			t.Error("exit status", status)
		}
		if shutdownTime >= 5*time.Second { // it stops although that request never ends
			t.Errorf("it may wait for %v, and 5s were promised", shutdownTime)
		}
	})
	t.Run("cuts off who is still busy then", func(t *testing.T) {
		defer func(was time.Duration) { shutdownTime = was }(shutdownTime)
		shutdownTime = time.Nanosecond
		var log browsertest.Output
		url, stop := logged(t, &log, "--data", t.TempDir())
		hung(t, url, "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nna")
		if status := stop(); status != 0 || !strings.Contains(log.String(), "some requests were cut off") {
			t.Errorf("exit status %d, and it says\n%s", status, &log)
		}
	})
	t.Run("does not wait for a connection that asks for nothing", func(t *testing.T) {
		var log browsertest.Output
		url, stop := logged(t, &log, "--data", t.TempDir())
		hung(t, url, "")
		// its output at the timeout
		if status := stop(); status != 0 || strings.Contains(log.String(), "some requests were cut off") {
			t.Errorf("exit status %d, and it says\n%s", status, &log)
		}
	})
	again, stop := program(t, "--data", data)
	if again == "" || stop() != 0 {
		t.Error("does not start again on the same folder")
	}
}

// A stop before the first accept leaves no goroutine waiting for a connection.
func TestStopsBeforeItServes(t *testing.T) {
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		stdout := stopper{stop: cancel}
		var stderr browsertest.Output
		if status := start(ctx, []string{"--addr", "127.0.0.1:0", "--data", t.TempDir()}, &stdout, &stderr); status != 0 {
			t.Fatal(status, &stderr)
		}
		address := strings.TrimPrefix(listening.FindStringSubmatch(stdout.String())[1], "http://")
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			t.Fatal("it has stopped, and still listens")
		}
	}
}

// stopper stops the program at its first output.
type stopper struct {
	browsertest.Output
	stop context.CancelFunc
}

func (s *stopper) Write(p []byte) (int, error) {
	s.stop()
	return s.Output.Write(p)
}

func TestSetupLink(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	fails(t, 1, "no Chit-Chat in the data folder", "owner", "--data", data)
	address, stop := program(t, "--data", data)
	var stdout, stderr browsertest.Output
	if status := start(context.Background(), []string{"owner", "--data", data, "--url", "https://chat.example.com"},
		&stdout, &stderr); status != 0 {
		t.Fatal(status, &stderr)
	}
	path, ok := strings.CutPrefix(strings.TrimSpace(stdout.String()), "https://chat.example.com/owner/")
	if !ok {
		t.Fatal(stdout.String())
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(address+"/owner/"+path, url.Values{
		"workspace": {"Works"}, "name": {"Ada"}, "password": {"seven green otters"}, "access": {"open"},
	})
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
	fails(t, 1, "has an owner already", "owner", "--data", data)
	fails(t, 1, "Nobody here is called that", "reset-password", "Nobody", "--data", data)
	fails(t, 1, "Nobody here is called that", "reset-password", "--data", data, "Nobody")
	fails(t, 1, "Nobody here is called that", "--data", data, "reset-password", "Nobody")
	var reset browsertest.Output
	if status := start(context.Background(), []string{"reset-password", "--data", data, "ada", "--addr", ":9999"}, &reset,
		&stderr); status != 0 {
		t.Fatal(status, &stderr)
	}
	path, ok = strings.CutPrefix(strings.TrimSpace(reset.String()), "http://localhost:9999")
	if res, err = client.PostForm(address+path, url.Values{"password": {"another good one"}}); !ok || err != nil ||
		res.StatusCode != http.StatusSeeOther {
		t.Fatal(path, res, err)
	}
	_ = res.Body.Close()
	if stop() != 0 {
		t.Error("does not stop")
	}
	fails(t, 1, "has an owner already", "owner", "--data", data)
}

// Two users in two real browsers: each sees what the other posts.
func TestTwoPeopleTalk(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a browser")
	}
	t.Run("over HTTP", func(t *testing.T) { twoPeopleTalk(t) })
	t.Run("over TLS of its own", func(t *testing.T) {
		cert, key, _ := certificate(t)
		twoPeopleTalk(t, "--tls-cert", cert, "--tls-key", key)
	})
}

func twoPeopleTalk(t *testing.T, args ...string) {
	url, stop := program(t, append(args, "--data", t.TempDir())...)
	app := browsertest.At(t, url)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Online(2)
	ada.Say("Can you hear me?")
	bob.Sees("Can you hear me?")
	bob.Say("Loud and clear.")
	ada.Sees("Loud and clear.")
	ada.InOrder(1, 2)
	bob.InOrder(1, 2)
	if ours, theirs := ada.Rows(), bob.Rows(); !slices.Equal(ours, theirs) {
		t.Errorf("Ada sees %+v, Bob %+v", ours, theirs)
	}
	ada.User.ExpectDisconnects()
	bob.User.ExpectDisconnects()
	if status := stop(); status != 0 {
		t.Error("exit status", status)
	}
	ada.Reconnecting()
	bob.Reconnecting()
}

// certificate writes PEM files with a certificate for 127.0.0.1, and returns a client that trusts it.
func certificate(t *testing.T) (cert, key string, client *http.Client) {
	t.Helper()
	known := httptest.NewTLSServer(nil)
	defer known.Close()
	pair := known.TLS.Certificates[0]
	private, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	client = known.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return cert, key, client
}

// Over its own TLS, cookies have the prefix that no other host can set, and browsers are told to insist on TLS.
func TestTLS(t *testing.T) {
	cert, key, client := certificate(t)
	address, stop := program(t, "--tls-cert", cert, "--tls-key", key, "--data", t.TempDir())
	if !strings.HasPrefix(address, "https://") {
		t.Error("listens on", address)
	}
	res, err := client.PostForm(address+"/signin", url.Values{"name": {"Ada"}})
	// of the whole host, which has other ports
	if err != nil || res.StatusCode != http.StatusSeeOther || res.Proto != "HTTP/1.1" ||
		res.Header.Get("Strict-Transport-Security") != "" {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
	session := false
	for _, c := range res.Cookies() {
		session = session || c.Name == "__Host-chitchat-"+address[strings.LastIndex(address, ":")+1:] && c.HttpOnly
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || c.Path != "/" || c.Domain != "" {
			t.Error("cookie", c)
		}
	}
	if !session {
		t.Error("no session in", res.Cookies())
	}
	res, err = http.Get("http" + strings.TrimPrefix(address, "https") + "/signin")
	if err != nil || res.StatusCode != http.StatusBadRequest {
		t.Fatal(res, err)
	}
	if said, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(said), "https://") {
		t.Errorf("without TLS: %q, %v", said, err)
	}
	_ = res.Body.Close()
	client.CloseIdleConnections()
	if status := stop(); status != 0 {
		t.Error("exit status", status)
	}
}

// fails tests that the program exits with a status, and one sentence.
func fails(t *testing.T, status int, sentence string, args ...string) {
	t.Helper()
	var stdout, stderr browsertest.Output
	if got := start(context.Background(), args, &stdout, &stderr); got != status {
		t.Errorf("%q: exit status %d, want %d", args, got, status)
	}
	said := stderr.String()
	if !strings.Contains(said, sentence) || strings.Count(said, "\n") != 1 || stdout.String() != "" {
		t.Errorf("%q says %q and %q, want %q", args, said, stdout.String(), sentence)
	}
}

func TestWrongSettings(t *testing.T) {
	fails(t, 2, "--addr", "--addr", "nowhere")
	fails(t, 2, `"nonsense" is neither a flag nor a command`, "nonsense")
	fails(t, 2, "reset-password needs the name", "reset-password")
	fails(t, 2, "reset-password needs the name", "reset-password", "--data", "x")
	fails(t, 2, "a name of several words needs quotation marks", "reset-password", "Ada", "Lovelace")
	fails(t, 2, `owner does not take "Ada"`, "owner", "Ada")
	fails(t, 2, "--tls-cert", "--tls-cert", "none.pem", "--tls-key", "none.pem")
	t.Setenv("CHITCHAT_LOG_LEVEL", "x")
	fails(t, 2, "CHITCHAT_LOG_LEVEL")
}

func TestUnwritableData(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, 1, "data folder", "--addr", "127.0.0.1:0", "--data", filepath.Join(file, "data"))
}

func TestHelpAndVersion(t *testing.T) {
	var stdout, stderr browsertest.Output
	if status := start(context.Background(), []string{"--help"}, &stdout, &stderr); status != 0 || stderr.String() != "" {
		t.Error(status, &stderr)
	}
	for _, text := range []string{"--addr", "CHITCHAT_ADDR", "--max-upload", "CHITCHAT_MAX_UPLOAD", "100MB",
		"CHITCHAT_LIMIT_POSTS", "(2160h)", "--limit-changes number", "(info)"} {
		if !strings.Contains(stdout.String(), text) {
			t.Errorf("no %q in\n%s", text, &stdout)
		}
	}
	var version browsertest.Output
	if status := start(context.Background(), []string{"--version"}, &version, &stderr); status != 0 ||
		!strings.HasPrefix(version.String(), "Chit-Chat ") {
		t.Error(status, &version)
	}
}

// The cost of a start with existing data: the time to the first 200, and the idle memory after it, in total and without
// the pages of the program's own file, which processes may share.
func BenchmarkStart(b *testing.B) {
	binary, data := filepath.Join(b.TempDir(), "chit-chat"), b.TempDir()
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	start := func(b *testing.B) *exec.Cmd {
		b.Helper()
		cmd := exec.Command(binary, "--addr", "127.0.0.1:0", "--data", data, "--log-level", "error")
		stdout, err := cmd.StdoutPipe()
		if err := errors.Join(err, cmd.Start()); err != nil {
			b.Fatal(err)
		}
		line, _ := bufio.NewReader(stdout).ReadString('\n')
		res, err := http.Get(strings.TrimSpace(strings.TrimPrefix(line, "Chit-Chat is listening on ")) + "/signin")
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(line, res, err)
		}
		_ = res.Body.Close()
		return cmd
	}
	stop := func(b *testing.B, cmd *exec.Cmd) {
		b.Helper()
		if err := errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()); err != nil {
			b.Fatal(err)
		}
	}
	stop(b, start(b))
	for b.Loop() {
		cmd := start(b)
		b.StopTimer()
		stop(b, cmd)
		b.StartTimer()
	}
	b.StopTimer()
	cmd := start(b)
	defer stop(b, cmd)
	status, err := atRest(cmd.Process.Pid)
	if err != nil {
		b.Log("no memory is told:", err)
		return
	}
	for name, unit := range map[string]string{"VmRSS": "MB-resident", "RssAnon": "MB-anonymous"} {
		m := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+) kB$`).FindSubmatch(status)
		if m == nil {
			b.Fatalf("no %s in %s", name, status)
		}
		kb, _ := strconv.Atoi(string(m[1])) // digits
		b.ReportMetric(float64(kb)/1024, unit)
	}
}

// atRest returns the process's memory, once two readings are equal: the program returns the start's memory settleDelay
// after it.
func atRest(pid int) ([]byte, error) {
	anonymous := regexp.MustCompile(`(?m)^RssAnon:.*$`)
	var was []byte
	for range 100 {
		time.Sleep(2 * settleDelay)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		now := anonymous.Find(status)
		if err != nil || was != nil && bytes.Equal(was, now) {
			return status, err
		}
		was = now
	}
	return nil, errors.New("it never comes to rest")
}
