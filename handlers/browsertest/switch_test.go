package browsertest

import "testing"

const (
	switcherBox = "#card .switcher [type=search]"
	firstFound  = "#card .switcher li:first-child"
)

// Ctrl+K leads anywhere by the keyboard alone: to a channel, a person, a page; from a conversation and from elsewhere.
func TestSwitcher(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Design crew"))
	bob.Form("/c", form("name", "Side Room"))
	_, ada := app.SignedIn("Ada")
	open := func() {
		t.Helper()
		ada.Press("Control+k")
		ada.Wait("the switcher is open, and has the focus",
			`document.activeElement === document.querySelector(%s) && document.activeElement.closest('dialog[open]') !== null
				&& document.activeElement.ariaAutoComplete === 'list'`, switcherBox)
	}
	first := func(text string) {
		t.Helper()
		ada.Wait("the first is "+text, `document.querySelector(%s)?.innerText.includes(%s)`, firstFound, text)
	}
	closed := `!document.querySelector('#card[open], .switcher')`
	app.Step("Escape closes it, and the focus returns", func() {
		ada.Fill(composer, "half a")
		open()
		ada.Looks("the switcher")
		ada.Desk()
		ada.Press("Escape")
		ada.Wait("it is closed", closed+` && document.activeElement === document.querySelector(%s)`, composer)
		ada.Type(" word")
		ada.Wait("one writes on", `document.querySelector(%s).value === 'half a word'`, composer)
	})
	app.Step("so does Ctrl+K", func() {
		open()
		ada.Press("Control+k")
		ada.Wait("it is closed", closed)
	})
	app.Step("Enter takes the first of what is typed, also when one types fast", func() {
		open()
		ada.Type("dsgcr")
		ada.Press("Enter")
		ada.At("/c/design-crew")
		ada.Connected()
	})
	app.Step("arrows choose, and one may type on", func() {
		open()
		ada.Type("e")
		first("Design crew")
		ada.Press("Down")
		ada.Press("Down")
		ada.Wait("the second has the focus", `document.activeElement.closest('.switcher li:nth-child(2)') !== null`)
		ada.Press("Up")
		ada.Press("Up")
		ada.Fill(switcherBox, "sr")
		first("Side Room")
		ada.Press("Down")
		ada.Press("Enter")
		ada.At("/c/side-room")
		ada.Connected()
	})
	app.Step("what one types before it is there counts, and goes nowhere else", func() {
		release := ada.Hold("*/switch*", func() { ada.Press("Control+k") })
		ada.Wait("the dialog has the focus", `document.activeElement.matches('#card[open] > input')`)
		ada.Type("dsgcr")
		ada.Press("Enter")
		release()
		ada.At("/c/design-crew")
		ada.Connected()
	})
	app.Step("an answer that comes late leaves the focus where an arrow led it", func() {
		open()
		ada.Eval(`window.fetched = window.fetch;
			window.fetch = async (...args) => { await new Promise(done => { window.release = done; }); return fetched(...args); }`, nil)
		ada.Type("e")
		ada.Wait("it asks", `window.release !== undefined`)
		ada.Press("Down")
		ada.Wait("the first has the focus", `document.activeElement.closest('.switcher li:nth-child(1)') !== null`)
		ada.Eval(`window.before = document.activeElement; window.fetch = fetched; release();`, nil)
		ada.Wait("the first of the answer has it", `!before.isConnected
			&& document.activeElement.closest('.switcher li:nth-child(1)') !== null`)
		ada.Press("Escape")
		ada.Wait("it is closed", closed)
	})
	app.Step("a page, and from there a person", func() {
		open()
		ada.Type("saved")
		first("Saved")
		ada.Press("Enter")
		ada.At("/saved")
		ada.Connected()
		open()
		ada.Type("@bob")
		first("Bob")
		ada.Press("Enter")
		ada.Wait("the conversation is there", `location.pathname.startsWith('/c/d-')`)
	})
}

// Ctrl+Enter opens what is found in a tab, and leaves the page as it is.
func TestSwitcherOpensTab(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Bob").Form("/c", form("name", "Side Room"))
	_, ada := app.SignedIn("Ada")
	ada.Eval(`window.open = href => { window.opens = href; }`, nil)
	ada.Press("Control+k")
	ada.Wait("the switcher has the focus", `document.activeElement?.closest('.switcher') !== null`)
	ada.Type("side")
	ada.Wait("it is found", `document.querySelector('.switcher li')?.innerText.includes('Side Room')`)
	ada.Press("Control+Enter")
	ada.Wait("it opens a tab", `window.opens?.endsWith('/c/side-room')`)
	ada.At("/c/" + general)
}

// Without JavaScript the switcher is a page.
func TestSwitcherWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Bob").Form("/c", form("name", "Side Room"))
	tab := app.User("Ada").Tab()
	tab.NoScript()
	tab.Open("/")
	tab.Fill("input[name=name]", "Ada")
	tab.Click("button >> Start chatting")
	tab.At("/c/" + general)
	tab.Open("/switch")
	tab.Fill(".switcher [type=search]", "sdrm")
	tab.Click("button >> Find")
	tab.At("/switch")
	tab.Click(".switcher li a")
	tab.At("/c/side-room")
}
