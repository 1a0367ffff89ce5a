package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// shared is the browser that all tests of a process share: each User is a separate profile in it.
var shared struct {
	once   sync.Once
	ctx    context.Context
	cancel func()
	dir    string
	err    error
}

// browser starts the browser, once.
func browser() (context.Context, error) {
	shared.once.Do(func() {
		path, err := browserPath()
		if err != nil {
			shared.err = err
			return
		}
		if shared.dir, shared.err = os.MkdirTemp("", "chitchat-browser-"); shared.err != nil {
			return
		}
		allocator, endAllocator := chromedp.NewExecAllocator(context.Background(),
			chromedp.ExecPath(path),
			chromedp.UserDataDir(shared.dir),
			chromedp.NoSandbox, // tests run as root in containers
			chromedp.NoFirstRun,
			chromedp.WindowSize(1280, 800),
			chromedp.WSURLReadTimeout(time.Minute),
			chromedp.Flag("headless", true),
			chromedp.Flag("disable-gpu", true),
			chromedp.Flag("disable-quic", true),
			chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true),
			chromedp.Flag("disable-sync", true),
			chromedp.Flag("ignore-certificate-errors", true), // tests' certificates are self-signed
			chromedp.Flag("disable-dev-shm-usage", true),     // /dev/shm is small in containers
			// Otherwise a machine without a mouse counts as a phone: a fine pointer (4) that can hover (2).
			chromedp.Flag("blink-settings",
				"primaryPointerType=4,availablePointerTypes=4,primaryHoverType=2,availableHoverTypes=2"),
			chromedp.Flag("disable-smooth-scrolling", true),
			chromedp.Flag("hide-scrollbars", true), // so that pictures are the same everywhere
			// Pages receive input before their first paint: otherwise the browser may drop it.
			chromedp.Flag("allow-pre-commit-input", true),
			// Disable what the browser does beside the pages: each window would load two pages of its own for the address bar's
			// list, which take more time than a page of ours, and a spare process per user.
			chromedp.Flag("disable-features",
				"WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,SpareRendererForSitePerProcess,PaintHolding"),
		)
		ctx, endBrowser := chromedp.NewContext(allocator)
		shared.ctx, shared.cancel = ctx, func() { endBrowser(); endAllocator() }
		shared.err = chromedp.Run(ctx)
	})
	return shared.ctx, shared.err
}

// errNoBrowser reports that Chromium is missing, and how to install it.
var errNoBrowser = errors.New("there is no Chromium on this machine, so the tests that need it are skipped: the " +
	"README's test command, go run ./handlers/suite, installs it")

// browserPath returns the browser's path. Without a browser, tests that need it are skipped, unless CHITCHAT_BROWSER
// requires one.
func browserPath() (string, error) {
	asked := os.Getenv("CHITCHAT_BROWSER")
	if asked != "" && asked != "required" {
		return asked, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	if asked == "required" {
		return "", errors.New("there is no Chromium on this machine, and CHITCHAT_BROWSER requires it: go run " +
			"./handlers/suite installs it")
	}
	return "", errNoBrowser
}

// needed fails a test that could not start a browser, or skips it if there is none.
func needed(t testing.TB, err error) {
	t.Helper()
	switch {
	case errors.Is(err, errNoBrowser):
		tellOnce()
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
}

// tellOnce prints once that there is no browser. go test hides the output of packages that pass, so it prints to the
// output of go itself, if that is a terminal or a pipe.
var tellOnce = sync.OnceFunc(func() {
	out := os.Stderr
	for _, path := range []string{fmt.Sprintf("/proc/%d/fd/2", os.Getppid()), "/dev/tty"} {
		if info, err := os.Stat(path); err != nil || info.Mode()&(os.ModeCharDevice|os.ModeNamedPipe) == 0 {
			continue
		}
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			defer func() { _ = f.Close() }() // already written
			out = f
			break
		}
	}
	// there is nowhere to report an error
	_, _ = fmt.Fprintln(out, filepath.Base(strings.TrimSuffix(os.Args[0], ".test"))+": "+errNoBrowser.Error())
})

// closeBrowser ends the browser and removes its profile, into which its last processes may still be writing.
func closeBrowser() {
	if shared.cancel != nil {
		shared.cancel()
	}
	for range 50 {
		if shared.dir == "" || os.RemoveAll(shared.dir) == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}
