package browsertest

import "testing"

// Ada changes what she said; Bob reads what it was: in a dialog, live, and without JavaScript on a page.
func TestEarlierVersions(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.Client("Ada")
	_, his := app.SignedIn("Bob")
	ada.Post(general, "the **first** words")
	his.Sees("the first words")
	app.Step("an edit comes with a way to what was said before", func() {
		ada.Form("/c/"+general+"/1/edit", form("body", "- a list\n- of two\n\n```go\nfunc main() {}\n```"))
		his.Sees("of two")
		ada.Form("/c/"+general+"/1/edit", form("body", "the last words"))
		his.Sees("the last words")
		his.Click("#messages small a")
	})
	app.Step("it opens in a dialog, and Escape leads back", func() {
		his.Wait("both are there, newest first",
			`(() => { const all = [...document.querySelectorAll('#card[open] .versions > li')]
			return all.length === 2 && !!all[0].querySelector('ul li, pre') && all[1].querySelector('strong')?.textContent === 'first' })()`)
		his.Looks("earlier versions")
		his.Press("Escape")
		his.Wait("the link has the focus",
			`!document.querySelector('#card').open && document.activeElement.textContent === '(edited)'`)
	})
	app.Step("without JavaScript it is a page", func() {
		his.NoScript()
		his.Open("/c/" + general + "/1/history")
		his.Wait("it shows them below the message", `document.querySelectorAll('main .versions > li').length === 2 &&
			document.querySelector('main .message .body').textContent.startsWith('the last words')`)
	})
}
