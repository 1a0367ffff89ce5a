package browsertest

import "testing"

// Pictures of one message open large over the page, and lead back to their row.
func TestGallery(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Choose(fileField, picture(t, "one.png", 900, 600), picture(t, "two.png", 300, 700),
		picture(t, "three.png", 64, 64))
	ada.Say("three of them")
	shows := func(tab *Tab, words string) {
		t.Helper()
		tab.Wait("it shows "+words,
			`(() => { const box = document.querySelector('dialog.viewer[open]'), i = box?.querySelector('img')
			return box?.querySelector('[role=status]').textContent === %s && i.complete && i.naturalWidth > 0 })()`, words)
	}
	app.Step("one who reads opens the second, and turns", func() {
		bob.Sees("three of them")
		bob.Wait("they are a grid", `document.querySelectorAll('#messages .gallery a.picture img').length === 3`)
		bob.Wait("as wide as there is room",
			`(g => Math.abs(g.getBoundingClientRect().right - g.lastElementChild.getBoundingClientRect().right) < 1)(
			document.querySelector('#messages .gallery'))`)
		bob.Click("#messages .gallery .picture:nth-of-type(2)")
		shows(bob, "Picture 2 of 3, two.png")
		bob.Shot("gallery")
		bob.Accessible("the gallery")
		bob.Press("Right")
		shows(bob, "Picture 3 of 3, three.png")
		bob.Press("Right")
		shows(bob, "Picture 1 of 3, one.png")
		bob.Press("Left")
		shows(bob, "Picture 3 of 3, three.png")
		bob.Click(".viewer .turn[value='-1']")
		shows(bob, "Picture 2 of 3, two.png")
	})
	app.Step("a swipe turns too", func() {
		bob.Eval(`(() => { const i = document.querySelector('.viewer img')
			for (const [type, clientX] of [['pointerdown', 300], ['pointerup', 200]]) i.dispatchEvent(new PointerEvent(type, {clientX, bubbles: true})) })()`, nil)
		shows(bob, "Picture 3 of 3, three.png")
	})
	app.Step("Escape leads back to the row, although it has changed meanwhile", func() {
		ada.Hover("#messages .gallery")
		ada.Click("#messages .quick")
		bob.Wait("Ada has reacted", `document.querySelector('#messages [data-reaction]')`)
		bob.Press("Escape")
		bob.Wait("the picture has the focus",
			`!document.querySelector('dialog.viewer') && document.activeElement.matches('.picture:nth-of-type(2)')`)
	})
	app.Step("the keyboard opens it, and a phone shows it", func() {
		bob.Press("Enter")
		shows(bob, "Picture 2 of 3, two.png")
		bob.Phone()
		bob.Shot("gallery-phone")
		bob.Click(".viewer .close")
		bob.Wait("it is closed", `!document.querySelector('dialog.viewer')`)
	})
}
