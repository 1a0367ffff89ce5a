package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// output is what the program prints, for a test to read meanwhile.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

var listening = regexp.MustCompile(`(?m)^Chit-Chat is listening on (http://\S+)$`)

// program starts the whole program on a free port. stop tells it to stop, and returns its exit status.
func program(t *testing.T, args ...string) (url string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr output
	status := make(chan int, 1)
	go func() { status <- start(ctx, append([]string{"--addr", "127.0.0.1:0"}, args...), &stdout, &stderr) }()
	stop = sync.OnceValue(func() int {
		cancel()
		return <-status
	})
	t.Cleanup(func() { stop() })
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if m := listening.FindStringSubmatch(stdout.String()); m != nil {
			return m[1], stop
		}
	}
	t.Fatalf("does not listen: %s%s", &stdout, &stderr)
	return "", nil
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
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nna")
		begin := time.Now()
		if status := stop(); status != 0 {
			t.Error("exit status", status)
		}
		if d := time.Since(begin); d > 5*time.Second {
			t.Error("took", d)
		}
	})
	t.Run("does not wait for a connection that asks for nothing", func(t *testing.T) {
		url, stop := program(t, "--data", t.TempDir())
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		time.Sleep(50 * time.Millisecond) // until it was accepted
		begin := time.Now()
		if status := stop(); status != 0 || time.Since(begin) > 2*time.Second {
			t.Error("exit status", status, "after", time.Since(begin))
		}
	})
	again, stop := program(t, "--data", data)
	if again == "" || stop() != 0 {
		t.Error("does not start again on the same folder")
	}
}

func TestOwnerLink(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	fails(t, 1, "no Chit-Chat in the data folder", "owner", "--data", data)
	address, stop := program(t, "--data", data)
	var stdout, stderr output
	if status := start(context.Background(), []string{"owner", "--data", data, "--url", "https://chat.example.com"}, &stdout, &stderr); status != 0 {
		t.Fatal(status, &stderr)
	}
	path, ok := strings.CutPrefix(strings.TrimSpace(stdout.String()), "https://chat.example.com/owner/")
	if !ok {
		t.Fatal(stdout.String())
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(address+"/owner/"+path, url.Values{
		"place": {"Works"}, "name": {"Ada"}, "password": {"seven green otters"}, "access": {"open"},
	})
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
	fails(t, 1, "has an owner already", "owner", "--data", data)
	fails(t, 1, "Nobody here is called that", "reset-password", "Nobody", "--data", data)
	var reset output
	if status := start(context.Background(), []string{"reset-password", "ada", "--data", data, "--addr", ":9999"}, &reset, &stderr); status != 0 {
		t.Fatal(status, &stderr)
	}
	path, ok = strings.CutPrefix(strings.TrimSpace(reset.String()), "http://localhost:9999")
	if res, err = client.PostForm(address+path, url.Values{"password": {"another good one"}}); !ok || err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatal(path, res, err)
	}
	_ = res.Body.Close()
	if stop() != 0 {
		t.Error("does not stop")
	}
	fails(t, 1, "has an owner already", "owner", "--data", data)
}

// Two people in two real browsers: what one says, the other sees, and an answer comes back.
func TestTwoPeopleTalk(t *testing.T) {
	url, stop := program(t, "--data", t.TempDir())
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
	ada.Person.ExpectDisconnects()
	bob.Person.ExpectDisconnects()
	if status := stop(); status != 0 {
		t.Error("exit status", status)
	}
	ada.Reconnecting()
	bob.Reconnecting()
}

// fails holds that the program ends with a status, and one sentence.
func fails(t *testing.T, status int, sentence string, args ...string) {
	t.Helper()
	var stdout, stderr output
	if got := start(context.Background(), args, &stdout, &stderr); got != status {
		t.Errorf("%q: exit status %d, want %d", args, got, status)
	}
	said := stderr.String()
	for _, foreign := range []string{"parse error", "provided", "needs an argument", "strconv", "time:", "setting flag", "unknown name"} {
		if strings.Contains(said, foreign) {
			t.Errorf("%q says %q", args, said)
		}
	}
	if !strings.Contains(said, sentence) || strings.Count(said, "\n") != 1 || stdout.String() != "" {
		t.Errorf("%q says %q and %q, want %q", args, said, stdout.String(), sentence)
	}
}

func TestWrongSettings(t *testing.T) {
	for _, c := range []struct {
		args     []string
		sentence string
	}{
		{[]string{"--addr", "nowhere"}, "--addr"},
		{[]string{"--addr", "127.0.0.1:port"}, "--addr"},
		{[]string{"--max-upload", "lots"}, "--max-upload"},
		{[]string{"--max-upload", "0"}, "--max-upload"},
		{[]string{"--access", "all"}, "--access"},
		{[]string{"--log-format", "xml"}, "--log-format"},
		{[]string{"--log-level", "loud"}, "--log-level"},
		{[]string{"--url", "chat.example.com"}, "--url"},
		{[]string{"--url", "https://chat.example.com/sub"}, "--url"},
		{[]string{"--trusted-proxies", "10.0.0.0/99"}, "--trusted-proxies"},
		{[]string{"--limit-posts", "-1"}, "--limit-posts"},
		{[]string{"--session-lifetime", "1s"}, "--session-lifetime"},
		{[]string{"--tls-cert", "x"}, "--tls-key"},
		{[]string{"--tls-cert", "none.pem", "--tls-key", "none.pem"}, "--tls-cert"},
		{[]string{"--data", ""}, "--data"},
		{[]string{"--limit-posts", "many"}, `--limit-posts "many": it is not a whole number`},
		{[]string{"--limit-changes", "99999999999999999999"}, "--limit-changes"},
		{[]string{"--limit-posts"}, "--limit-posts needs a value"},
		{[]string{"--session-lifetime", "9 days"}, "it is not a time like 720h or 90m"},
		{[]string{"--log-level", "info+1"}, "it is none of debug, info, warn and error"},
		{[]string{"--version=maybe"}, "it is neither true nor false"},
		{[]string{"--nonsense"}, "there is no flag --nonsense"},
		{[]string{"--=x"}, "is not a flag"},
		{[]string{"nonsense"}, "nonsense"},
	} {
		fails(t, 2, c.sentence, c.args...)
	}
	for name, wrong := range map[string]string{"CHITCHAT_LIMIT_POSTS": "-1", "CHITCHAT_SESSION_LIFETIME": "x", "CHITCHAT_VERSION": "maybe", "CHITCHAT_LOG_LEVEL": "x"} {
		t.Setenv(name, wrong)
		fails(t, 2, fmt.Sprintf("%s %q: it is n", name, wrong))
		t.Setenv(name, "")
	}
	t.Setenv("CHITCHAT_LOG_FORMAT", "xml")
	fails(t, 2, "xml")
	t.Setenv("CHITCHAT_LOG_FORMAT", "json")
	cfg, err := configure([]string{"--log-format", "text"})
	if err != nil || cfg.logFormat != "text" {
		t.Error("the environment wins over a flag:", cfg, err)
	}
}

func TestUnwritableData(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, 1, "data folder", "--addr", "127.0.0.1:0", "--data", filepath.Join(file, "data"))
}

func TestHelpAndVersion(t *testing.T) {
	var stdout, stderr output
	if status := start(context.Background(), []string{"--help"}, &stdout, &stderr); status != 0 || stderr.String() != "" {
		t.Error(status, &stderr)
	}
	for _, text := range []string{"--addr", "CHITCHAT_ADDR", "--max-upload", "CHITCHAT_MAX_UPLOAD", "25MB", "CHITCHAT_LIMIT_POSTS", "(2160h)", "--limit-changes number", "(info)"} {
		if !strings.Contains(stdout.String(), text) {
			t.Errorf("no %q in\n%s", text, &stdout)
		}
	}
	var version output
	if status := start(context.Background(), []string{"--version"}, &version, &stderr); status != 0 || !strings.HasPrefix(version.String(), "Chit-Chat ") {
		t.Error(status, &version)
	}
}

func TestLifetime(t *testing.T) {
	for text, want := range map[string]string{"2160h": "2160h", "90m": "1h30m", "60m": "1h", "1m": "1m", "1h0m5s": "1h0m5s", "20h10m": "20h10m"} {
		var l lifetime
		if err := l.Set(text); err != nil || l.String() != want {
			t.Errorf("%q: %v, %v", text, &l, err)
		}
	}
}

// TestREADMEListsTheFlags holds that the table in README.md has every flag with its default, and no other.
func TestREADMEListsTheFlags(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := make(map[string]string)
	for _, row := range regexp.MustCompile("(?m)^\\| (`--.*?) \\| (.*?) ?\\|").FindAllStringSubmatch(string(readme), -1) {
		for _, name := range regexp.MustCompile("`--([a-z-]+)`").FindAllStringSubmatch(row[1], -1) {
			told[name[1]] = strings.Trim(row[2], "`")
		}
	}
	delete(told, "help")
	(&config{}).flags().VisitAll(func(f *flag.Flag) {
		if want := strings.TrimPrefix(f.DefValue, "false"); told[f.Name] != want {
			t.Errorf("--%s: README.md says %q, the program %q", f.Name, told[f.Name], want)
		}
		if _, ok := told[f.Name]; !ok {
			t.Errorf("--%s is not in README.md", f.Name)
		}
		delete(told, f.Name)
	})
	if len(told) > 0 {
		t.Error("README.md tells of flags that are not there:", told)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]size{"25MB": 25 << 20, "25 mb": 25 << 20, "1GB": 1 << 30, "500kb": 500 << 10, "12": 12, "7B": 7} {
		var s size
		if err := s.Set(text); err != nil || s != want {
			t.Errorf("%q: %d, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "MB", "-1", "1.5MB", "9999999999GB", "1TB"} {
		if err := new(size).Set(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
