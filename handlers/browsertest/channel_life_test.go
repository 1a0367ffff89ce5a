package browsertest

import "testing"

// Open pages show changes of a channel: a new name, archiving, and restoring.
func TestChannelLife(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, bob := app.Client("Ada"), app.Client("Bob")
	ada.Form("/c", form("name", "Launch"))
	ada.Form("/c", form("name", "Zoo"))
	ada.Post("launch", "ready?")
	tab, boss := bob.Tab("Bob"), ada.Tab("Ada")
	tab.Open("/c/launch")
	tab.Click("button >> Join")
	tab.Connected()
	tab.Say("ready")

	app.Step("a new name and topic", func() {
		boss.Open("/c/launch/settings")
		boss.Fill("#channel-name", "Lift-off")
		boss.Fill("#channel-topic", "Ten, nine, eight")
		boss.Click("button >> Save for everyone")
		boss.Wait("it is saved", find(".saved"))
		tab.Wait("the open page has both",
			`document.querySelector('h1').innerText.includes('Lift-off') && document.querySelector('.topic').textContent === 'Ten, nine, eight'`)
		tab.Say("written under the old address")
		other := tab.User.Tab()
		other.Open("/c/launch/1?from=afar")
		other.Wait("old links lead on", `location.pathname === '/c/lift-off/1' && location.search === '?from=afar'`)
		other.Sees("ready?")
	})
	app.Step("archived, and taken back", func() {
		tab.Fill(composer, "half a sent")
		boss.Open("/c/lift-off/settings")
		boss.Click("button >> Archive channel")
		boss.Wait("it can be restored", find("button >> Restore"))
		tab.Wait("the open page says so, and nobody writes",
			`document.querySelector('#closed').innerText.includes('archived') && !document.querySelector('#composer').checkVisibility()`)
		boss.Click("button >> Restore")
		tab.Wait("one writes again, where one was",
			`document.querySelector('#composer').checkVisibility() && document.querySelector(%s).value === 'half a sent'`,
			composer)
		tab.Say("a whole sentence")
	})
	app.Step("the browser finds it by its topic", func() {
		boss.Open("/c")
		boss.Fill("main input[name=q]", "nine")
		boss.Press("Enter")
		boss.Wait("it alone is listed",
			`document.querySelectorAll('.directory li').length === 1 && document.querySelector('.directory').innerText.includes('2 members')`)
	})
	app.Step("a favourite stands first, a muted one counts nothing, on all pages of theirs", func() {
		other := boss.User.Tab()
		other.Open("/c/lift-off/settings")
		other.Click("input[name=favourite]")
		other.Click("input[name=muted]")
		other.Click("button >> Save for me")
		other.Wait("it is saved", find(".saved"))
		const first = `document.querySelector('#channels a')`
		boss.Wait("it is first, among the favourites", first+`.innerText.includes('Lift-off') &&
			document.querySelector('#channels h2').innerText.trim() === 'Favourites'`)
		bob.Post("lift-off", "psst")
		bob.Post(general, "hello all")
		boss.Wait("the other counts",
			`document.querySelector('#channels a[href="/c/general-talk"] .unread').textContent === '1'`)
		boss.Wait("this one does not", first+`.querySelector('.unread').textContent === ''`)
	})
	app.Step("leaving and coming back", func() {
		tab.Open("/c/lift-off/members")
		tab.Click("button >> Leave")
		tab.At("/c")
		tab.Wait("it is out of the list", `!document.querySelector('#channels a[href="/c/lift-off"]')`)
		tab.Click(`[aria-label="Join Lift-off"]`)
		tab.Connected()
		tab.Sees("psst")
	})
	app.Step("deleted for good", func() {
		boss.Open("/c/zoo/settings")
		boss.Click("a >> Delete channel…")
		boss.Click("button >> Delete channel")
		boss.At("/c")
		tab.Wait("it is gone from everyone's list", `!document.querySelector('#channels a[href="/c/zoo"]')`)
	})
}
