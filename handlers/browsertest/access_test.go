package browsertest

import "testing"

// axe-core finds nothing in the conversation, light and dark. For the pages around it, see TestEveryPage.
func TestAccessible(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Side Room"))
	_, ada := app.SignedIn("Ada")
	ada.Accessible("an empty channel")

	app.Step("a channel with everything in it", func() {
		ada.Say("a message of one's own")
		bob.Post(general, "an answer with a link: https://example.org/")
		bob.Post(general, "שלום עולם, مرحبا, 你好, 😀")
		ada.Choose(fileField, picture(t, "wide.png", 800, 200), file(t, "notes.txt", []byte("notes")))
		ada.Say("with files")
		bob.Post(general, "soon gone")
		bob.Form("/c/"+general+"/5/delete", nil)
		bob.Form("/c/"+general+"/2/edit", form("body", "an answer, edited"))
		bob.Talk("side-room", "unread", 2)
		ada.Sees("an answer, edited")
		ada.Reload()
		ada.Connected()
		ada.Accessible("a channel")
	})
	app.Step("forms in a row", func() {
		row := "#" + ada.RowID("a message of one's own")
		ada.ClickIn(row, "a.own >> Edit")
		ada.Wait("the form is there", `document.querySelector('#messages form')`)
		ada.Accessible("editing")
		ada.Press("Escape")
		ada.Open("/c/" + general)
		ada.Connected()
		ada.ClickIn(row, "a.own >> Delete")
		ada.Wait("the question is there", `document.querySelector('#messages form')`)
		ada.Accessible("deleting")
	})
	for path, what := range map[string]string{
		"/me/password": "password of nobody", "/signout": "signing out for good", "/c/" + general + "/1": "permalink page",
		"/c/" + general + "/1/edit": "edit page", "/c/" + general + "/1/delete": "delete page",
	} {
		ada.Open(path)
		ada.Accessible(what)
	}
	app.Step("on a phone", func() {
		ada.Phone()
		ada.Open("/c/" + general)
		ada.Connected()
		ada.Accessible("phone")
		ada.Wait("nothing is wider than the screen", `document.documentElement.scrollWidth <= innerWidth`)
		ada.Click(".bar button.menu")
		ada.Wait("the drawer is open", `document.querySelector('#sidebar').matches(':popover-open')`)
		ada.Accessible("phone drawer")
	})
}

// Everything can be done from the keyboard.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Side Room"))
	ada := app.User("Ada")
	tab := ada.Tab()

	app.Step("sign in", func() {
		tab.Open("/")
		tab.At("/signin")
		tab.TabTo("input[name=name]")
		tab.Type("Ada")
		tab.Press("Enter")
		tab.Connected()
	})
	app.Step("post", func() {
		tab.Wait("the focus is in the composer", `document.activeElement === document.querySelector(%s)`, composer)
		tab.Type("from the keyboard")
		tab.Press("Enter")
		tab.Sees("from the keyboard")
	})
	app.Step("edit", func() {
		row := "#" + tab.RowID("from the keyboard")
		tab.TabTo(row + " a.own[href$='/edit']")
		tab.Wait("the focus can be seen",
			"!!"+find(row+" a.own[href$='/edit']")+` && getComputedStyle(document.activeElement).outlineStyle !== 'none'`)
		tab.Press("Enter")
		tab.Wait("the focus is in the form", `document.activeElement.matches('#messages form textarea')`)
		tab.Press("Control+a")
		tab.Type("edited from the keyboard")
		tab.TabTo(row + " form .primary") // past the tools
		tab.Press("Enter")
		tab.Sees("edited from the keyboard")
		tab.Wait("no form is left", `!document.querySelector('#messages form')`)
	})
	app.Step("switch the channel", func() {
		tab.TabTo(`#channels a[href="/c/side-room"]`)
		tab.Press("Enter")
		tab.At("/c/side-room")
		tab.Connected()
	})
	app.Step("attach a file, and take it back", func() {
		tab.TabTo(fileField)
		tab.Choose(fileField, file(t, "notes.txt", []byte("notes")))
		tab.TabTo("#composer .attached button")
		tab.Press("Enter")
		tab.Wait("it is gone", `!document.querySelector('#composer .attached li')`)
	})
	app.Step("scroll the conversation", func() {
		bob.Talk("side-room", "message", 60)
		tab.Sees("message 60")
		tab.TabTo("#scroller")
		tab.Press("Home")
		tab.Wait("the first message is in view",
			`document.querySelector('#messages article[data-seq="1"]').getBoundingClientRect().top >= 0`)
	})
}
