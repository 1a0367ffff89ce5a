package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/page"
)

// missed tests a page that is away while 50 messages are posted: each caller has another way to be away.
const missed = 50

func TestCatchesUpAfterACut(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	_, ada := app.SignedIn("Ada", link)
	bob := app.Client("Bob")
	bob.Post(general, "before")
	ada.Sees("before")
	ada.Say("mine")

	app.Step("the light turns amber, and words say so", func() {
		link.Cut()
		ada.Reconnecting()
		ada.Wait("words say so", `/reconnecting/i.test(document.querySelector('#connection').textContent)`)
		ada.Wait("the composer says that sending will wait", `document.querySelector('#composer').innerText.length > 10`)
		ada.Shot("reconnecting")
		ada.ClickIn("#"+ada.RowID("mine"), ".quick")
		ada.Wait("a reaction that failed says so",
			`document.querySelector('#notice').textContent.includes('cannot be reached')`)
		ada.Wait("and covers no button that sends",
			`(({left, right, top, bottom}) => document.elementFromPoint((left + right) / 2,
			(top + bottom) / 2).closest('.send'))(document.querySelector('#composer .send').getBoundingClientRect())`)
	})
	app.Step("nothing is missing, doubled or out of order", func() {
		bob.Talk(general, "while away", missed)
		bob.Form("/c/"+general+"/1/edit", form("body", "before, edited"))
		bob.Form("/c/"+general+"/3/delete", nil)
		link.Heal()
		ada.Connected()
		ada.Wait("the server can be reached, and nothing says otherwise", `!document.querySelector('#notice').textContent`)
		ada.Sees("while away 50")
		ada.Sees("before, edited")
		ada.InOrder(1, 2+missed)
		ada.Wait("a deletion was not missed either", `document.querySelectorAll('#messages article.deleted').length === 1`)
		ada.AtEnd()
	})
	app.Step("it goes on as before", func() {
		bob.Post(general, "live again")
		ada.Sees("live again")
		ada.Say("mine again")
		ada.InOrder(1, 4+missed)
	})
}

func TestCatchesUpAfterARestart(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	bob := app.Client("Bob")
	ada.Say("before")

	app.Step("stopped", func() {
		app.Stop()
		ada.Reconnecting()
		app.StartAgain()
		bob.Talk(general, "after the stop", missed)
		ada.Connected()
		ada.Sees("after the stop 50")
		ada.InOrder(1, 1+missed)
	})
	app.Step("killed", func() {
		app.Kill()
		ada.Reconnecting()
		app.StartAgain()
		bob.Talk(general, "after the kill", missed)
		ada.Connected()
		ada.Sees("after the kill 50")
		ada.Say("and on")
		ada.InOrder(1, 2+2*missed)
	})
}

func TestCatchesUpAfterASleep(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	bob := app.Client("Bob")
	ada.Say("before")

	ada.User.ExpectDisconnects()
	ada.run(page.SetWebLifecycleState(page.SetWebLifecycleStateStateFrozen))
	bob.Talk(general, "asleep", missed)
	ada.run(page.SetWebLifecycleState(page.SetWebLifecycleStateStateActive))
	ada.Sees("asleep 50")
	ada.InOrder(1, 1+missed)
	ada.Connected()
}

// A lost radio signal closes no connection.
func TestCatchesUpAfterSilence(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	ada := app.User("Ada", link).Tab()
	ada.Clock()
	ada.SignIn()
	bob := app.Client("Bob")
	ada.Say("before")

	app.Step("when nobody says anything, the page asks, and the answer is enough", func() {
		ada.Eval(`window.lost = 0
			document.addEventListener('htmx:ws:close', () => window.lost++)
			window.heard = new Promise(done => document.addEventListener('htmx:ws:before:message:incoming', () => done(true), {once: true}))
			void 0`, nil)
		ada.Pass(15)
		ada.Wait("the answer is there", `window.heard`)
		ada.Pass(9)
		ada.Connected()
		ada.Wait("the socket is the same", `window.lost === 0`)
	})
	app.Step("when the machine has slept, the page asks nobody: its socket is dead", func() {
		ada.Eval(`(() => { const {socket} = chat, {send} = socket
			window.asked = window.lost = 0
			socket.send = text => { window.asked += text === '{}'; send.call(socket, text) } })()`, nil)
		ada.Sleep(200)
		ada.Wait("it has another one, and asked nothing", `window.lost > 0 && window.asked === 0`)
		ada.Connected()
	})
	app.Step("without an answer, it lets the socket go: nobody tells it", func() {
		link.Freeze()
		bob.Talk(general, "in the tunnel", missed)
		ada.Pass(24)
		ada.Reconnecting()
		link.Heal()
		ada.Sees("in the tunnel 50")
		ada.Connected()
		ada.InOrder(1, 1+missed)
	})
}

func TestCatchesUpAfterBack(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	bob := app.Client("Bob")
	ada.Say("before")

	for i, away := range []string{"/me", "/healthz", app.Elsewhere()} {
		app.Step("from "+away, func() {
			ada.Open(away)
			bob.Talk(general, "away at "+away, missed)
			ada.Back()
			ada.Connected()
			ada.Sees("away at " + away + " 50")
			bob.Post(general, "and live after "+away)
			ada.Sees("and live after " + away)
			if _, last := ada.Unbroken(); last != 1+(i+1)*(missed+1) {
				t.Errorf("message %d is the last, want %d", last, 1+(i+1)*(missed+1))
			}
		})
	}
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, first := app.SignedIn("Ada")
	second := ada.Tab()
	second.Open("/c/" + general)
	second.Connected()

	app.Step("both show what either says", func() {
		first.Say("from the first")
		second.Sees("from the first")
		second.Say("from the second")
		first.Sees("from the second")
		first.InOrder(1, 2)
		second.InOrder(1, 2)
	})
	app.Step("they are one person", func() {
		first.Online(1)
		second.Online(1)
		bob, tab := app.SignedIn("Bob")
		tab.Online(2)
		first.Online(2)
		third := bob.Tab()
		third.Open("/c/" + general)
		third.Connected()
		third.Online(2)
		first.Online(2)
		third.Open("about:blank")
		first.Online(2)
		tab.Open("about:blank")
		first.Online(1)
	})
	app.Step("a tab behind another keeps up", func() {
		first.Hide()
		second.Say("behind your back")
		first.Sees("behind your back")
		first.Connected()
	})
}

// Two users who post at the same time see the same order.
func TestTalkingAtOnce(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	done := make(chan bool)
	carol := app.Client("Carol")
	go func() {
		defer close(done)
		for range 40 {
			carol.Post(general, "chatter")
		}
	}()
	for range 5 {
		ada.Fill(composer, "Ada speaks")
		ada.Press("Enter")
		bob.Fill(composer, "Bob speaks")
		bob.Press("Enter")
		ada.Wait("it was sent", `document.querySelector(%s).value === ''`, composer)
		bob.Wait("it was sent", `document.querySelector(%s).value === ''`, composer)
	}
	<-done
	for _, tab := range []*Tab{ada, bob} {
		tab.Wait("all is there", `document.querySelectorAll('#messages article').length === 50`)
		tab.InOrder(1, 50)
	}
	for i, row := range ada.Rows() {
		if other := bob.Rows()[i]; row != other {
			t.Errorf("Ada sees %+v, Bob %+v", row, other)
		}
	}
}

// While the server is away, an edit that fails says so at its own place until it is back, and only a text that waits in
// the composer is said to be sent then.
func TestWordsWhileAway(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	ada.Say("before")
	ada.ClickIn("#"+ada.RowID("before"), "a.own >> Edit")
	ada.Fill(editField, "after")
	app.Stop()
	ada.Reconnecting()
	ada.Click(".edit button >> Save changes")
	const offline = `document.querySelector('#hint').textContent.includes('when the connection is back')`
	ada.Wait("the edit says so, the notice and the empty composer nothing", `document.querySelector('.edit .slot')
		.textContent.includes('cannot be reached') && !document.querySelector('#notice').textContent && !`+offline)
	ada.Shot("edit-away")
	ada.Fill(composer, "waits")
	ada.Wait("the text waits", offline)
	ada.Press("Enter")
	ada.Type(", and more")
	app.StartAgain()
	ada.Connected()
	ada.Wait("the words are gone, and the edit stays", `!document.querySelector('.edit .slot').textContent &&
		document.querySelector(%s).value === 'after' && !`+offline, editField)
	ada.Wait("what was changed since stays in the box, which says so",
		`document.querySelector(%s).value === 'waits, and more'
		&& document.querySelector('#hint').textContent.includes('you changed it')`, composer)
	ada.Press("Enter")
	ada.Sees("waits, and more")
	app.Stop()
	ada.Reconnecting()
	ada.Eval(`document.querySelector('#composer').addEventListener('htmx:error', () => (window.failed = true))`, nil)
	ada.Fill(composer, "given up")
	ada.Press("Enter")
	ada.Wait("it failed", `window.failed`)
	ada.Fill(composer, "")
	app.StartAgain()
	ada.Connected()
	ada.Wait("of what was given up nothing is said",
		`!document.querySelector('#hint').textContent.includes('you changed it')`)
}
