package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is one page of a user's browser. Its methods act as users do, with the mouse and the keyboard.
type Tab struct {
	User *User

	t         testing.TB
	ctx       context.Context
	wire      atomic.Int64 // bytes of answers
	frames    atomic.Int64 // bytes of socket frames
	requests  atomic.Int64
	elsewhere atomic.Value // URL prefix of another site that the test itself opens
}

// run runs browser actions, and fails the test on error.
func (tab *Tab) run(actions ...chromedp.Action) {
	tab.t.Helper()
	if err := tab.try(actions...); err != nil {
		tab.fail("%v", err)
	}
}

func (tab *Tab) try(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

// fail fails the test, with the page's text and picture.
func (tab *Tab) fail(format string, args ...any) {
	tab.t.Helper()
	where := "nowhere: it could not be taken"
	folder := os.Getenv("CHITCHAT_SHOTS")
	if folder == "" {
		folder = filepath.Join(os.TempDir(), "chitchat-failures")
	}
	name := strings.NewReplacer("/", "_", " ", "_").Replace(tab.t.Name() + "-" + tab.User.Name)
	if path, err := tab.picture(folder, name); err == nil {
		where = path
	}
	var url, text string
	// on error they stay empty
	_ = tab.evaluate(`location.href`, &url)
	_ = tab.evaluate(`(document.querySelector('main')||document.body).innerText.slice(-1500)`, &text) // likewise
	tab.t.Fatalf("%s at %s: %s\nproblems: %q\npicture: %s\npage:\n%s",
		tab.User.Name, url, fmt.Sprintf(format, args...), tab.User.unexpected(), where, text)
}

// picture writes a PNG picture of the tab to the folder.
func (tab *Tab) picture(folder, name string) (string, error) {
	var png []byte
	if err := tab.try(chromedp.CaptureScreenshot(&png)); err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(folder, name+".png")
	return path, os.WriteFile(path, png, 0o644)
}

// Shot takes a picture if CHITCHAT_SHOTS is set.
func (tab *Tab) Shot(name string) {
	tab.t.Helper()
	folder := os.Getenv("CHITCHAT_SHOTS")
	if folder == "" {
		return
	}
	if _, err := tab.picture(folder, name); err != nil {
		tab.fail("taking a picture: %v", err)
	}
}

// Open opens a path of the program, or a whole URL, and waits until the page has loaded.
func (tab *Tab) Open(path string) {
	tab.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = tab.User.base + path
	} else {
		tab.elsewhere.Store(path)
	}
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, text, _, err := page.Navigate(url).Do(ctx)
		if err == nil && text != "" {
			err = fmt.Errorf("opening %s: %s", url, text)
		}
		return err
	}))
	tab.loaded()
}

func (tab *Tab) loaded() {
	tab.t.Helper()
	tab.Wait("the page is loaded", `document.readyState === 'complete'`)
}

// At waits until the tab shows the page at that path, fully loaded.
func (tab *Tab) At(path string) {
	tab.t.Helper()
	tab.Wait("the page is at "+path, `decodeURI(location.pathname) === %s && document.readyState === 'complete'`, path)
}

// Back goes one page back, as the browser's button does.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		at, entries, err := page.GetNavigationHistory().Do(ctx)
		if err != nil {
			return err
		}
		if at == 0 {
			return fmt.Errorf("there is no page to go back to")
		}
		return page.NavigateToHistoryEntry(entries[at-1].ID).Do(ctx)
	}))
}

// Reload reloads the page.
func (tab *Tab) Reload() {
	tab.t.Helper()
	tab.Eval(`window.stale = true`, nil)
	tab.run(page.Reload())
	tab.Wait("the page is loaded anew", `!window.stale && document.readyState === 'complete'`)
}

// Hide puts another tab in front of this one; Show undoes it.
func (tab *Tab) Hide() {
	tab.t.Helper()
	tab.run(focused(false)) // otherwise the window counts as visible
	tab.visible(false)
}

// Show undoes Hide.
func (tab *Tab) Show() {
	tab.t.Helper()
	tab.visible(true)
	tab.run(focused(true))
}

// Eval runs JavaScript in the page, and unmarshals its value into v, unless v is nil.
func (tab *Tab) Eval(script string, into any) {
	tab.t.Helper()
	if err := tab.evaluate(script, into); err != nil {
		tab.fail("%s: %v", script, err)
	}
}

func (tab *Tab) evaluate(script string, into any) error {
	return tab.try(chromedp.ActionFunc(func(ctx context.Context) error {
		value, failure, err := runtime.Evaluate(script).WithReturnByValue(true).WithAwaitPromise(true).WithUserGesture(true).
			Do(ctx)
		switch {
		case err != nil:
			return err
		case failure != nil:
			return failure
		case into == nil:
			return nil
		case len(value.Value) == 0:
			return fmt.Errorf("undefined")
		}
		return json.Unmarshal(value.Value, into)
	}))
}

// Wait waits until the JavaScript condition is true; what describes it. It is false while the page is being replaced or
// loaded: what the test reads next must be complete.
func (tab *Tab) Wait(what, condition string, args ...any) {
	tab.t.Helper()
	script := "(async () => document.readyState !== 'loading' && !!(await (" + JS(condition, args...) + ")))()"
	tab.until(what, func() (holds bool, err error) {
		err = tab.evaluate(script, &holds)
		return holds, err
	}, script)
}

// until waits until a function returns true. It ignores errors meanwhile: the page may be being replaced.
func (tab *Tab) until(what string, holds func() (bool, error), script string) {
	tab.t.Helper()
	deadline := time.Now().Add(patience)
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		ok, err := holds()
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			tab.fail("waited %v in vain until %s: %s (%v)", patience, what, script, err)
		}
		time.Sleep(pause)
	}
}

// Text returns the text of the elements that match a selector, with white space collapsed.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	var text string
	tab.Eval(JS(`[...document.querySelectorAll(%s)].map(e => e.textContent).join(' ').replace(/\s+/g, ' ').trim()`,
		selector), &text)
	return text
}

// Count counts the elements that match a selector.
func (tab *Tab) Count(selector string) int {
	tab.t.Helper()
	var n int
	tab.Eval(JS(`document.querySelectorAll(%s).length`, selector), &n)
	return n
}

// Attribute returns an attribute of the first element that matches a selector.
func (tab *Tab) Attribute(selector, name string) string {
	tab.t.Helper()
	var value string
	tab.Eval(JS(`document.querySelector(%s).getAttribute(%s)`, selector, name), &value)
	return value
}

// JS replaces each %s of a script by a value as JavaScript literal.
func JS(script string, args ...any) string {
	var b strings.Builder
	for _, arg := range args {
		before, after, _ := strings.Cut(script, "%s")
		written, err := json.Marshal(arg)
		if err != nil {
			panic(err) // only for constants of tests
		}
		b.WriteString(before)
		b.Write(written)
		script = after
	}
	return b.String() + script
}
