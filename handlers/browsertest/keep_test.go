package browsertest

import (
	"fmt"
	"testing"
)

// What one writes is on the server, for one's other devices; others see that somebody types.
func TestDraftsAndTyping(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	phone := app.Client("Bob")
	bob := phone.Tab("Bob")
	bob.Open("/c/" + general)
	bob.Connected()
	_, carol := app.SignedIn("Carol")
	carol.Phone()
	carol.Reload()
	carol.Connected()
	app.Step("others see who types, until the messages are there", func() {
		typing := func(tab *Tab, want string) {
			t.Helper()
			tab.Wait("it says "+want, `document.querySelector('#typing').textContent === %s`, want)
		}
		bob.Fill(composer, "on my way")
		typing(ada, "Bob is typing…")
		typing(carol, "Bob is typing…")
		carol.Looks("somebody types")
		carol.Phone()
		bob.Press("Enter")
		for _, tab := range []*Tab{ada, carol} {
			tab.Sees("on my way")
			typing(tab, "")
		}
		carol.Fill(composer, "me too")
		typing(ada, "Carol is typing…")
		typing(bob, "Carol is typing…")
		carol.Fill(composer, "")
	})
	app.Step("a draft is the same on another device", func() {
		bob.Fill(composer, "a long thought")
		other := phone.Tab("Bob")
		other.Phone()
		other.Open("/drafts")
		other.Wait("it is saved", `(async () => (await (await fetch('/drafts')).text()).includes('a long thought'))()`)
		other.Open("/c/" + general)
		other.Connected()
		other.Wait("it is in the composer", `document.querySelector(%s).value === 'a long thought'`, composer)
		other.Press("End")
		other.Type(", and its end")
		other.Click("#composer button.send")
		ada.Sees("a long thought, and its end")
		other.Wait("no draft is left", `(async () => !(await (await fetch('/drafts')).text()).includes('thought'))()`)
	})
}

// A permalink in a message shows what it leads to, below the message, to those who may see it.
func TestQuotes(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	bob := app.Client("Bob")
	_, carol := app.SignedIn("Carol")
	bob.Form("/c", form("name", "Club", "private", "1"))
	secret := bob.find("/c", `href="(/c/club-[a-z0-9]+)"`)
	bob.Form(secret+"/members", form("name", "Ada"))
	bob.Form(secret+"/messages", form("body", "the cake is a surprise"))
	ada.Say("see " + app.URL + secret + "/1")
	ada.Wait("a member sees it",
		`document.querySelector('#messages .quote')?.textContent.includes('the cake is a surprise')`)
	carol.Sees("/1")
	ada.Accessible("a quote")
	bob.Form("/c/"+general+"/1/pin", nil) // the line that says so needs no quote
	ada.Wait("it is said", `document.querySelector('#messages .line a[href$="/1"]')`)
	ada.Say("and the first one: " + app.URL + "/c/" + general + "/1")
	ada.Say(fmt.Sprintf("in their order: %[1]s/c/%[2]s/3 %[1]s/c/%[2]s/1", app.URL, general))
	ada.Wait("the quotes stand so", `(all => all.length === 2 && all[0].textContent.includes('and the first one') &&
		all[1].textContent.includes('see'))([...document.querySelectorAll('#messages article:last-of-type .quote')])`)
	carol.Wait("everyone sees what everyone may see", `document.querySelectorAll('#messages .quote').length === 3 &&
		document.querySelector('#messages .quote').textContent.includes('see')`)
	carol.Wait("and nothing else", `!document.body.textContent.includes('surprise')`)
	ada.Hover("#" + ada.RowID("and the first one"))
	ada.Click("#" + ada.RowID("and the first one") + " .quick")
	ada.Wait("a reaction leaves it there", `document.querySelectorAll('#messages .quote').length === 4 &&
		document.querySelector('#messages [data-reaction]')`)
	bob.Post(general, "a promise")
	ada.Say(app.URL + "/c/" + general + "/5")
	quotes := func(text string) {
		t.Helper()
		ada.Wait("the quote is "+text,
			`(document.querySelector('#messages article:last-of-type .quote .body')?.innerText ?? '') === %s`, text)
	}
	quotes("a promise")
	bob.Form("/c/"+general+"/5/edit", form("body", "a wish", "written",
		bob.find("/c/"+general+"/5/edit", `name="written" value="(\d+)"`)))
	quotes("a wish")
	bob.Form("/c/"+general+"/5/delete", nil)
	quotes("")
}

// Marked as unread, a channel stays so on an open page until the reader turns to it again.
func TestMarkUnread(t *testing.T) {
	t.Parallel()
	app := Start(t)
	reader := app.Client("Ada")
	bob := app.Client("Bob")
	for _, text := range []string{"one", "two", "three"} {
		bob.Post(general, text)
	}
	tab := reader.Tab("Ada")
	tab.Open("/c/" + general)
	tab.Connected()
	const counts = `(async () => new DOMParser().parseFromString(await (await fetch('/c')).text(), 'text/html')
		.querySelector('#channels .unread').textContent)()`
	tab.Wait("all is read", counts+`.then(n => n === '')`)
	reader.Form("/c/"+general+"/2/unread", nil)
	tab.Wait("the line is above it", `document.querySelector('#messages .new + article')?.textContent.includes('two')`)
	bob.Post(general, "four")
	tab.Sees("four")
	tab.Wait("it stays unread, although the page shows its end", counts+`.then(n => n === '3')`)
	tab.Eval(`scroller.dispatchEvent(new Event('scroll'))`, nil)
	tab.Wait("it is read again", counts+`.then(n => n === '')`)
}
