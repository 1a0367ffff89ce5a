package browsertest

import "testing"

// mainHas is whether a page outside of channels shows a text.
const mainHas = `document.querySelector('main').textContent.includes(%s)`

// A draft that is saved on one device shows on the user's open pages, and waits in the composer.
func TestSavedDraftShows(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.Client("Ada")
	ada.Form("/c", form("name", "Launch"))
	tab := ada.Tab("Ada")
	tab.Open("/c/" + general)
	tab.Connected()
	mark := `document.querySelector('#channels a[href="/c/launch"]').textContent.includes('has a draft')`
	tab.Wait("nothing is marked", `!(`+mark+`) && !document.querySelector('#drafts').textContent`)

	ada.Form("/c/launch/draft", form("body", "half a", "client_id", "phone"))
	tab.Wait("the channel is marked", mark+` && document.querySelector('#drafts').textContent === '1'`)
	tab.Click(`#sidebar a[href="/drafts"]`)
	tab.At("/drafts")
	tab.Wait("it is there", mainHas, "half a")
	tab.Click("main a >> Edit")
	tab.At("/c/launch")
	tab.Connected()
	tab.Wait("the composer holds the draft, and its channel is not marked",
		`document.querySelector(%s).value === 'half a' && !(`+mark+`)`, composer)

	ada.Form("/c/launch/messages", form("body", "half a loaf", "client_id", "phone"))
	tab.Wait("there are no drafts", `!document.querySelector('#drafts').textContent`)
	tab.Sees("half a loaf")
}

// Without JavaScript one saves a draft by a button, edits it from the page of drafts, and sends or deletes it.
func TestSavedDraftWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Bob").Form("/c", form("name", "Launch"))
	tab := app.User("Ada").Tab()
	tab.NoScript()
	tab.Open("/")
	tab.Fill("input[name=name]", "Ada")
	tab.Click("button >> Start chatting")
	tab.Fill(composer, "first\nsecond")
	tab.Click("#composer button >> Save draft")
	tab.At("/c/" + general)
	holds := func(text string) {
		t.Helper()
		tab.Wait("the composer holds the draft, in a new page",
			`(b => b.value === %s && !!b.form.elements.draft === !!b.value)(document.querySelector(%s))`, text, composer)
	}
	holds("first\nsecond")
	tab.Open("/c/launch")
	holds("")
	tab.Open("/drafts")
	tab.Click("main a >> Edit")
	tab.Fill(composer, "first\nthird")
	tab.Click("#composer button.send")
	tab.Sees("first\nthird")
	holds("")
	tab.Open("/drafts")
	tab.Wait("it says so", mainHas, "There are no drafts")

	tab.Open("/c/launch")
	tab.Fill(composer, "to be deleted")
	tab.Click("#composer button >> Save draft")
	holds("to be deleted")
	tab.Open("/drafts")
	tab.Click("main button >> Delete")
	tab.At("/drafts")
	tab.Wait("it says so", mainHas, "There are no drafts")
}
