package browsertest

import "testing"

// A user reports a message, and an admin removes it; a channel gets slow mode, and its owner bans a member.
func TestReportsAndChannelOwners(t *testing.T) {
	t.Parallel()
	app := Start(t)
	boss := app.owned("Boss", "open").Tab("Boss")
	boss.Open("/admin/reports")
	boss.Accessible("no reports")
	_, ada := app.SignedIn("Ada")
	person, bob := app.SignedIn("Bob")
	person.ExpectStatus("429")

	app.Step("report, in the row", func() {
		bob.Say("buy cheap watches")
		ada.Sees("cheap watches")
		row := "#" + ada.RowID("cheap watches")
		ada.Hover(row)
		ada.Shot("report-action")
		ada.ClickIn(row, ".menu-of")
		ada.Click("#card[open] a >> Report")
		ada.Fill(row+" input[name=reason]", "An advertisement")
		ada.Accessible("reporting")
		ada.Click(row + " button.danger")
		ada.Wait("it is said that it was reported", `document.querySelector('#messages .saved')`)
		ada.Accessible("reported")
		bob.ClickIn("#"+bob.RowID("cheap watches"), ".menu-of")
		bob.Wait("there is nothing to report of one's own", find("#card[open] a >> Delete")+" && !"+find("#card a >> Report"))
		bob.Press("Escape")
	})
	app.Step("an admin sees it, and takes it away", func() {
		boss.Open("/admin/reports")
		boss.Wait("it is there",
			`document.querySelector('tbody').innerText.includes('cheap watches') && document.querySelector('tbody').innerText.includes('An advertisement')`)
		boss.Wait("the menu counts it", `document.querySelector('.tabs [aria-current]').textContent === 'Reports (1)'`)
		boss.Accessible("reports")
		boss.Phone()
		boss.Accessible("reports on a phone")
		boss.Size(1280, 800)
		boss.Click("tbody button.danger")
		boss.Wait("nothing waits", `!document.querySelector('tbody')`)
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("a line stays", `/removed by an admin/.test(document.querySelector('#messages article').innerText)`)
		}
	})
	app.Step("slow mode", func() {
		ada.Open("/c")
		ada.Fill("#new input[name=name]", "Garden")
		ada.Click("#new button")
		ada.At("/c/garden")
		ada.Connected()
		bob.Open("/c/garden")
		bob.Connected()
		ada.Open("/c/garden/settings")
		ada.Eval(`document.querySelector('#slow-mode').value = '60'`, nil)
		ada.Click("form[action$='/settings'] button")
		ada.Wait("it is saved", `document.querySelector('.saved')`)
		ada.Accessible("settings of a slow channel")
		bob.Wait("the composer says it at once",
			`document.querySelector('#slow').textContent === 'Slow mode: one message every minute'`)
		bob.Say("the first")
		bob.Fill(composer, "the second")
		bob.Press("Enter")
		bob.Wait("it is refused, with the time",
			`/slow mode.*seconds|slow mode.*minute/i.test(document.querySelector('#composer .error').textContent)`)
		bob.Wait("the text is kept", `document.querySelector(%s).value === 'the second'`, composer)
		bob.Accessible("slow mode")
	})
	app.Step("whoever runs the channel keeps someone out", func() {
		ada.Open("/c/garden/members")
		ada.Click("[aria-label='Ban… Bob']")
		ada.Wait("the form has the name", `document.querySelector('#ban-name').value === 'Bob'`)
		ada.Fill("#ban-reason", "noise")
		ada.Click("#ban button.danger")
		ada.Wait("he is in the list", `document.querySelector("[aria-label='Unban Bob']")`)
		ada.Accessible("who is kept out of a channel")
		bob.Wait("his page says so", `document.querySelector('#closed').textContent.includes('not there any more')`)
		bob.Connected()
		bob.Wait("the channel is in his list no more",
			`![...document.querySelectorAll('#channels a')].some(e => e.textContent.includes('Garden'))`)
		bob.Accessible("a channel that one was banned from")
		ada.Click("[aria-label='Unban Bob']")
		ada.Wait("nobody is in the list", `!document.querySelector("[aria-label='Unban Bob']")`)
		bob.Open("/c/garden")
		bob.Connected()
		bob.Sees("the first")
	})
}
