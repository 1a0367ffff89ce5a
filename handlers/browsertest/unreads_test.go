package browsertest

import (
	"fmt"
	"testing"
)

// Bob has written while Ada was away: she catches up on one page, answers there, marks all as read, and undoes that.
func TestUnreads(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	tab := bob.Tab("Bob")
	tab.Open("/c/" + general)
	tab.Connected()
	user, ada := app.SignedIn("Ada")
	bob.Form("/c", form("name", "Side Room"))
	const side = "side-room"
	ada.Click(`#sidebar a[href="/unreads"]`)
	ada.At("/unreads")
	says := func(text string) {
		t.Helper()
		ada.Wait("it says "+text, `document.querySelector('.unreads').textContent.includes(%s)`, text)
	}
	says("You have read everything")
	bob.Post(general, "hello @Ada")
	bob.Talk(side, "psst", 14)
	ada.Reload()
	ada.Wait("what mentions her is first", `[...document.querySelectorAll('#unreads .card h2')]
		.map(h => h.innerText.replace(/\s+/g, ' ').trim()).join() === '# General Talk,# Side Room'`)
	says("Show 10 more")
	ada.Accessible("what is unread")
	beside := user.Tab() // which she does not touch
	beside.Open("/threads")
	beside.Connected()
	badge := func(unread string) {
		t.Helper()
		for _, tab := range []*Tab{ada, beside} {
			tab.Wait(fmt.Sprintf("the sidebar has %q", unread),
				`document.querySelector('#channels a[href="/c/side-room"] .unread').textContent === %s`, unread)
		}
	}
	badge("14")
	app.Step("she answers in place", func() {
		ada.Fill("#unreads .card:first-child .answer textarea", "hello yourself")
		ada.Click("#unreads .card:first-child .answer button")
		ada.Wait("it is shown, and the box is empty", `(card =>
			card.querySelector('.messages').textContent.includes('hello yourself') &&
			card.querySelector('.answer textarea').value === '')(document.querySelector('#unreads .card'))`)
		tab.Sees("hello yourself")
		ada.At("/unreads")
	})
	app.Step("what the page does not show stays unread", func() {
		ada.Fill("#unreads .card:last-child .answer textarea", "seen some of it")
		ada.Click("#unreads .card:last-child .answer button")
		badge("15") // hers, too: it is not above the others
	})
	app.Step("one conversation is read, and undone", func() {
		ada.Click("#unreads .card:last-child header button")
		ada.Wait("it is gone", `document.querySelectorAll('#unreads .card').length === 1`)
		badge("")
		ada.Click("#notice button")
		ada.Wait("it is back", `document.querySelectorAll('#unreads .card').length === 1 &&
			document.querySelector('#unreads').textContent.includes('psst')`)
		badge("15")
	})
	app.Step("all is read, and undone", func() {
		ada.Click("#unread-total button")
		says("You have read everything")
		badge("")
		ada.Wait("no group is left", `document.querySelectorAll('#unreads .card').length === 0`)
		ada.Click("#notice button")
		ada.Wait("it is back", `document.querySelector('#unreads').textContent.includes('psst')`)
		badge("15")
	})
	app.Step("so by the keys, on a page that stays", func() {
		ada.Open("/c/" + general)
		ada.Connected()
		ada.Press("Shift+Escape")
		badge("")
		ada.Click("#notice button >> Undo")
		badge("15")
		ada.Wait("it says so", `document.querySelector('#notice').textContent.includes('unread again')`)
		ada.Eval(`chat.link(document.querySelector('#messages article')).focus()`, nil)
		ada.Press("u")
		here := func(unread string) {
			t.Helper()
			beside.Wait(fmt.Sprintf("this conversation has %q", unread),
				`document.querySelector('#channels a[href="/c/general-talk"] .unread').textContent === %s`, unread)
		}
		here("2")
		ada.Press("Escape")
		here("")
		badge("15")
		ada.At("/c/" + general)
	})
}
