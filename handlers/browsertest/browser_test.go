package browsertest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Without a browser, tests that need one are skipped, or fail if CHITCHAT_BROWSER requires one.
func TestBrowserPath(t *testing.T) {
	empty, full := t.TempDir(), t.TempDir()
	there := filepath.Join(full, "chromium")
	if err := os.WriteFile(there, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, asked, want string
		skips             bool
	}{
		"there is one":              {full, "", there, false},
		"there is one, as required": {full, "required", there, false},
		"none":                      {empty, "", "", true},
		"none, which is required":   {empty, "required", "", false},
		"one of another name":       {empty, "/opt/browser", "/opt/browser", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			t.Setenv("CHITCHAT_BROWSER", c.asked)
			got, err := browserPath()
			if got != c.want || (err == nil) != (c.want != "") || errors.Is(err, errNoBrowser) != c.skips {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}
