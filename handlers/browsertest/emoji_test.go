package browsertest

import "testing"

// An admin adds an emoji; another person uses it in a text and as a reaction, and both see it live, until it is
// removed.
func TestCustomEmoji(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.owned("Ada Lovelace", "open").Tab("Ada")
	_, bob := app.SignedIn("Bob")
	const reaction = `document.querySelector('#messages [data-reaction=":party:"]')`
	shown := func(tab *Tab, selector string) {
		tab.t.Helper()
		tab.Wait("the picture shows", `(i => i?.naturalWidth && i.offsetWidth > 8)(document.querySelector(%s))`, selector)
	}
	app.Step("it is added", func() {
		ada.Open("/admin/emoji")
		ada.Fill("#name", "party")
		ada.Choose("#file", picture(t, "party.png", 300, 200))
		ada.Click("button >> Add")
		ada.Wait("it is there", find(".saved"))
		shown(ada, "th .emoji")
		ada.Shot("emoji-admin")
		ada.Looks("admin emoji")
		ada.Desk()
	})
	app.Step("a text has it, by completion", func() {
		ada.Open("/c/" + general)
		ada.Connected()
		bob.Fill(composer, "hello :par")
		shown(bob, "#completions .emoji")
		bob.Shot("emoji-completion")
		bob.Press("Enter")
		bob.Press("Enter")
		for _, tab := range []*Tab{ada, bob} {
			shown(tab, `#messages .body .emoji[alt=":party:"]`)
		}
	})
	app.Step("a reaction is it, by the choice", func() {
		id := "#" + bob.RowID("hello")
		bob.Hover(id)
		bob.Click(id + " .react")
		bob.Wait("the search has the focus", `document.activeElement.matches('#card[open] [type=search]')`)
		const inside = `(([p, ...all]) => all.every(e => e.getBoundingClientRect().right <= p.getBoundingClientRect().right) &&
			p.getBoundingClientRect().right <= innerWidth)(document.querySelectorAll('.picker, .picker label'))`
		bob.Size(390, 844)
		bob.Wait("a phone shows all groups", inside)
		bob.Shot("emoji-picker-phone")
		_, eve := app.SignedIn("Eve")
		eve.NoScript()
		eve.Size(390, 844)
		eve.Open("/emoji?for=/c/" + general + "/1")
		eve.Wait("its page too", inside)
		eve.Shot("emoji-page-phone")
		bob.Desk()
		bob.Type("part")
		bob.Wait("it is found", `document.querySelector('#card .choices button')?.value === ':party:'`)
		bob.Accessible("the choice of an own emoji")
		bob.Shot("emoji-picker")
		bob.Press("Enter")
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("the reaction shows", reaction+`?.querySelector('img')?.offsetWidth > 8`)
		}
		ada.Click("#messages [data-reaction]")
		bob.Wait("both", reaction+`?.dataset.count === '2'`)
		bob.Shot("emoji-talk")
		bob.Size(390, 844)
		bob.Eval(`(b => { b.style.marginInlineStart = 'auto'; b.ariaLabel = 'Ada Lovelace, Bob '.repeat(6) })(`+reaction+`)`,
			nil)
		bob.Hover("#messages [data-reaction]")
		bob.Wait("who reacted fits", `(f => getComputedStyle(`+reaction+`, '::after').content !== 'none' &&
			f.scrollWidth <= f.clientWidth)(document.querySelector('.reactions'))`)
		bob.Shot("emoji-who-phone")
		bob.Desk()
	})
	app.Step("a removed one leaves its name", func() {
		ada.Open("/admin/emoji")
		ada.Click("td a.button")
		ada.Wait("it asks", find("button.danger"))
		ada.Accessible("the question before an emoji is removed")
		ada.Click("button.danger")
		ada.Wait("it is removed", find(".saved"))
		bob.User.ExpectStatus("404") // of its picture
		bob.Open("/c/" + general)
		bob.Connected()
		bob.Wait("the reaction is its name", reaction+`?.textContent.trim() === ':party: 2'`)
		bob.Shot("emoji-removed")
		bob.Click("#messages [data-reaction]")
		bob.Wait("one takes it back", reaction+`?.dataset.count === '1'`)
	})
}
