package browsertest

import (
	"fmt"
	"testing"
)

func TestUnread(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, tab := app.SignedIn("Ada")
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Side Room"))
	const side = "side-room"
	tab.Wait("the new channel is listed", `document.querySelector('#channels a[href="/c/side-room"]')`)
	other := ada.Tab()
	other.Open("/c/" + general)
	other.Connected()

	badge := func(tab *Tab, slug string, unread string) {
		t.Helper()
		tab.Wait(fmt.Sprintf("%s has %q unread", slug, unread),
			`document.querySelector('#channels a[href="/c/' + %s + '"] .unread').textContent === %s`, slug, unread)
	}

	// read waits until the server reports the channel as read by the user.
	read := func(slug string) {
		t.Helper()
		other.Wait("the server knows that "+slug+" is read",
			`fetch('/c').then(r => r.text()).then(t => new DOMParser().parseFromString(t, 'text/html')
			.querySelector('#channels a[href="/c/' + %s + '"] .unread').textContent === '')`, slug)
	}

	app.Step("a count per channel, in all tabs, and in the title", func() {
		bob.Talk(side, "@Ada psst", 3)
		badge(tab, side, "3")
		badge(other, side, "3")
		badge(tab, general, "")
		tab.Wait("the title says it", `/\(3\)/.test(document.title)`)
		tab.Shot("unread")
	})
	app.Step("what is deleted counts nowhere any more", func() {
		bob.Form("/c/"+side+"/1/delete", nil)
		badge(tab, side, "2")
		badge(other, side, "2")
		tab.Wait("nor in the title", `/\(2\)/.test(document.title)`)
		bob.Form("/c/"+side+"/2/delete", nil)
		bob.Form("/c/"+side+"/3/delete", nil)
		badge(tab, side, "")
		badge(other, side, "")
		tab.Wait("nor in the title", `!/\(\d/.test(document.title)`)
		bob.Talk(side, "psst again", 3)
		badge(tab, side, "3")
		tab.Reload()
		badge(tab, side, "3")
	})
	app.Step("opening the channel clears it in all tabs", func() {
		tab.Click(`#channels a[href="/c/side-room"]`)
		tab.At("/c/" + side)
		tab.Connected()
		badge(tab, side, "")
		badge(other, side, "")
		other.Wait("the title too", `!/\(\d/.test(document.title)`)
	})
	app.Step("what is read as it comes counts nowhere", func() {
		bob.Post(side, "read at once")
		tab.Sees("read at once")
		read(side)
		badge(other, side, "")
		badge(tab, side, "")
	})
	app.Step("a line shows where one stopped", func() {
		tab.Open("/c/" + general)
		tab.Connected()
		bob.Talk(side, "new", 2)
		badge(tab, side, "2")
		tab.Click(`#channels a[href="/c/side-room"]`)
		tab.At("/c/" + side)
		tab.Sees("new 1")
		tab.Wait("the line stands before the first new one", `(() => {
			const line = document.querySelector('#messages .new')
			return line && line.textContent.includes('New') && line.nextElementSibling.textContent.includes('new 1')
		})()`)
		tab.Shot("new-line")
	})
	app.Step("a tab that nobody looks at reads nothing", func() {
		tab.Connected()
		tab.Hide()
		bob.Post(side, "@Ada, unseen")
		tab.Sees("unseen")
		badge(other, side, "1")
		tab.Wait("its title counts it", `/\(1\)/.test(document.title)`)
		tab.Show()
		badge(other, side, "")
	})
	app.Step("one who scrolled up reads nothing, until the end", func() {
		bob.Talk(side, "a lot to read", 40)
		tab.Sees("a lot to read 40")
		read(side)
		badge(other, side, "")
		tab.Wheel("#scroller", -3000)
		tab.Wait("the newest is out of view",
			`[...document.querySelectorAll('#messages article')].at(-1).getBoundingClientRect().top > innerHeight`)
		bob.Post(side, "below")
		badge(other, side, "1")
		tab.Click("#newest")
		badge(other, side, "")
	})
	app.Step("it is kept over a restart", func() {
		tab.Open("/c/" + general)
		tab.Connected()
		bob.Post(side, "kept")
		badge(other, side, "1")
		app.Stop()
		app.StartAgain()
		tab.Connected()
		tab.Reload()
		badge(tab, side, "1")
	})
}
