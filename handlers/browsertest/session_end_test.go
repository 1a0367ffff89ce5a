package browsertest

import "testing"

// A user who is signed out while writing finds their text after signing in: a new message and an edited one.
func TestSignedOutWhileWriting(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner := app.owned("Ada Lovelace", "open")
	bob := app.Client("Bob")
	bob.Form("/me/password", form("password", goodPassword))
	for _, body := range []string{"first", "second"} {
		bob.Post(general, body)
	}
	tab := bob.Tab("Bob")
	row := func(text string) string { return "#" + tab.RowID(text) }
	const field = "#messages form textarea"
	edit := func(text, typed string) {
		t.Helper()
		tab.ClickIn(row(text), "a.own >> Edit")
		tab.Wait("the form is there", find(field))
		tab.Fill(field, typed)
	}
	tab.Open("/c/" + general)
	tab.Connected()
	edit("first", "what took me ten minutes")
	tab.Fill(composer, "a new one")

	app.Step("the page goes, and says that nothing is lost", func() {
		owner.Form("/admin/people/"+bob.ID()+"/signout", nil)
		tab.At("/signin")
		tab.Wait("it says so", `document.querySelector('.lead').textContent.includes('is kept')`)
	})
	app.Step("the text is there again", func() {
		tab.Fill("input[name=name]", "Bob")
		tab.Fill("input[name=password]", goodPassword)
		tab.Press("Enter")
		tab.At("/c/" + general)
		tab.Connected()
		tab.Wait("the new one is", `document.querySelector(%s).value === 'a new one'`, composer)
		tab.Wait("the changed one is, where it belongs", `document.querySelector(%s)?.value === 'what took me ten minutes'`,
			row("first")+" form textarea")
	})
	app.Step("what was saved is not asked about again", func() {
		tab.Click("#messages form button >> Save changes")
		tab.Sees("what took me ten minutes")
		tab.Wait("the form is gone, and its text",
			`!document.querySelector(%s) && !Object.keys(sessionStorage).some(k => k.startsWith('edit:'))`, field)
	})
	app.Step("nor what was discarded", func() {
		edit("second", "not this")
		tab.Press("Escape")
		tab.ClickIn(row("second"), "a.own >> Edit")
		tab.Click(row("second") + " form button >> Discard it")
		tab.Click(row("second") + " form a >> Cancel")
		tab.Wait("the form is gone, and its text",
			`!document.querySelector(%s) && !Object.keys(sessionStorage).some(k => k.startsWith('edit:'))`, field)
	})
	app.Step("who comes back to a message that has changed since is told so", func() {
		edit("second", "my own second")
		// elsewhere
		tab.Eval(JS(`fetch(%s, {method: 'POST', body: new URLSearchParams({body: 'another second'})}).then(() => 0)`,
			"/c/"+general+"/2/edit"), nil)
		tab.Reload()
		tab.Wait("the text is there", `document.querySelector(%s)?.value === 'my own second'`, field)
		tab.Wait("and what it would replace",
			`document.querySelector('.message .edit .slot').textContent.includes('has changed')`)
	})
	app.Step("who signs out leaves nothing behind", func() {
		tab.Fill(composer, "for nobody")
		tab.Wait("all is kept", `Object.keys(sessionStorage).filter(k => /^(edit|draft):/.test(k)).length === 2`)
		tab.Open("/signout")
		tab.Click("main form[method=post] button")
		tab.At("/signin")
		tab.Wait("it is gone", `!Object.keys(sessionStorage).some(k => /^(edit|draft):/.test(k))`)
	})
}
