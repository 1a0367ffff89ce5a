package browsertest

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 260)
	_, ada := app.SignedIn("Ada")

	app.Step("a channel opens with its newest 100, at the end", func() {
		ada.Open("/c/" + general)
		ada.InOrder(161, 260)
		ada.AtEnd()
	})

	app.Step("older ones come as one scrolls up, without a jump", func() {
		ada.Connected()
		// In every frame, a visible row is recorded with its position; it may move only with the wheel. The lower edge
		// counts: a row may lose its head when the row it continues arrives above.
		ada.Eval(`(() => {
			window.jumps = []
			const box = document.querySelector('#scroller')
			let seen, top, at
			const look = () => {
				const moved = seen?.isConnected ? seen.getBoundingClientRect().bottom - top + (box.scrollTop - at) : 0
				if (Math.abs(moved) > 2) window.jumps.push(seen.id + ' by ' + Math.round(moved))
				seen = [...document.querySelectorAll('#messages article')].find(e => e.getBoundingClientRect().top > 120)
				top = seen?.getBoundingClientRect().bottom; at = box.scrollTop
				requestAnimationFrame(look)
			}
			look()
		})()`, nil)
		for range 40 {
			if ada.Rows()[0].Seq == 1 {
				break
			}
			ada.Wheel("#scroller", -900)
		}
		ada.Wait("the first message is there", `document.querySelector('#messages article[data-seq="1"]')`)
		ada.InOrder(1, 260)
		var jumps []string
		ada.Eval(`window.jumps`, &jumps)
		if len(jumps) > 0 {
			t.Errorf("what one reads jumped: %v", jumps)
		}
		if n := ada.Count("[data-more=older]"); n != 0 {
			t.Errorf("%d links to older messages are left at the beginning", n)
		}
	})

	app.Step("what comes in meanwhile does not move it, and a link leads back", func() {
		ada.Wheel("#scroller", -100000)
		ada.Wait("the first message is in view",
			`document.querySelector('#messages article[data-seq="1"]').getBoundingClientRect().top > 0`)
		var before, after float64
		const top = `document.querySelector('#messages article[data-seq="1"]').getBoundingClientRect().top`
		ada.Eval(top, &before)
		bob.Post(general, "the newest")
		ada.Sees("the newest")
		ada.Eval(top, &after)
		if math.Abs(before-after) > 1 {
			t.Errorf("what one reads moved from %v to %v", before, after)
		}
		ada.Shot("scrolled-up")
		ada.Click("#newest")
		ada.AtEnd()
		ada.InOrder(1, 261)
	})
}

func TestPermalink(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 200)
	_, ada := app.SignedIn("Ada")

	app.Step("every message has one", func() {
		row := "#" + ada.RowID("message 150")
		ada.Wheel("#scroller", -1500)
		ada.ClickIn(row, "header > a")
		ada.At("/c/" + general + "/150")
	})
	app.Step("it opens the channel around the message, and marks it", func() {
		ada.Open("/c/" + general + "/50")
		ada.Connected()
		ada.Wait("the message is in view",
			`(() => { const b = document.querySelector('#messages article[data-seq="50"]').getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight })()`)
		ada.Wait("it looks different from the others", `(() => {
			const look = seq => { const s = getComputedStyle(document.querySelector('#messages article[data-seq="' + seq + '"]')); return s.backgroundColor + s.boxShadow + s.outline + s.borderLeft }
			return look(50) !== look(45)
		})()`)
		ada.Shot("permalink")
	})
	app.Step("what is said now does not stand after the gap", func() {
		bob.Post(general, "far away")
		ada.Wait("the link tells of it", `/1 new/.test(document.querySelector('#newest').textContent)`)
		if _, last := ada.Unbroken(); last == 201 {
			t.Error("message 201 stands where the newer ones are missing")
		}
	})
	app.Step("links lead to older and newer ones, up to the end", func() {
		for i := range 60 {
			if _, last := ada.Unbroken(); last == 201 {
				break
			} else if i == 59 {
				t.Fatalf("after much scrolling, message %d is the last", last)
			}
			ada.Wheel("#scroller", 900)
		}
		ada.Sees("far away")
		ada.Say("and now live")
		if _, last := ada.Unbroken(); last != 202 {
			t.Errorf("message %d is the last, want 202", last)
		}
	})
	app.Step("what is not there is not found", func() {
		ada.User.ExpectStatus("404")
		ada.Open("/c/" + general + "/9999")
		ada.Wait("it says so", `/nothing here/i.test(document.querySelector('main').innerText)`)
	})
}

func TestJumpsToTheNewestOverAGap(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 300)
	_, ada := app.SignedIn("Ada")
	ada.Open("/c/" + general + "/20")
	ada.Connected()
	ada.Click("#newest")
	ada.Wait("the newest is there", `document.querySelector('#messages article[data-seq="300"]')`)
	ada.AtEnd()
	ada.InOrder(201, 300)
	ada.At("/c/" + general)
	for i := 1; i <= 3; i++ {
		bob.Post(general, fmt.Sprintf("live %d", i))
	}
	ada.Sees("live 3")
	ada.AtEnd()
}

// Changes made while older messages are being loaded are in no later frame, and not in the answer either.
func TestChangesWhileOlderMessagesAreOnTheirWay(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob, carol := app.Client("Bob"), app.Client("Carol")
	bob.Talk(general, "message", 99)
	carol.Talk(general, "carol", 51)
	_, ada := app.SignedIn("Ada")
	ada.InOrder(51, 150)

	release := ada.Hold("*before=51", func() { ada.Wheel("#scroller", -100000) })
	bob.Form("/c/"+general+"/40/edit", form("body", "edited meanwhile"))
	bob.Form("/c/"+general+"/30/edit", form("body", "edited first"))
	bob.Form("/c/"+general+"/30/delete", nil)
	bob.Form("/me", form("name", "Robert"))
	carol.Post(general, "all is done")
	ada.Sees("all is done")
	ada.Wait("the new name is told",
		`document.querySelector('#messages article[data-seq="60"] header b').textContent === 'Robert'`)
	release()

	ada.Sees("message 20")
	ada.InOrder(1, 151)
	rows := ada.Rows()
	if got := rows[39].Text; !strings.Contains(got, "edited meanwhile") {
		t.Errorf("message 40 shows %q, want what it was edited to", got)
	}
	if got := rows[29].Text; !strings.Contains(got, "deleted") {
		t.Errorf("message 30 shows %q, want its tombstone", got)
	}
	for _, row := range rows[:99] {
		if row.Author != "Robert" {
			t.Errorf("message %d bears the name %q, want Robert", row.Seq, row.Author)
		}
	}
	ada.Wait("the letter is new too",
		`document.querySelector('#messages article[data-seq="1"] .avatar').textContent === 'R'`)
	if text := ada.Text("#newest"); text != "Jump to newest" && text != "1 new message" {
		t.Errorf("the link says %q: changes of old messages are no new ones", text)
	}
}

// A list that is read at its end drops its oldest rows, and loads them again on scrolling up.
func TestLongListsAreTrimmed(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 60)
	_, ada := app.SignedIn("Ada")
	// As many rows as hours of conversation bring: copies of the last one. A link preview is a form, and keeps no row.
	ada.Eval(`(() => {
		const last = [...document.querySelectorAll('#messages article')].at(-1)
		last.append(Object.assign(document.createElement('form'), {className: 'link-preview'}))
		for (let i = 0; i < 460; i++) {
			const row = last.cloneNode(true)
			row.id = 'copy-' + i
			last.after(row)
		}
	})()`, nil)
	ada.AtEnd()
	bob.Post(general, "one more")
	ada.Sees("one more")
	ada.Wait("the oldest are gone", `document.querySelectorAll('#messages article').length === 400`)
	ada.AtEnd()
	if n := ada.Count("[data-more=older]"); n != 1 {
		t.Errorf("%d links to older messages", n)
	}
	ada.Wait("the first has its day", `document.querySelector('#messages article').previousElementSibling.matches('.day')`)
	if n := ada.Count(`#messages article[data-seq="20"]`); n != 0 {
		t.Error("message 20 is still there")
	}
	ada.Wheel("#scroller", -100000)
	ada.Sees("message 20") // the link starts from the first remaining row
	if first := ada.Rows()[0].Seq; first != 10 {
		t.Errorf("message %d is the first, want 10", first)
	}
}
