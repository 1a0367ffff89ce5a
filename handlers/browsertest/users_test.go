package browsertest

import "testing"

func TestUsers(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.User("Ada")
	first := app.own(ada, "open")
	_, second := app.SignedIn("Bob")
	second.Say("hello")
	first.Sees("hello")
	app.Step("make an admin", func() {
		first.Open("/admin/people")
		first.Eval(`document.querySelector('[aria-label="Role of Bob"]').value = 'admin'`, nil)
		first.Click(`[aria-label="Set the role of Bob"]`)
		first.Wait("it is done", find(".saved"))
		second.Connected() // again, with the new profile
		second.Open("/admin/people")
		second.Wait("he sees who is here", `document.querySelector('tbody').innerText.includes('Ada')`)
		second.Accessible("people, to an admin")
	})
	app.Step("deactivate", func() {
		first.Click(`[aria-label="Deactivate Bob"]`)
		second.At("/signin")
		first.Wait("he can come back", find(`[aria-label="Reactivate Bob"]`))
	})
}
