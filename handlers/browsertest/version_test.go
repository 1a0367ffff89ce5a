package browsertest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
)

// old marks the document that the tab shows now: reloading removes the mark.
func (tab *Tab) old() {
	tab.t.Helper()
	tab.Eval(`window.old = true`, nil)
}

// stays checks that the tab still shows the marked document, after the page has decided whether to reload, which it
// does every three seconds.
func (tab *Tab) stays(why string) {
	tab.t.Helper()
	tab.Wait("the page was told of another version", `document.querySelector('#live').textContent !== ''`)
	tab.Eval(`window.leads = 0; navigation.addEventListener('navigate', () => window.leads++)`, nil)
	tab.Pass(7)
	var stays bool
	if tab.Eval(`!!window.old && window.leads === 0`, &stays); !stays {
		tab.fail("the page does not stay: %s", why)
	}
}

func (tab *Tab) renewed() {
	tab.t.Helper()
	tab.Wait("the page is that of the newer program", `!window.old && window.newer`)
	tab.Connected()
}

func TestPagesFollowAnUpgrade(t *testing.T) {
	t.Parallel()
	app := Start(t)
	person, ada := app.SignedIn("Ada")
	ada.Say("before")
	bob, cem, settings := app.User("Bob").Tab(), app.User("Cem").Tab(), person.Tab()
	for _, tab := range []*Tab{bob, cem, settings} {
		tab.Clock()
	}
	bob.SignIn()
	cem.SignIn()
	cem.Say("to be edited")
	settings.Open("/me")
	settings.Connected()
	all := []*Tab{ada, bob, cem, settings}

	app.Step("a restart of the same version changes nothing", func() {
		for _, tab := range all {
			tab.old()
		}
		app.Stop()
		ada.Reconnecting()
		app.StartAgain()
		app.Client("Dora").Post(general, "after the restart")
		ada.Sees("after the restart")
		ada.Wait("the page was told of no other version", `window.old && document.querySelector('#live').textContent === ''`)
	})
	bob.Fill(composer, "half a thought")
	cem.Sees("after the restart") // which moves the rows
	row := "#" + cem.RowID("to be edited")
	cem.ClickIn(row, "a.own[href$='/edit']")
	cem.Wait("the form is open", `!!document.querySelector('.message form textarea')`)
	app.Step("a page that nobody is at work in loads itself anew", func() {
		app.Upgrade()
		ada.renewed()
		ada.Say("from the new page")
	})
	app.Step("one with a text that is not sent waits for that", func() {
		bob.Sees("from the new page")
		bob.stays("there is a text in the composer")
		bob.Wait("the text is there", `document.querySelector(%s).value === 'half a thought'`, composer)
		bob.Click(composer)
		bob.Press("Enter")
		bob.Pass(3)
		bob.renewed()
		bob.Sees("half a thought")
		bob.Wait("it was sent once",
			`[...document.querySelectorAll('#messages article')].filter(e => e.textContent.includes('half a thought')).length === 1`)
	})
	app.Step("and one with an open edit for that", func() {
		cem.stays("a message is being edited")
		cem.Click(row + " .cancel")
		cem.Pass(3)
		cem.renewed()
	})
	app.Step("other pages stay until one goes on", func() {
		settings.stays("it may show what is shown once")
		settings.Click(`#channels a[href="/c/` + general + `"]`)
		settings.renewed()
	})
}

// Two versions behind one address serve pages and sockets at random: here each page and its socket have different
// versions.
func TestPagesDoNotReloadForever(t *testing.T) {
	t.Parallel()
	app := Start(t)
	to, err := url.Parse(app.URL)
	if err != nil {
		t.Fatal(err)
	}
	var pages atomic.Int64
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(res *http.Response) error {
			if res.Request.URL.Path != "/c/"+general {
				return nil
			}
			pages.Add(1)
			body, err := io.ReadAll(res.Body)
			body = bytes.Replace(body, []byte(`data-live="`), []byte(`data-live="other`), 1)
			res.Body = io.NopCloser(bytes.NewReader(body))
			res.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return err
		},
	})
	t.Cleanup(proxy.Close)
	ada := app.User("Ada")
	ada.base = proxy.URL
	ada.ExpectDisconnects()
	tab := ada.Tab()
	tab.Clock()
	tab.SignIn()
	tab.Wait("the page has loaded itself anew", `performance.getEntriesByType('navigation')[0].type === 'reload'`)
	tab.Connected()
	tab.old()
	tab.stays("it has done so once for this version")
	if n := pages.Load(); n != 2 {
		t.Errorf("%d pages were loaded, want 2", n)
	}
}
