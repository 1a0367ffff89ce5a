package browsertest

import "testing"

const reply = `document.querySelector('#composer .reply').innerText`

// Two users, with the keyboard alone: commands that post, that reply, that go elsewhere, and that do not exist.
func TestSlashCommands(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	send := func(tab *Tab, text string) {
		t.Helper()
		tab.Wait("the box is empty", `document.querySelector(%s).value === ''`, composer)
		tab.Fill(composer, text)
		tab.Press("Enter")
	}
	nothingKept := func(tab *Tab) {
		t.Helper()
		tab.Wait("box and draft are empty", `document.querySelector(%s).value === '' &&
			!Object.keys(sessionStorage).some(k => k.startsWith('draft:'))`, composer)
	}
	app.Step("what is posted, both see", func() {
		send(ada, "/shrug no idea")
		bob.Wait("it is there", `/no idea .*ツ/.test(document.querySelector('#messages').innerText)`)
		send(ada, "//me is a command")
		bob.Sees("/me is a command")
		nothingKept(ada)
	})
	app.Step("an unknown one is not sent, and keeps the text", func() {
		ada.User.ExpectStatus("422")
		send(ada, "/stauts 🍲 at lunch")
		ada.Wait("it says so", `/Did you mean \/status\?/.test(document.querySelector('#composer [role=alert]').innerText)`)
		ada.Wait("the text is there, and has the focus", `document.activeElement.value === '/stauts 🍲 at lunch'`)
		ada.Looks("an unknown command")
		ada.Desk()
		ada.Fill(composer, "/status 🍲 at lunch")
		ada.Press("Enter")
		ada.Wait("it replies, to a screen reader too", `/status is set/.test(`+reply+`)`)
		ada.Wait("the error is gone", `!document.querySelector('#composer [role=alert]').innerText.trim()`)
		nothingKept(ada)
		bob.Wait("Bob sees the status", `document.querySelector('#messages .emoji')?.innerText.trim() === '🍲'`)
	})
	app.Step("the help is for her alone", func() {
		send(ada, "/help")
		ada.Wait("it lists all", `document.querySelectorAll('#composer .commands dt').length === 13`)
		ada.Looks("the help of the commands")
		ada.Desk()
		send(ada, "thank you")
		bob.Sees("thank you")
		ada.Wait("the next message clears it", `!document.querySelector('#composer .commands')`)
		ada.InOrder(1, 3)
		bob.InOrder(1, 3)
	})
	app.Step("away, in words", func() {
		send(ada, "/away")
		ada.Wait("it replies", `/see you as away/.test(`+reply+`)`)
		ada.Wait("she sees it herself", `document.querySelector('.self .away').innerText.trim() === 'away'`)
		nothingKept(ada)
	})
	app.Step("a direct message, and where it leads", func() {
		send(ada, "/dm @bob, are you there?")
		ada.Wait("she is in the conversation", `location.pathname !== '/c/`+general+`'`)
		ada.Connected()
		ada.Sees("are you there?")
		nothingKept(ada)
		const entry = `document.querySelector('#directs li')`
		bob.Wait("she is away in Bob's list", entry+`?.querySelector('.away').innerText.trim() === 'away' &&
			`+entry+`.querySelector('.dot').dataset.present === 'false'`)
		ada.Looks("a conversation of a user who is away")
		ada.Desk()
		send(ada, "/away")
		bob.Wait("and is back", entry+`.querySelector('.dot').dataset.present === 'true' &&
			!`+entry+`.querySelector('.away').innerText.trim()`)
	})
}
