package browsertest

import "testing"

// A pin shows at once to all who have the channel open, as a quiet line and by the number in the bar, and so does what
// becomes of it.
func TestPinsAreLive(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 3)
	_, ada := app.SignedIn("Ada")
	_, eve := app.SignedIn("Eve")
	ada.Open("/c/" + general)
	ada.Connected()
	eve.Size(390, 844)
	eve.Open("/c/" + general)
	eve.Connected()
	tabs := []*Tab{ada, eve}
	const link, line = "#bar a[href$='/pins']", ".message.line"

	app.Step("the line and the number come", func() {
		bob.Form("/c/"+general+"/2/pin", nil)
		for _, tab := range tabs {
			tab.Wait("the bar leads to one pin", find(link))
			tab.Wait("the line leads to the message", find(line+" .body a[href='/c/"+general+"/2']"))
			tab.Shot("pin-line-" + tab.User.Name)
			tab.Hover(line)
			tab.Looks("a line in a channel")
		}
	})
	app.Step("the page has it, and takes it away again", func() {
		ada.Click(link)
		ada.At("/c/" + general + "/pins")
		ada.Looks("pins")
		ada.Shot("pins")
		ada.Click("button >> Unpin")
		ada.Wait("nothing is pinned", `document.querySelector('.page .help').textContent.includes('Nothing is pinned')`)
		eve.Wait("the bar says so", "!"+find(link))
	})
	app.Step("the line of a deleted message leads nowhere", func() {
		bob.Form("/c/"+general+"/2/pin", nil)
		eve.Wait("it is pinned again", find(link))
		bob.Form("/c/"+general+"/2/delete", nil)
		eve.Wait("it is not pinned any more", "!"+find(link))
		eve.Wait("the line is quiet", `[...document.querySelectorAll('.message.line .body')].length === 1 &&
			!document.querySelector('.message.line .body a')`)
	})
}
