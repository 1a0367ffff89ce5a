package browsertest

import "testing"

// Private channels and direct conversations, with their members and one outsider.
func TestPrivateAndDirect(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, tab := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	eve, outside := app.SignedIn("Eve")
	eve.ExpectStatus("404")

	app.Step("a private channel is only its members'", func() {
		tab.Click("#sidebar a >> New channel")
		tab.Fill("#new input[name=name]", "Plans")
		tab.Click("#new input[name=private]")
		tab.Click("#new button")
		tab.Connected()
		tab.Say("the secret plan")
		tab.Click(".tools a[href$='/members']")
		tab.Fill("#invite", "Bob")
		tab.Press("Enter")
		tab.Wait("Bob is in it", `[...document.querySelectorAll('.people [data-name]')].some(e => e.textContent === 'Bob')`)
		tab.Shot("members")
		bob.Click("#channels a[href*=plans]")
		bob.Connected()
		bob.Sees("the secret plan")
		bob.Say("I am in")
		row := "#" + bob.RowID("I am in")
		bob.Hover(row)
		bob.Click(row + " .reply")
		bob.Wait("a thread is open", find(replyBox))
		outside.Wait("Eve's list does not have it",
			`![...document.querySelectorAll('#channels a')].some(e => e.textContent.includes('Plans'))`)
	})
	app.Step("who is removed sees nothing more", func() {
		tab.Click(".people form button")
		tab.Wait("Bob is not in it",
			`![...document.querySelectorAll('.people [data-name]')].some(e => e.textContent === 'Bob')`)
		bob.Wait("Bob's page says so", `document.querySelector('#closed').textContent.includes('not there any more')`)
		bob.Wait("he cannot write there, nor in its thread", `[...document.querySelectorAll('.composer')].every(e =>
			e.offsetParent === null)`)
		bob.Connected()
		bob.Wait("his list has it no more",
			`![...document.querySelectorAll('#channels a')].some(e => e.textContent.includes('Plans'))`)
		tab.Click("#sidebar a >> New channel")
		tab.Fill("#new input[name=name]", "Afterwards")
		tab.Click("#new button")
		bob.Wait("his list lives on",
			`[...document.querySelectorAll('#channels a')].some(e => e.textContent.includes('Afterwards'))`)
		tab.Click("#channels a[href*=plans]")
		tab.Connected()
		tab.Click(".tools a[href$='/members']")
	})
	app.Step("settings", func() {
		tab.Click(".page p a >> Back to the conversation")
		tab.Connected()
		tab.Click(".tools a[href$='/settings']")
		tab.Fill("#channel-topic", "What we will do next")
		tab.Fill("#channel-name", "Great plans")
		tab.Click("form[action$='/settings'] button")
		tab.Wait("it is saved", `document.querySelector('.saved')`)
		tab.Shot("channel-settings")
		tab.Click(".page p a >> Back to the conversation")
		tab.Connected()
		tab.Wait("the topic is there", `document.querySelector('.topic').textContent === 'What we will do next'`)
		tab.Shot("private-channel")
		tab.Phone()
		tab.Shot("private-channel-phone")
		tab.Size(1280, 800)
	})
	app.Step("a direct conversation appears with its first message, and says who is here", func() {
		tab.Click("#sidebar a >> New direct message")
		tab.At("/d")
		tab.Connected()
		tab.Shot("new-message")
		tab.Eval(`[...document.querySelectorAll('fieldset.people label')].find(e => e.textContent.includes('Eve')).click()`,
			nil)
		tab.Click("form[action='/d'] button.primary")
		tab.Connected()
		tab.Say("just between us")
		outside.Wait("it is in Eve's list, unread, with Ada's light on",
			`(a => a?.querySelector('.unread').textContent === '1' && a.querySelector('.dot').dataset.present === 'true')([...document.querySelectorAll('#directs a')].find(e => e.textContent.includes('Ada')))`)
		tab.Shot("direct")
		outside.Click("#directs a")
		outside.Connected()
		outside.Sees("just between us")
		outside.Say("hello Ada")
		tab.Sees("hello Ada")
		other := ada.Tab()
		other.Open("/me/blocks")
		other.Open("/c?q=gen")
		other.Open("/c")
		other.Shot("browser")
	})
}
