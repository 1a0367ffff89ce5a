package browsertest

import (
	"fmt"
	"testing"
	"time"
)

// place is the script for the first row in view, and its offset.
const place = `(() => {
	const box = document.querySelector('#scroller').getBoundingClientRect()
	const row = [...document.querySelectorAll('#messages article')].find(r => r.getBoundingClientRect().bottom > box.top)
	return row.dataset.seq + ' at ' + Math.round(row.getBoundingClientRect().top - box.top)
})()`

// isNoted is the script for whether that is the place to which Back leads, and nothing moves any more.
const isNoted = `history.state?.seq &&
	` + place + ` === history.state.seq + ' at ' + Math.round(history.state.top)`

// inView is the script for whether a message is in view.
const inView = `(() => {
	const box = document.querySelector('#messages article[data-seq="%d"]')?.getBoundingClientRect()
	return box && box.top > 0 && box.bottom < innerHeight
})()`

// Back leads to where one was, from wherever one went, also to messages that only scrolling had loaded.
func TestBackLeadsToThePlace(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 200)
	_, ada := app.SignedIn("Ada")
	ada.Connected()
	back := func(what, path string) {
		t.Helper()
		var was string
		ada.Wait("the place is noted", isNoted)
		ada.Eval(place, &was)
		ada.Open(path)
		ada.Connected()
		ada.Back()
		ada.Connected()
		ada.Wait(what+" leads back to "+was, place+` === %s`, was)
	}
	ada.Wheel("#scroller", -1500)
	back("a permalink", "/c/"+general+"/20")
	back("a date", "/c/"+general+"?on=2020-01-01")
	back("the calendar", "/c/"+general+"/days")
	app.Step("what came meanwhile does not matter", func() {
		bob.Talk(general, "later", 5)
		back("a permalink", "/c/"+general+"/20")
	})
	app.Step("from a permalink's page too", func() {
		ada.Open("/c/" + general + "/50")
		ada.Connected()
		ada.Wheel("#scroller", -400)
		back("the channel", "/c/"+general)
	})
	app.Step("a row that the page no longer has is still in view", func() {
		ada.Open("/c/" + general)
		ada.Connected()
		for range 30 {
			var far bool
			if ada.Eval(`+`+place+`.split(' ')[0] < 90`, &far); far {
				break
			}
			ada.Wheel("#scroller", -900)
		}
		ada.Wait("the place is noted", isNoted)
		var seq int
		ada.Eval(`+history.state.seq`, &seq)
		if seq >= 100 {
			t.Fatal(seq)
		}
		ada.Open("/threads")
		ada.Back()
		ada.Wait("it is in view", fmt.Sprintf(inView, seq))
	})
	app.Step("at its end a channel opens at its end", func() {
		ada.Open("/c/" + general)
		ada.Connected()
		ada.Wheel("#scroller", -900)
		ada.Wheel("#scroller", 5000)
		ada.AtEnd()
		ada.Wait("no place is noted", `!history.state`)
		ada.Open("/threads")
		ada.Back()
		ada.Connected()
		ada.AtEnd()
	})
}

// Where more is unread than the page shows, a link leads to the first of it.
func TestJumpsToTheFirstUnread(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 10)
	_, ada := app.SignedIn("Ada")
	ada.Connected()
	ada.Wait("all is read", `chat.main.read === 10`)
	ada.Open("/threads")
	bob.Talk(general, "later", 150)
	ada.Open("/c/" + general)
	ada.Connected()
	ada.AtEnd()
	ada.Click(".welcome a")
	ada.At("/c/" + general + "/11")
	ada.Wait("it is in view", fmt.Sprintf(inView, 11))
}

// A day line leads to the calendar, a day there to its first message, with its day line in view.
func TestJumpsToADate(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Talk(general, "message", 150)
	_, ada := app.SignedIn("Ada")
	ada.Connected()
	var today string
	ada.Eval(`new Intl.DateTimeFormat('sv').format(new Date())`, &today)
	ada.Wheel("#scroller", -100000)
	ada.Click("#messages .day a")
	ada.At("/c/" + general + "/days")
	ada.Wait("the day is marked", `document.querySelector('.calendar [aria-current=date]')`)
	ada.Wait("days are the browser's", `document.querySelector('[data-days]').textContent ===
		Intl.DateTimeFormat().resolvedOptions().timeZone`)
	ada.Looks("a calendar")
	ada.Desk()
	ada.Click(".calendar [aria-current=date]")
	ada.At("/c/" + general)
	ada.Wait("it is the day", `new URL(location).searchParams.get('on') === %s`, today)
	ada.Wait("its first message is in view", fmt.Sprintf(inView, 1))
	ada.Wait("with its day line", `document.querySelector('#messages .day').getBoundingClientRect().top > 0`)
	ada.Open("/c/" + general + "?on=" + time.Now().AddDate(0, 0, 9).Format(time.DateOnly))
	ada.Connected()
	ada.AtEnd()
	ada.InOrder(51, 150)
}
