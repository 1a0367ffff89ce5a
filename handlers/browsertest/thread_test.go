package browsertest

import (
	"fmt"
	"testing"
)

// replyBox is the text area of the composer beside the channel.
const replyBox = "#thread-composer textarea"

// reply posts in the open thread, and waits until it is shown there.
func (tab *Tab) reply(text string) {
	tab.t.Helper()
	tab.Fill(replyBox, text)
	tab.Press("Enter")
	tab.replies(text)
	tab.Wait("the box is empty", `document.querySelector(%s).value === ''`, replyBox)
}

// replies waits until the open thread shows a reply with that text.
func (tab *Tab) replies(text string) {
	tab.t.Helper()
	tab.Wait(fmt.Sprintf("%q is in the thread", text),
		`[...document.querySelectorAll('#thread article')].some(e => e.textContent.includes(%s))`, text)
}

// root waits until the first message of the channel shows so many replies, and so many of them as new.
func (tab *Tab) root(replies, unread string) {
	tab.t.Helper()
	tab.Wait(fmt.Sprintf("%s replies, %q of them new", replies, unread), `(row => (row.dataset.replies ?? '') === %s &&
		(row.querySelector('.replies')?.dataset.unread ?? '') === %s)(document.querySelector('#messages article'))`, replies, unread)
}

// Three people in a thread: it opens beside the channel, is live, and its counts are exact for each of them.
func TestThread(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	_, carol := app.SignedIn("Carol")
	ada.Say("where do we eat?")
	bob.Sees("where do we eat?")
	id := "#" + bob.RowID("where do we eat?")
	app.Step("a thread opens beside the channel, and takes the focus", func() {
		bob.Hover(id)
		bob.Click(id + " .reply")
		bob.Wait("the box has the focus", `document.activeElement.matches(%s)`, replyBox)
		bob.At("/c/" + general + "/1/thread")
		bob.Accessible("an empty thread")
		bob.reply("at the harbour")
		bob.Wait("its author follows it", find("#pane .bar button >> Following"))
		for _, tab := range []*Tab{ada, carol} {
			tab.Wait("the root says so", `/1 reply\s*from Bob/.test(document.querySelector('#messages .replies')?.textContent)`)
		}
		ada.root("1", "1") // whose message it is
		carol.root("1", "")
		bob.root("1", "")
	})
	app.Step("it is live for all who look at it, and what they read is not new", func() {
		ada.Click(id + " .replies")
		ada.replies("at the harbour")
		ada.root("1", "")
		carol.Click(id + " .replies")
		carol.reply("or at home")
		for _, tab := range []*Tab{ada, bob} {
			tab.replies("or at home")
			tab.root("2", "")
		}
		carol.Accessible("a thread")
	})
	app.Step("what changes in the thread changes for all", func() {
		carol.Hover("#thread article:last-of-type")
		carol.ClickIn("#thread article:last-of-type", `.own[href$="/edit"]`)
		carol.Fill("#thread .edit textarea", "or in the park")
		carol.Press("Enter")
		bob.replies("or in the park")
		bob.Hover("#thread article:last-of-type")
		bob.Click("#thread article:last-of-type .quick")
		ada.Wait("the reaction is there", `document.querySelector('#thread [data-reaction="👍"]')?.dataset.count === '1'`)
	})
	app.Step("the root changes above the replies too", func() {
		bob.Hover("#pane .root article")
		bob.Click("#pane .root .quick")
		for _, list := range []string{"#messages", "#pane .root"} {
			for _, tab := range []*Tab{ada, bob} {
				tab.Wait(list+" shows it", `document.querySelector(%s)`, list+` [data-reaction="👍"]`)
			}
		}
	})
	app.Step("who closed it counts what comes, and Back opens it", func() {
		ada.Click("#pane .hide")
		ada.Wait("it is closed", `!document.querySelector('#pane > *') && document.activeElement.matches('.replies')`)
		ada.At("/c/" + general)
		bob.reply("see you there")
		ada.root("3", "1")
		ada.Wait("so does the sidebar", `document.querySelector('#unread-threads').textContent.trim() === '1'`)
		ada.Back()
		ada.replies("see you there")
		ada.root("3", "")
		ada.Wait("nothing is new", `document.querySelector('#unread-threads').textContent.trim() === ''`)
	})
	app.Step("a reply that is sent to the channel too stands in both", func() {
		bob.Click("#thread-composer [name=also]")
		bob.reply("for all of you")
		for _, tab := range []*Tab{ada, bob, carol} {
			tab.Sees("for all of you")
			tab.replies("for all of you")
		}
		bob.Wait("the box is clear again", `!document.querySelector('#thread-composer [name=also]').checked`)
		row := "#" + carol.RowID("for all of you")
		ada.axe("a reply in the channel", true)
		carol.Press("Escape")
		carol.Wait("it is closed", `!document.querySelector('#pane > *')`)
		carol.Click(row + " .broadcast a")
		carol.replies("for all of you")
	})
	app.Step("after a cut it catches up", func() {
		ada.Open("/c/" + general + "/1/thread")
		ada.Connected()
		ada.replies("for all of you")
		app.Kill()
		ada.Reconnecting()
		app.StartAgain()
		bob.Connected()
		bob.reply("still here?")
		ada.replies("still here?")
	})
}

// On a phone a thread covers its channel, and Back leads out of it.
func TestThreadOnAPhone(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Post(general, "where do we eat?")
	_, ada := app.SignedIn("Ada")
	ada.Phone()
	ada.Open("/c/" + general)
	ada.Connected()
	row := "#" + ada.RowID("where do we eat?")
	ada.Click(row + " header > a:last-child")
	ada.Click(row + " .reply")
	ada.Wait("it covers the channel", `document.querySelector('#thread-composer')?.checkVisibility() &&
		!document.querySelector('#composer').checkVisibility() && innerWidth === document.querySelector('#pane').clientWidth`)
	ada.Fill(replyBox, "at the harbour")
	ada.Click("#thread-composer .send")
	ada.replies("at the harbour")
	ada.Accessible("a thread that covers its channel")
	ada.Looks("a thread on a phone")
	bob.Post(general, "anyone?")
	ada.Sees("anyone?")
	const counts = `(async () => new DOMParser().parseFromString(await (await fetch('/c')).text(), 'text/html')
		.querySelector('#channels .unread').textContent)()`
	bob.Form("/c/"+general+"/messages", form("body", "or at home", "thread", "1"))
	ada.replies("or at home")
	ada.Wait("the thread is read, and the covered channel is not",
		counts+`.then(n => n === '1' && !document.querySelector('#unread-threads').textContent.trim())`)
	ada.Back()
	ada.Wait("it is closed",
		`!document.querySelector('#pane > *') && document.querySelector('#composer').checkVisibility()`)
	ada.At("/c/" + general)
	ada.Wait("now it is read", counts+`.then(n => n === '')`)
}

// The keyboard alone opens a thread, replies, and leaves it where it began. Older replies and files are as in a
// channel.
func TestThreadByKeyboard(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Post(general, "where do we eat?")
	for i := range 130 {
		bob.Form("/c/"+general+"/messages", form("body", fmt.Sprint("answer ", i+1), "thread", "1"))
	}
	_, ada := app.SignedIn("Ada")
	ada.Wait("the root shows them", `document.querySelector('#messages article')?.dataset.replies === '130'`)
	ada.TabTo("#messages article header > a:last-child")
	ada.TabTo("#messages article .replies")
	ada.Press("Enter")
	ada.Wait("the box has the focus", `document.activeElement.matches(%s)`, replyBox)
	ada.Type("and I?")
	ada.Press("Enter")
	ada.replies("and I?")
	app.Step("older replies come when one scrolls to them", func() {
		ada.Eval(`document.querySelector('#pane .scroller').scrollTop = -1e6`, nil)
		ada.Wait("the first is there", `(document.querySelector('#pane .scroller').scrollTop = -1e6,
			document.querySelector('#thread article').dataset.seq === '1')`)
		ada.Wait("in their order",
			`[...document.querySelectorAll('#thread article')].every((e, i) => +e.dataset.seq === i + 1)`)
	})
	app.Step("a file goes into the thread", func() {
		ada.Choose("#thread-composer [type=file]", silence(t))
		const isUp = `document.querySelector('#thread-composer .attached [name=kept]')`
		ada.Wait("it is up", isUp)
		ada.Press("Escape")
		ada.Wait("it is closed", `!document.querySelector('#pane > *')`)
		ada.Press("Enter")
		ada.Wait("opened again, it still has the file", isUp)
		ada.Fill(replyBox, "hear this")
		ada.Press("Enter")
		ada.replies("hear this")
		ada.Wait("it plays there, and not in the channel",
			`document.querySelector('#thread audio') && !document.querySelector('#messages audio')`)
	})
	ada.Press("Escape")
	ada.Wait("the focus is where it began",
		`!document.querySelector('#pane > *') && document.activeElement.matches('.replies')`)
}
