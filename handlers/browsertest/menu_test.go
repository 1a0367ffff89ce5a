package browsertest

import "testing"

const (
	menuOpener = " .menu-of"
	openMenu   = "#card[open] .message-menu"
)

// The menu of a message opens by the mouse, by the keyboard and by touch. It does what it says, tells so, and gives the
// focus back.
func TestMenu(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 3)
	_, ada := app.SignedIn("Ada")
	ada.Say("mine")
	row, own := "#"+ada.RowID("message 2"), "#"+ada.RowID("mine")
	open := func(row string) {
		t.Helper()
		ada.ClickIn(row, menuOpener)
		ada.Wait("the menu is open", find(openMenu))
	}
	closed := func(words string) {
		t.Helper()
		ada.Wait("the menu is closed, and the focus back", `!document.querySelector('#card[open], .message-menu') &&
			document.activeElement === document.querySelector(%s)`, row+menuOpener)
		ada.Wait("it is said", `document.querySelector('#notice').textContent.includes(%s)`, words)
	}
	app.Step("by the mouse: save", func() {
		open(row)
		ada.Looks("the menu of a message")
		ada.Desk()
		ada.Click(openMenu + " button >> Save for later")
		closed("saved for later")
	})
	app.Step("it knows that, and pins", func() {
		open(row)
		ada.Wait("it is saved", find(openMenu+" button >> Remove from saved"))
		ada.Click(openMenu + " button >> Pin to channel")
		closed("what is pinned here")
		ada.Wait("it is pinned", find("#bar a[href$='/pins']"))
	})
	app.Step("by the keyboard: Escape closes", func() {
		ada.Eval(JS(`document.querySelector(%s).focus()`, row+" header > a:last-child"), nil)
		ada.TabTo(row + menuOpener)
		ada.Press("Enter")
		ada.Wait("the first action has the focus",
			`document.activeElement.matches('#card[open] .message-menu a[href$="/thread"]')`)
		ada.Press("Escape")
		closed("")
	})
	copies := func(what, want string) {
		t.Helper()
		ada.Copies(func() {
			open(row)
			ada.Click(openMenu + " button >> " + what)
			ada.Wait("it is said", `document.activeElement.matches('[data-copy]') && document.activeElement.textContent === 'Copied'`)
			ada.Press("Escape")
			closed("")
		}, composer)
		ada.Wait("it was copied", `document.querySelector(%s).value === new URL(%s, location).href.replace('text:', '')`,
			composer,
			want)
		ada.Fill(composer, "")
	}
	app.Step("copy the link, and without the clipboard of a secure page the text", func() {
		copies("Copy link", "/c/"+general+"/2")
		ada.Eval(`Object.defineProperty(navigator, 'clipboard', {value: undefined})`, nil)
		copies("Copy text", "text:message 2")
	})
	app.Step("what opens inside the row does so from the menu", func() {
		open(own)
		ada.Looks("the menu of one's own message")
		ada.Desk()
		ada.Click(openMenu + " a >> Edit")
		ada.Wait("the form is there, with the focus", `!document.querySelector('#card[open]') &&
			document.activeElement === document.querySelector(%s)`, own+" .edit textarea")
		ada.Press("Escape")
		open(own)
		ada.Click(openMenu + " a >> Delete")
		ada.Click(own + " .edit a >> Keep it")
		ada.Wait("no more links than there were", `!document.querySelector(%s)`, own+" > a")
	})
	app.Step("forward, in the menu's place", func() {
		ada.Dark(false)
		open(row)
		ada.Click(openMenu + " a >> Forward…")
		ada.Wait("the form is there, with the focus", `document.activeElement.matches('#card[open] .forward [name=to]')`)
		ada.Looks("forwarding")
		ada.Desk()
		ada.Press("Escape")
		closed("")
	})
	app.Step("of a message that was deleted meanwhile nothing is saved, and that is said", func() {
		ada.User.ExpectStatus("404")
		last := "#" + ada.RowID("message 3")
		open(last)
		bob.Form("/c/"+general+"/3/delete", nil)
		ada.Wait("it is deleted", find(last+".deleted"))
		ada.Click(openMenu + " button >> Save for later")
		ada.Wait("it is said", `!document.querySelector('#card[open]') && document.querySelector('#notice .problem')`)
	})
	app.Step("forwarded, it leads there, and the browser asks nothing", func() {
		open(row)
		ada.Click(openMenu + " a >> Forward…")
		ada.Wait("the form has the focus", `document.activeElement.matches('#card[open] .forward [name=to]')`)
		ada.Press("Down")
		ada.Fill("#card .forward textarea", "look")
		ada.Click("#card .forward .primary")
		ada.Wait("it is there",
			`[...document.querySelectorAll('#messages .quote')].some(e => e.textContent.includes('message 2'))`)
	})
}

// By touch the bar opens by a tap on the dots, and the menu by a tap in it.
func TestMenuOnAPhone(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Bob").Talk(general, "message", 3)
	_, ada := app.SignedIn("Ada")
	ada.Phone()
	ada.Reload()
	ada.Connected()
	row := "#" + ada.RowID("message 2")
	ada.Eval(JS(`document.querySelector(%s).click()`, row+" header time"), nil) // the dots
	ada.Shot("bar-phone")
	ada.Click(row + menuOpener)
	ada.Wait("all of it can be seen", `(m => m?.bottom < innerHeight && m.top > 0 && m.left > 0 && m.right < innerWidth)(
		document.querySelector(%s)?.getBoundingClientRect())`, openMenu)
	ada.Accessible("the menu on a phone")
	ada.Click(openMenu + " button >> Mark unread from here")
	ada.Wait("it is said", `document.querySelector('#notice').textContent.includes('unread from this message')`)
}

// Without JavaScript the menu is a page, with what works there.
func TestMenuPage(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Bob").Talk(general, "message", 3)
	_, ada := app.SignedIn("Ada")
	ada.Open("/c/" + general + "/2/actions")
	ada.Looks("actions")
	ada.Desk()
	ada.NoScript()
	ada.Open("/c/" + general + "/2/actions")
	ada.Shot("actions-no-script")
	ada.Click("button >> Save for later")
	ada.At("/c/" + general + "/2")
	ada.Open("/c/" + general + "/2/actions")
	ada.Click("button >> Remove from saved")
	ada.At("/c/" + general + "/2")
}
