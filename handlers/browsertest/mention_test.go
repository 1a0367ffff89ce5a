package browsertest

import (
	"fmt"
	"testing"
)

// Ada is asked before she notifies six people, and confirms by sending again; Bob sees where he is mentioned.
func TestMentionsInTheBrowser(t *testing.T) {
	t.Parallel()
	app := Start(t)
	for i := range 5 {
		app.Client(fmt.Sprint("Reader ", i))
	}
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	app.Step("many are notified only if she sends it again", func() {
		ada.User.ExpectStatus("422")
		ada.Fill(composer, "lunch is ready, @everyone")
		ada.Press("Enter")
		ada.Wait("it asks", `/notifies 6 people/.test(document.querySelector('#composer [role=alert]').innerText)`)
		ada.Wait("the text is there, and has the focus", `document.activeElement.value === 'lunch is ready, @everyone'`)
		ada.Shot("mention-asks")
		ada.Press("Enter")
		bob.Sees("lunch is ready")
		ada.Wait("nothing is asked any more", `!document.querySelector('#composer [name=confirm], #composer [role=alert] p')`)
	})
	app.Step("a mention is marked for whom it means", func() {
		ada.Say("thank you, @Bob and @Reader 1, see #general talk")
		bob.Sees("thank you")
		bob.Wait("his own stands out", `(() => {
			const [his, other] = document.querySelectorAll('#messages a.mention'); return his && other &&
			getComputedStyle(his).fontWeight === '700' && getComputedStyle(other).fontWeight !== '700' })()`)
		bob.Wait("the channel is a link", find(`#messages a.channel[href="/c/`+general+`"]`))
		bob.Looks("mentions")
	})
}
