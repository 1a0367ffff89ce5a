package browsertest

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	app := Start(t)

	app.Step("leads to the channel, and is remembered", func() {
		p := app.User("Ada Lovelace")
		tab := p.Tab()
		tab.Open("/")
		tab.At("/signin")
		tab.Shot("sign-in")
		tab.Fill("input[name=name]", "  Ada Lovelace ")
		tab.Press("Enter")
		tab.Connected()
		tab.At("/c/" + general)
		tab.Wait("the name is shown, trimmed",
			`document.querySelector('#sidebar a[href="/me"] [data-name]').textContent === 'Ada Lovelace'`)

		var session *network.Cookie
		tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
			cookies, err := network.GetCookies().Do(ctx)
			for _, c := range cookies {
				if c.Name == "chitchat-"+app.Host()[strings.LastIndex(app.Host(), ":")+1:] {
					session = c
				}
			}
			return err
		}))
		if session == nil || session.Session || !session.HTTPOnly || session.SameSite != network.CookieSameSiteLax {
			t.Errorf("the cookie is %+v, want one that lasts, HttpOnly and SameSite=Lax", session)
		}
		second := p.Tab()
		second.Open("/")
		second.At("/c/" + general)
	})

	app.Step("refuses a taken name, and leaves it in the form", func() {
		p := app.User("Mallory")
		p.ExpectStatus("422")
		tab := p.Tab()
		tab.Open("/signin?next=%2Fme")
		tab.Fill("input[name=name]", "ADA lovelace")
		tab.Press("Enter")
		tab.Wait("it says why", `document.querySelector('input[name=name]')?.getAttribute('aria-invalid') === 'true'`)
		tab.Wait("the form is still filled in", `document.querySelector('input[name=name]').value === 'ADA lovelace'`)
		tab.Accessible("sign-in refused")
		tab.Fill("input[name=name]", "Mallory")
		tab.Press("Enter")
		tab.At("/me") // the target is kept through the refusal
	})

	app.Step("survives a restart of the server", func() {
		_, tab := app.SignedIn("Grace")
		app.Stop()
		app.StartAgain()
		tab.Connected()
		tab.Reload()
		tab.Connected()
		tab.At("/c/" + general)
	})
}

func TestRename(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Say("what I said before")
	bob.Sees("what I said before")

	settings := ada.User.Tab()
	settings.Open("/me")
	settings.Connected()
	settings.Fill("input[name=name]", "Augusta")
	settings.Press("Enter")
	settings.Wait("it says that the name is changed", `document.querySelector('.saved')?.textContent.includes('Saved')`)

	renamed := `[...document.querySelectorAll('#messages article header b')].every(e => e.textContent === 'Augusta') && document.querySelector('#messages article .avatar').textContent === 'A'`
	bob.Wait("the row bears the new name, live", renamed)
	ada.Wait("the author's own page does too",
		renamed+` && document.querySelector('#sidebar a[href="/me"] [data-name]').textContent === 'Augusta'`)
	bob.Reload()
	bob.Wait("and it is still so after a reload", renamed)

	ada.User.ExpectStatus("422")
	settings.Fill("input[name=name]", "bob")
	settings.Press("Enter")
	settings.Wait("a taken name is refused with the form still filled in",
		`document.querySelector('input[name=name][aria-invalid=true]')?.value === 'bob'`)
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, tab := app.SignedIn("Ada")
	other := ada.Tab()
	other.Open("/c/" + general)
	other.Connected()
	_, bob := app.SignedIn("Bob")
	bob.Online(2)

	tab.Click(`#sidebar a[href="/signout"]`)
	tab.At("/signout")
	tab.Wait("it says what that means", `document.querySelector('main').innerText.includes('stays yours')`)
	tab.Click("main form[method=post] button")
	tab.At("/signin")
	tab.Wait("one knows that one signed out",
		`!location.search && !document.querySelector('main').innerText.includes('You were')`)
	other.At("/signin") // its socket was cut, and it gets nothing more
	bob.Online(1)
	tab.Open("/c/" + general)
	tab.At("/signin")
}
