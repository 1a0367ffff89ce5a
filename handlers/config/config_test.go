package config

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// fails tests that settings are refused with our own messages.
func fails(t *testing.T, sentence string, args ...string) {
	t.Helper()
	_, _, err := Parse(args)
	if err == nil {
		t.Errorf("%q was taken", args)
		return
	}
	said := err.Error()
	for _, foreign := range []string{"parse error", "provided", "needs an argument", "strconv", "time:", "tls:",
		"setting flag", "unknown name"} {
		if strings.Contains(said, foreign) {
			t.Errorf("%q says %q", args, said)
		}
	}
	if !strings.Contains(said, sentence) || strings.Contains(said, "\n") {
		t.Errorf("%q says %q, want %q", args, said, sentence)
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
		{[]string{"owner", "--nonsense"}, "there is no flag --nonsense"},
	} {
		fails(t, c.sentence, c.args...)
	}
	for name, wrong := range map[string]string{"CHITCHAT_LIMIT_POSTS": "-1", "CHITCHAT_SESSION_LIFETIME": "x",
		"CHITCHAT_VERSION": "maybe", "CHITCHAT_LOG_LEVEL": "x"} {
		t.Setenv(name, wrong)
		fails(t, fmt.Sprintf("%s %q: it is n", name, wrong))
		t.Setenv(name, "")
	}
	t.Setenv("CHITCHAT_LOG_FORMAT", "xml")
	fails(t, "xml")
	t.Setenv("CHITCHAT_LOG_FORMAT", "json")
	cfg, _, err := Parse([]string{"--log-format", "text"})
	if err != nil || cfg.LogFormat != "text" {
		t.Error("the environment wins over a flag:", cfg, err)
	}
}

// Flags and other words may be in any order.
func TestWordsAmongFlags(t *testing.T) {
	for _, args := range [][]string{
		{"reset-password", "Ada", "--data", "there", "--log-format", "json"},
		{"reset-password", "--data", "there", "Ada", "--log-format=json"},
		{"--data=there", "reset-password", "--log-format", "json", "Ada"},
		{"--data", "there", "--log-format", "json", "--", "reset-password", "Ada"},
	} {
		cfg, words, err := Parse(args)
		if err != nil || !slices.Equal(words, []string{"reset-password", "Ada"}) || cfg.Data != "there" ||
			cfg.LogFormat != "json" {
			t.Errorf("%q: %q, %+v, %v", args, words, cfg, err)
		}
	}
	t.Setenv("CHITCHAT_DATA", "elsewhere")
	if cfg, words, err := Parse([]string{"reset-password", "--", "-Ada", "--data", "there"}); err != nil ||
		len(words) != 2 || words[1] != "-Ada" || cfg.Data != "there" {
		t.Errorf("a name that begins with a dash: %q, %+v, %v", words, cfg, err)
	}
}

// TestREADMEListsTheFlags tests that the table in README.md lists every flag with its default, and no other.
func TestREADMEListsTheFlags(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
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
	(&Config{}).flags().VisitAll(func(f *flag.Flag) {
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

func TestHSTS(t *testing.T) {
	for args, want := range map[string]time.Duration{
		"":                                    0,
		"--addr :443":                         365 * 24 * time.Hour,
		"--url https://chat.example.org":      365 * 24 * time.Hour,
		"--url https://chat.example.org:8443": 0,
		"--url https://chat.example.org --hsts 0":          0,
		"--url https://chat.example.org:8443 --hsts 24h":   24 * time.Hour,
		"--url http://chat.example.org --addr 0.0.0.0:443": 0,
	} {
		cfg, _, err := Parse(strings.Fields(args))
		if err != nil || cfg.HSTS != want {
			t.Errorf("%q: %v, want %v (%v)", args, cfg.HSTS, want, err)
		}
	}
	cfg, _, err := Parse([]string{"--hosts", "Chat.example.org, chat.local"})
	if err != nil || !slices.Equal(cfg.Hosts, []string{"chat.example.org", "chat.local"}) {
		t.Error(cfg, err)
	}
	fails(t, "--hosts", "--hosts", "https://chat.example.org")
}
