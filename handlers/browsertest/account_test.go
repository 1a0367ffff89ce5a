package browsertest

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

const goodPassword = "seven green otters"

func TestProtectedName(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, first := app.SignedIn("Ada")
	first.Say("from my first device")

	settings := ada.Tab()
	app.Step("protect the name", func() {
		settings.Open("/me")
		settings.Click("main a >> Password")
		settings.At("/me/password")
		settings.Fill("input[name=password]", goodPassword)
		settings.Press("Enter")
		settings.Wait("it says that it is saved", `document.querySelector('.saved')?.innerText.includes('Saved')`)
		settings.Connected() // under another cookie
	})
	laptop := app.User("Ada") // another device
	laptop.ExpectStatus("422")
	second := laptop.Tab()
	app.Step("sign in from elsewhere", func() {
		second.Open("/signin")
		second.Fill("input[name=name]", "ada")
		second.Press("Enter")
		second.Wait("it asks for the password", find("input[name=password]"))
		second.Fill("input[name=password]", "not this one")
		second.Press("Enter")
		second.Wait("it says no", `document.querySelector('input[name=password][aria-invalid=true]')`)
		second.Fill("input[name=password]", goodPassword)
		second.Press("Enter")
		second.Connected()
		second.Sees("from my first device")
		second.Say("from my second device")
		first.Sees("from my second device")
	})
	app.Step("end the other device", func() {
		settings.Open("/me/sessions")
		settings.Wait("both are listed", `document.querySelectorAll('.devices li').length === 2`)
		settings.Accessible("devices")
		settings.Click(".devices form button")
		settings.Wait("one is left", `document.querySelectorAll('.devices li').length === 1`)
		second.At("/signin") // its socket was cut
		second.Wait("it says so", `document.querySelector('main').innerText.includes('You were signed out')`)
		first.Say("alone again")
	})
	app.Step("sign in at once with name and password", func() {
		second.Open("/signin")
		second.Fill("input[name=name]", "Ada")
		second.Fill("input[name=password]", goodPassword)
		second.Press("Enter")
		second.Connected()
	})
}

// A passkey signs in on its own, and after the password if its owner wants that.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.User("Ada")
	ada.base = strings.Replace(app.URL, "127.0.0.1", "localhost", 1) // browsers support no passkeys for IP addresses
	tab := ada.Tab()
	tab.authenticator()
	signOut := func() {
		tab.Open("/signout")
		tab.Click("main form[method=post] button")
		tab.At("/signin")
	}
	tab.Open("/signin")
	tab.Fill("input[name=name]", "Ada")
	tab.Press("Enter")
	tab.Connected()
	app.Step("make a passkey", func() {
		tab.Open("/me/passkeys")
		tab.Click("button >> Add a passkey")
		tab.Wait("it asks what to call it", find("#passkey-name"))
		tab.loaded()
		tab.Accessible("making a passkey")
		tab.Fill("#passkey-name", "my laptop")
		tab.Click("button >> Make it")
		tab.Wait("it is listed",
			`document.querySelector('form[action="/me/passkeys/remove"]')?.innerText.includes('my laptop') && document.readyState === 'complete'`)
		tab.Accessible("passkeys")
	})
	app.Step("sign in with it alone", func() {
		signOut()
		tab.Click("button >> Use a passkey")
		tab.Connected()
		tab.At("/c/" + general)
		tab.Wait("it is Ada", `document.querySelector('#sidebar a[href="/me"] [data-name]').textContent === 'Ada'`)
	})
	app.Step("ask for it after the password", func() {
		tab.Open("/me/password")
		tab.Fill("input[name=password]", goodPassword)
		tab.Press("Enter")
		tab.Wait("it is saved", `document.querySelector('.saved')`)
		tab.Open("/me/passkeys")
		tab.Fill("#remove-password", goodPassword)
		tab.Click("button >> After my password, ask for a passkey too")
		tab.Wait("it is on", `document.querySelector('main')?.innerText.includes('one of these is asked for')`)
		signOut()
		tab.Fill("input[name=name]", "Ada")
		tab.Fill("input[name=password]", goodPassword)
		tab.Press("Enter")
		tab.At("/signin/two-factor")
		tab.Accessible("two-factor authentication with a passkey")
		tab.Click("button >> Use a passkey")
		tab.Connected()
	})
	app.Step("remove it", func() {
		tab.Open("/me/passkeys")
		tab.Fill("#remove-password", goodPassword)
		tab.Click("button >> Remove this passkey")
		tab.Wait("none is left", `!document.querySelector('#remove-password') && document.readyState === 'complete'`)
		signOut()
		ada.ExpectStatus("422")
		tab.Click("button >> Use a passkey")
		tab.Wait("it is not taken any more", `document.querySelector('main')?.innerText.includes('did not work here')`)
	})
}

// Everyone can read the pages of links, codes and owners.
func TestLinksAndCodes(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.setupLink()
	owner := app.User("Owner").Tab()
	app.Step("own the workspace", func() {
		owner.Open(link)
		owner.Fill("input[name=workspace]", "The Works")
		owner.Fill("input[name=name]", "Owner")
		owner.Fill("input[name=password]", goodPassword)
		owner.Press("Enter")
		owner.Connected()
		owner.Wait("the workspace has its name", `document.querySelector('.brand').textContent === 'The Works'`)
	})
	app.Step("hand over to a phone", func() {
		owner.Open("/me/link")
		owner.Click("button >> Make a link")
		owner.Wait("there is a code to scan", `document.querySelector('svg.qr path') && document.readyState === 'complete'`)
		var path string
		owner.Eval(`new URL(document.querySelector('.secret a').href).pathname`, &path)
		phone := app.User("Phone").Tab()
		phone.Phone()
		phone.Open(path)
		phone.Click("button >> Sign in as Owner")
		phone.Connected()
		phone.Say("from my phone")
		thief := app.User("Thief")
		thief.ExpectStatus("404")
		late := thief.Tab()
		late.Open(path)
		late.Wait("it worked once", `document.querySelector('main').innerText.includes('does not work any more')`)
	})
	app.Step("let someone in again", func() {
		app.Client("Bob")
		owner.Open("/admin/reset-access")
		owner.Fill("input[name=name]", "bob")
		owner.Press("Enter")
		owner.Wait("there is a code to scan", `document.querySelector('svg.qr path') && document.readyState === 'complete'`)
		owner.Accessible("password reset link")
		var path string
		owner.Eval(`new URL(document.querySelector('.secret a').href).pathname`, &path)
		bob := app.User("Bob").Tab()
		bob.Open(path)
		bob.Fill("input[name=password]", goodPassword)
		bob.Press("Enter")
		bob.Connected()
	})
	app.Step("turn two-factor authentication on", func() {
		owner.Open("/me/two-factor")
		owner.Fill("input[name=current]", goodPassword)
		owner.Press("Enter")
		owner.Wait("there is a code to scan", `document.querySelector('svg.qr path') && document.readyState === 'complete'`)
		owner.Accessible("two-factor authentication")
		var secret string
		owner.Eval(`document.querySelector('.secret').textContent`, &secret)
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		owner.Fill("input[name=code]", code)
		owner.Press("Enter")
		owner.Wait("there are recovery codes",
			`document.querySelectorAll('.codes li').length === 8 && document.readyState === 'complete'`)
		owner.Accessible("recovery codes")
		var codes []string
		owner.Eval(`[...document.querySelectorAll('.codes code')].map(e => e.textContent)`, &codes)
		laptop := app.User("Owner")
		laptop.ExpectStatus("422")
		tab := laptop.Tab()
		half := func() {
			tab.Open("/signin")
			tab.Fill("input[name=name]", "Owner")
			tab.Fill("input[name=password]", goodPassword)
			tab.Press("Enter")
			tab.At("/signin/two-factor")
		}
		half()
		tab.Open("/c/" + general)
		tab.At("/signin") // the password alone is not enough
		half()
		tab.Fill("input[name=code]", "000000")
		tab.Press("Enter")
		tab.Wait("it says no", `document.querySelector('input[name=code][aria-invalid=true]')`)
		if code, err = totp.GenerateCode(secret, time.Now().Add(30*time.Second)); err != nil { // the current code is used up
			t.Fatal(err)
		}
		tab.Fill("input[name=code]", code)
		tab.Press("Enter")
		tab.Connected()
		tab.Open("/signout")
		tab.Click("main form[method=post] button")
		tab.At("/signin")
		half()
		tab.Fill("input[name=code]", codes[0])
		tab.Press("Enter")
		tab.Connected()
	})
}
