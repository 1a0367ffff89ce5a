package browsertest

import "testing"

// A guest sees only the channels of their invitation and their members; a changed role applies to open pages.
func TestRoles(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner := app.owned("Ada", "open")
	owner.Form("/c", form("name", "Launch"))
	board := owner.Form("/c", form("name", "Board", "private", "1"))
	gus := app.Client("Gus")
	owner.Form(board+"/members", form("name", "Gus"))
	owner.Post("launch", "only for the house")
	ada, tab := owner.Tab("Ada"), gus.Tab("Gus")
	tab.User.ExpectStatus("404")
	has := func(slug string) string { return `!!document.querySelector('#channels a[href="` + slug + `"]')` }
	role := func(to string) {
		t.Helper()
		ada.Open("/admin/people?q=gus")
		ada.Eval(`document.querySelector('[aria-label="Role of Gus"]').value = '`+to+`'`, nil)
		ada.Click(`[aria-label="Set the role of Gus"]`)
		ada.Wait("it is done", find(".saved"))
	}
	tab.Open("/c/launch")
	tab.Sees("only for the house")
	tab.Connected()

	app.Step("a guest", func() {
		role("guest")
		tab.Wait("the open page says that it is over",
			`document.querySelector('#closed').innerText.includes('not there any more')`)
		owner.Post("launch", "afterwards")
		tab.Connected()
		tab.Wait("it gets nothing more", `!document.querySelector('#messages').innerText.includes('afterwards')`)
		tab.Open(board)
		tab.Connected()
		tab.Wait("the list has what they were invited to, and no more", has(board)+` && !(`+has("/c/launch")+`)`)
		tab.Open("/c/launch")
		tab.Wait("it is as if it were not there", `document.querySelector('h1').textContent === 'Not found'`)
		tab.Open("/c")
		tab.Wait("no channel is made",
			`!document.querySelector('#new') && !document.querySelector('main').innerText.includes('Launch')`)
	})
	app.Step("the table says so", func() {
		tab.Open("/admin/roles")
		tab.Wait("who makes channels", `(() => {
			const head = [...document.querySelectorAll('thead th')].map(e => e.textContent.trim())
			const row = [...document.querySelectorAll('tbody tr')].find(e => e.textContent.includes('Create channels'))
			const says = role => row.children[head.indexOf(role)].textContent.trim()
			return head.length === 5 && says('member') === 'Yes' && says('guest') === 'No'
		})()`)
	})
	app.Step("a member again", func() {
		tab.Open(board)
		tab.Connected()
		tab.Fill(composer, "begun as a guest")
		role("member")
		tab.Wait("the list grows by itself", has("/c/launch"))
		tab.Wait("what was begun is still there", `document.querySelector(%s).value === 'begun as a guest'`, composer)
		tab.Connected()
		tab.Press("Enter")
		tab.Sees("begun as a guest")
	})
}
