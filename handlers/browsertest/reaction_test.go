package browsertest

import "testing"

// Two people react: each sees it live, and their own marked; the keyboard chooses any emoji.
func TestReactions(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Say("lunch?")
	bob.Sees("lunch?")
	id := "#" + bob.RowID("lunch?")
	const thumb = `document.querySelector('#messages [data-reaction="👍"]')`
	app.Step("a quick one is seen by both, and marked for whose it is", func() {
		bob.Hover(id)
		bob.Click(id + " .quick")
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("it shows", thumb+`?.dataset.count === '1' && `+thumb+`.ariaLabel === 'Bob reacted with 👍'`)
		}
		bob.Wait("it is marked", thumb+`.matches('[data-by~="' + document.body.dataset.user + '"]')`)
		var his, hers string
		bob.Eval(`getComputedStyle(`+thumb+`).borderColor`, &his)
		ada.Eval(`getComputedStyle(`+thumb+`).borderColor`, &hers)
		if his == hers {
			t.Errorf("both see it in %s", his)
		}
	})
	app.Step("the other joins, and leaves again, with the focus kept", func() {
		ada.Click(id + " [data-reaction]")
		bob.Wait("both", thumb+`.ariaLabel === 'Bob and Ada reacted with 👍'`)
		ada.Wait("the focus stays", `document.activeElement === `+thumb)
		ada.Press("Enter")
		bob.Wait("one left", thumb+`.dataset.count === '1'`)
		ada.Wait("the focus stays still", thumb+`.dataset.count === '1' && document.activeElement === `+thumb)
	})
	app.Step("the keyboard chooses any emoji", func() {
		ada.Hover(id)
		ada.Click(id + " .react")
		ada.Wait("the search has the focus", `document.activeElement.matches('#card[open] [type=search]')`)
		ada.Accessible("the choice of an emoji")
		ada.Type("rocket")
		ada.Wait("it is found", `document.querySelector('#card .choices button')?.value === '🚀'`)
		ada.Press("Down")
		ada.Press("Right")
		ada.Press("Left")
		ada.Press("Enter")
		bob.Wait("it flies", `document.querySelector('#messages [data-reaction="🚀"]')`)
		ada.Wait("it is closed", `!document.querySelector('#card[open]')`)
	})
	app.Step("Escape closes, and leads back", func() {
		ada.Hover(id)
		ada.Click(id + " .react")
		ada.Wait("it is open", `document.activeElement.matches('#card[open] [type=search]')`)
		ada.Press("Escape")
		ada.Wait("the focus is in the row",
			`!document.querySelector('#card[open]') && document.activeElement.matches('.message .react')`)
	})
	app.Step("without JavaScript the message's page does it", func() {
		ada.NoScript()
		ada.Open("/c/" + general + "/1")
		ada.Click(`.highlight [value="😂"]`)
		bob.Wait("it laughs", `document.querySelector('#messages [data-reaction="😂"]')`)
		ada.Click(`.message [data-reaction="😂"]`)
		bob.Wait("and no more", `!document.querySelector('#messages [data-reaction="😂"]')`)
		ada.Click(`.highlight a[href^="/emoji"]`)
		ada.Click(`.choices [value="😎"]`)
		bob.Wait("it is cool", `document.querySelector('#messages [data-reaction="😎"]')`)
	})
}
