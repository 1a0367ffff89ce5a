package handlers

import (
	"strings"
	"testing"
)

func TestCutSlash(t *testing.T) {
	for body, want := range map[string][2]string{
		"/me":                    {"me", ""},
		"/ME waves":              {"me", "waves"},
		"/me  two  spaces ":      {"me", "two  spaces"},
		"/topic a\r\nb":          {"topic", "a\r\nb"},
		"/topic\ntext":           {"topic", "text"},
		"/help\r\n":              {"help", ""},
		"/usr/bin/x is a path":   {"usr/bin/x", "is a path"},
		"/home":                  {"home", ""},
		"/été":                   {"été", ""},
		"/dm\u00a0@ada":          {"dm", "@ada"},
		"/":                      {"", ""},
		"/ \n":                   {"", ""},
		"/x\x00y\xff is no name": {"x\x00y\xff", "is no name"},
	} {
		name, args, is := cutSlash(body)
		if !is || name != strings.ToLower(want[0]) || args != want[1] {
			t.Errorf("%q is %v %q %q", body, is, name, args)
		}
	}
	for _, body := range []string{"", " /me waves", "\n/me", "a /me", "text\n/me", "//me", "//", "/1", "/ me", "/.x",
		"/*x*/", "/@ada", "/😀", "/\xff"} {
		if name, _, is := cutSlash(body); is {
			t.Errorf("%q is the command %q", body, name)
		}
	}
}

func TestSlashNear(t *testing.T) {
	for name, want := range map[string]string{
		"tpoic": "topic", "topics": "topic", "top": "topic", "arch": "archive", "archvie": "archive", "invit": "invite",
		"helpp": "help", "lave": "leave", "staus": "status", "shrg": "shrug", "he": "help", "rn": "", "mee": "me",
		"x": "", "m": "", "home": "", "usr/bin/x": "", "todo": "", "remind": "", strings.Repeat("topic", 2000): "",
	} {
		if got := slashNear(name); got != want {
			t.Errorf("/%.20s: /%s is suggested, not /%s", name, got, want)
		}
	}
}

func TestActionText(t *testing.T) {
	for text, want := range map[string]string{
		"waves":                           "_waves_",
		"waves\n\n  twice ":               "_waves_\n\n_twice_",
		"one\r\ntwo":                      "_one_\n_two_",
		"_waves_":                         `_\_waves\__`,
		"runs go_test_all now":            "_runs go_test_all now_",
		"names a_ and _b":                 `_names a\_ and \_b_`,
		`ends in \`:                       `_ends in \\_`,
		`keeps \* and \_ and C:\x`:        `_keeps \* and \_ and C:\\x_`,
		"is **bold**":                     "_is **bold**_",
		"runs `_x_ \\`":                   "_runs `_x_ \\`_",
		"leaves ` open":                   "_leaves \\` open_",
		"leaves ``` open ` a":             "_leaves \\`\\`\\` open \\` a_",
		"reads https://x.org/_next/a_b_c": "_reads https://x.org/_next/a_b_c_",
		"🎉_":                              `_🎉\__`,
	} {
		if got := actionText(text); got != want {
			t.Errorf("%q becomes\n%s\nnot\n%s", text, got, want)
		}
	}
	if got := shrugText(""); got != `¯\\\_(ツ)\_/¯` {
		t.Error(got)
	}
	if got := shrugText("who knows"); got != `who knows ¯\\\_(ツ)\_/¯` {
		t.Error(got)
	}
}
