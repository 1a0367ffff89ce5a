package browsertest

import "testing"

// Three users write to each other: one conversation, whoever starts it; hidden from the list until a new message; and
// no messages from blocked users.
func TestDirect(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, bob, cem := app.Client("Ada"), app.Client("Bob"), app.Client("Cem")
	a, b, c := ada.Tab("Ada"), bob.Tab("Bob"), cem.Tab("Cem")
	for _, tab := range []*Tab{b, c} {
		tab.Open("/c/" + general)
		tab.Connected()
	}
	start := func(tab *Tab, with ...*Client) {
		t.Helper()
		tab.Open("/d")
		for _, someone := range with {
			tab.Click("fieldset.people input[value='" + someone.ID() + "']")
		}
		tab.Click("button >> Start conversation")
	}
	entry := func(with string) string {
		return `[...document.querySelectorAll('#directs a')].find(e => e.querySelector('.name').innerText.trim() === '` +
			with + `')`
	}
	path := ""
	app.Step("one conversation, whoever starts it", func() {
		start(a, bob, cem)
		a.Connected()
		a.Wait("it is in the list of who started it", "!!"+entry("Bob, Cem"))
		a.Say("the three of us")
		b.Wait("Bob has it, unread", entry("Ada, Cem")+`?.querySelector('.unread').textContent === '1'`)
		c.Wait("Cem has it", entry("Ada, Bob"))
		start(c, ada, bob)
		c.Connected()
		c.Sees("the three of us")
		c.Say("all here")
		a.Sees("all here")
		a.Eval(`location.pathname`, &path)
		c.At(path)
	})
	app.Step("hidden until something new comes", func() {
		b.Open(path + "/members")
		b.Click("button >> Hide")
		b.At("/c")
		b.Connected()
		b.Wait("it is out of the list", "!("+entry("Ada, Cem")+")")
		a.Say("are you still there, Bob?")
		b.Wait("it is back, with all that was never read", entry("Ada, Cem")+`?.querySelector('.unread').textContent === '3'`)
	})
	app.Step("blocked", func() {
		c.Open("/me/blocks")
		c.Fill("input[name=name]", "bob")
		c.Press("Enter")
		c.Wait("Bob is listed", find(`[aria-label="Unblock Bob"]`))
		b.User.ExpectStatus("4(03|22)")
		start(b, cem)
		b.Wait("it says why not", `document.querySelector('main [role=alert]')?.innerText.length > 10`)
		b.Shot("blocked")
		c.Click(`[aria-label="Unblock Bob"]`)
		c.Wait("nobody is", `!document.querySelector('[aria-label="Unblock Bob"]')`)
		start(b, cem)
		b.Connected()
		b.Say("thank you")
		c.Wait("it is there", entry("Bob"))
	})
	app.Step("who goes away is seen to be away", func() {
		c.Open("/c/" + general)
		c.Wait("Bob is here", entry("Bob")+`?.querySelector('.dot').dataset.present === 'true'`)
		b.Open("about:blank")
		c.Wait("Bob is away", entry("Bob")+`?.querySelector('.dot').dataset.present === 'false'`)
	})
}
