package browsertest

import "testing"

// What was said to one, and the reactions to what one said, are on one page, to which the other pages of one's own
// lead.
func TestMentionsPage(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, bob := app.Client("Ada"), app.Client("Bob")
	tab := ada.Tab("Ada")
	ada.Post(general, "an **idea**")
	bob.Post(general, "@Ada, look at this")
	bob.Form("/c/"+general+"/1/reactions", form("emoji", "👍"))
	app.Step("one finds it from the saved messages", func() {
		tab.Open("/saved")
		tab.Click("main .tabs a >> Mentions and reactions")
		tab.At("/mentions")
		tab.Wait("both are there, the newest first", `(rows => rows.length === 2 &&
			rows[0].textContent.includes('idea') && rows[1].textContent.includes('look at this'))
			([...document.querySelectorAll('main article.message')])`)
		tab.Wait("it says who reacted", `document.querySelector('main .kept').innerText.includes('Bob reacted with 👍')`)
		tab.Looks("mentions and reactions")
	})
	app.Step("one sees only the mentions, and goes there", func() {
		tab.Click("main .tabs a[href='/mentions?type=mentions']")
		tab.Wait("one is left", `document.querySelectorAll('main article.message').length === 1`)
		tab.Click("main .kept .help a")
		tab.At("/c/" + general + "/2")
	})
}
