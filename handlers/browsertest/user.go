package browsertest

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// User is a user with a browser of their own: tabs share its cookies and cache, and other users do not.
type User struct {
	Name string

	t    testing.TB
	base string          // the program's URL for this user
	ctx  context.Context // the browser's
	id   cdp.BrowserContextID

	mu       sync.Mutex
	problems []string
	expected []*regexp.Regexp
}

// refusedDraft is what the log says when a text was on its way to be kept as its channel was lost, or archived: pages
// save texts by themselves, and learn of the loss at the same time.
var refusedDraft = regexp.MustCompile(`status of 40[34] .*/draft$`)

// User opens a browser for a new user, through a Link if one is given.
func (a *App) User(name string, through ...*Link) *User {
	a.t.Helper()
	ctx, err := browser()
	needed(a.t, err)
	p := &User{Name: name, t: a.t, base: a.URL, ctx: ctx, expected: []*regexp.Regexp{refusedDraft}}
	for _, link := range through {
		p.base = link.URL
		link.people = append(link.people, p)
	}
	a.people = append(a.people, p)
	onBrowser := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
	if p.id, err = target.CreateBrowserContext().Do(onBrowser); err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() {
		for _, problem := range p.unexpected() {
			a.t.Errorf("%s's browser: %s", p.Name, problem)
		}
		if err := target.DisposeBrowserContext(p.id).Do(onBrowser); err != nil {
			a.t.Errorf("closing %s's browser: %v", p.Name, err)
		}
	})
	return p
}

// SignIn signs the user in through the form, and returns the tab, which shows the channel that follows.
func (p *User) SignIn() *Tab {
	p.t.Helper()
	tab := p.Tab()
	tab.SignIn()
	return tab
}

// SignIn signs the tab's user in through the form.
func (tab *Tab) SignIn() {
	tab.t.Helper()
	tab.Open("/signin")
	tab.Fill("input[name=name]", tab.User.Name)
	tab.Press("Enter")
	tab.Connected()
}

// SignedIn returns a user who has signed in, and the tab in which they did.
func (a *App) SignedIn(name string, through ...*Link) (*User, *Tab) {
	a.t.Helper()
	p := a.User(name, through...)
	return p, p.SignIn()
}

// Expect allows the user's pages to log what matches a regular expression. Anything else fails the test.
func (p *User) Expect(pattern string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, regexp.MustCompile(pattern))
}

// ExpectDisconnects allows what a browser logs when its socket or a request is cut.
func (p *User) ExpectDisconnects() {
	p.Expect(`WebSocket connection to|htmx:ws:error`)
	p.Expect(`net::ERR_|Failed to fetch|htmx:error: TypeError`)
}

// ExpectStatus allows what a browser logs for an answer with that status, such as "422".
func (p *User) ExpectStatus(status string) {
	p.Expect(`the server responded with a status of ` + status)
}

func (p *User) report(problem string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, problem)
}

func (p *User) unexpected() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var unexpected []string
	for _, problem := range p.problems {
		if !matchesAny(p.expected, problem) {
			unexpected = append(unexpected, problem)
		}
	}
	return unexpected
}

func matchesAny(patterns []*regexp.Regexp, s string) bool {
	for _, pattern := range patterns {
		if pattern.MatchString(s) {
			return true
		}
	}
	return false
}

// Tab opens an empty tab in a window of its own, so that all tabs of a user are visible at once.
func (p *User) Tab() *Tab {
	p.t.Helper()
	onBrowser := cdp.WithExecutor(p.ctx, chromedp.FromContext(p.ctx).Browser)
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(p.id).WithNewWindow(true).Do(onBrowser)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
	p.t.Cleanup(cancel)
	tab := &Tab{User: p, t: p.t, ctx: ctx}
	chromedp.ListenTarget(ctx, tab.watch)
	// chromedp tracks every node and style sheet of a page, for selectors that are not used here.
	if err := chromedp.Run(ctx, css.Disable(), dom.Disable(), tab.noteViolations(), still(), focused(true)); err != nil {
		p.t.Fatal(err)
	}
	tab.Size(1280, 800)
	tab.slow()
	return tab
}

// local reports whether a URL belongs to the program, or to the page itself.
func (p *User) local(url string) bool {
	for _, prefix := range []string{p.base + "/", "ws" + strings.TrimPrefix(p.base, "http") + "/", "data:", "blob:",
		"about:", "chrome-error:"} {
		if strings.HasPrefix(url, prefix) {
			return true
		}
	}
	return false
}
