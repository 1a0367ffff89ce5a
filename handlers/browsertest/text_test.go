package browsertest

import (
	"strings"
	"testing"
)

// Each line of a message has its own direction, as in the box where it was typed, and stacked combining marks are not
// drawn outside its row.
func TestLinesOfAMessage(t *testing.T) {
	app := Start(t)
	app.Client("Ada").Post("general-talk", "release notes:\nשלום, עולם!\nok.")
	_, tab := app.SignedIn("Bob")
	tab.Sees("release notes:")
	var seen struct {
		Exclamation, Shin, Release, Left, Right float64
		Overflow                                string
	}
	tab.Eval(`(() => {
		const body = document.querySelector('.message .body'), text = body.firstChild, box = body.getBoundingClientRect()
		const at = letter => {
			const range = document.createRange(), n = text.data.indexOf(letter)
			range.setStart(text, n)
			range.setEnd(text, n + 1)
			return range.getBoundingClientRect()
		}
		return {Exclamation: at('!').left, Shin: at('ש').right, Release: at('r').left, Left: box.left, Right: box.right, Overflow: getComputedStyle(body).overflow}
	})()`, &seen)
	if seen.Exclamation >= seen.Shin || seen.Right-seen.Shin > 1 || seen.Release-seen.Left > 1 || seen.Overflow != "clip" {
		t.Errorf("the lines are drawn like this: %+v", seen)
	}
}

// Everywhere else, too, users' texts have their own direction, and stacked combining marks stay in their box.
func TestTextsOfPeople(t *testing.T) {
	app := Start(t)
	const said = "שלום, עולם!"
	owner := app.owned("Ada", "open")
	bob, cem := app.Client("Bob"), app.Client("Cem")
	piled := "Z" + strings.Repeat("\u0301", 60) + strings.Repeat("\u0316", 60)
	bob.Post(general, "release notes:\n"+said+"\nok.\n"+piled)
	cem.Form("/c/"+general+"/1/report", form("reason", said))
	owner.Form("/c", form("name", "Side"))
	settings := owner.Form("/c/side/settings",
		form("name", said, "topic", said, "description", "release notes:\n"+said+"\nok."))
	side, _, _ := strings.Cut(settings, "/settings")
	owner.Form("/admin/bans", form("name", "Cem", "channel", general, "reason", said))
	owner.Form(side+"/bans", form("name", "Cem", "reason", said))
	owner.Form("/me/profile", form("title", said, "pronouns", said))
	tab := owner.Tab("Ada")
	whole := strings.TrimSuffix(owner.find("/admin/reports", `action="(/admin/reports/\w+/close)"`), "/close")
	tab.Open(whole)
	tab.Accessible("one report")
	tab.Fits("one report")
	for page, want := range map[string]int{
		"/admin/reports": 3, whole: 3, "/admin/bans": 4, "/admin/audit": 3, side: 4, side + "/members": 3,
		side + "/settings": 3, "/u/" + owner.ID(): 3, "/c": 3, "/admin/channels": 2,
	} {
		tab.Open(page)
		var seen struct {
			Wrong []string
			Right int
			Boxes []string
		}
		tab.Eval(`(() => {
			const seen = {Wrong: [], Right: 0, Boxes: []}, said = 'שלום, עולם!'
			const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
			for (let text; text = walker.nextNode();) {
				const from = text.data.indexOf(said), box = text.parentElement
				if (box.closest('textarea, option, .visually-hidden')) continue
				if (text.data.includes('\u0301\u0301\u0301\u0301\u0301') && getComputedStyle(box).overflow !== 'clip') seen.Boxes.push(box.outerHTML)
				if (from < 0) continue
				const at = n => {
					const range = document.createRange()
					range.setStart(text, from + n)
					range.setEnd(text, from + n + 1)
					return range.getBoundingClientRect()
				}
				if (!at(0).width) continue
				if (at(said.length - 1).left < at(0).left) seen.Right++
				else seen.Wrong.push(box.outerHTML)
			}
			return seen
		})()`, &seen)
		if len(seen.Wrong) > 0 || len(seen.Boxes) > 0 || seen.Right < want {
			t.Errorf("%s: %d run as they should, want %d or more; wrong are %q, not clipped %.200q", page, seen.Right, want,
				seen.Wrong, seen.Boxes)
		}
	}
}
