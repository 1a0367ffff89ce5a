package browsertest

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// authenticator gives the tab a device that creates passkeys and presents them without a prompt.
func (tab *Tab) authenticator() {
	tab.t.Helper()
	tab.run(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
}

// Passkeys need none of the newer helpers, and errors have their own messages.
func TestPasskeysOfOlderBrowsers(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.User("Ada")
	ada.base = strings.Replace(app.URL, "127.0.0.1", "localhost", 1) // browsers support no passkeys for IP addresses
	tab := ada.Tab()
	tab.authenticator()
	tab.before(`delete PublicKeyCredential.parseCreationOptionsFromJSON
		delete PublicKeyCredential.parseRequestOptionsFromJSON
		PublicKeyCredential.prototype.toJSON = () => { throw new TypeError('an extension is in the way') }`)
	tab.SignIn()
	making := func() {
		t.Helper()
		tab.Open("/me/passkeys")
		tab.Click("button >> Add a passkey")
		tab.Wait("it asks what to call it", find("#passkey-name"))
		tab.loaded()
	}
	making()
	app.Step("each fault has words of its own", func() {
		seen := map[string]string{}
		for _, fault := range []string{"NotAllowedError", "InvalidStateError", "SecurityError", "NotSupportedError",
			"ConstraintError", "UnknownError"} {
			tab.Eval(JS(`navigator.credentials.create = () => Promise.reject(new DOMException('The key broke.', %s))`, fault),
				nil)
			tab.Eval(`document.querySelector('form[data-passkey] .error').textContent = ''`, nil)
			tab.Click("button >> Make it")
			tab.Wait("it says so", `document.querySelector('form[data-passkey] .error').textContent`)
			says := tab.Text("form[data-passkey] .error")
			if other := seen[says]; other != "" {
				t.Errorf("%s and %s both say %q", fault, other, says)
			}
			seen[says] = fault
		}
		tab.Eval(`delete window.PublicKeyCredential; document.querySelector('form[data-passkey] .error').textContent = ''`,
			nil)
		tab.Click("button >> Make it")
		tab.Wait("a browser without them is told so",
			`/too old/.test(document.querySelector('form[data-passkey] .error').textContent)`)
	})
	app.Step("it is made, and it signs in", func() {
		making()
		tab.Click("button >> Make it")
		tab.Wait("it is listed",
			`document.querySelector('form[action="/me/passkeys/remove"]') && document.readyState === 'complete'`)
		tab.Open("/signout")
		tab.Click("main form[method=post] button")
		tab.At("/signin")
		tab.Click("button >> Use a passkey")
		tab.Connected()
	})
}

// A password manager finds the field, and the user, of a password.
func TestSignInFieldsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	tab := Start(t).User("Ada").Tab()
	tab.Open("/signin")
	for field, want := range map[string]string{"input[name=name]": "username",
		"input[name=password]": "current-password"} {
		tab.Wait("it can be seen", find(field))
		if got := tab.Attribute(field, "autocomplete"); got != want {
			t.Errorf("%s says %q, want %q", field, got, want)
		}
	}
}
