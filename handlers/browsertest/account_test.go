package browsertest

import "testing"

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
		settings.Accessible("password")
	})
	laptop := app.Person("Ada") // another device
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
		second.Accessible("sign-in with a password")
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
		first.Say("alone again")
	})
	app.Step("sign in at once with name and password", func() {
		second.Open("/signin")
		second.Fill("input[name=name]", "Ada")
		second.Click("summary")
		second.Fill("input[name=password]", goodPassword)
		second.Press("Enter")
		second.Connected()
	})
}
