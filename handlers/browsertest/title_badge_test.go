package browsertest

import (
	"fmt"
	"testing"
)

// blurred takes the focus from the window while it stays visible, or gives it back.
func (tab *Tab) blurred(blurred bool) {
	tab.t.Helper()
	tab.Eval(JS(`(() => { const away = %s; document.hasFocus = () => !away; window.dispatchEvent(new Event(away ? 'blur' : 'focus')) })()`, blurred), nil)
}

func (tab *Tab) newLine(there bool) {
	tab.t.Helper()
	tab.Wait("the New line is there, or gone", `!!document.querySelector('#messages .new') === %s`, there)
}

// A visible window in which the user does not work does not mark messages as read.
func TestAttention(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, first := app.SignedIn("Ada")
	bob := app.Client("Bob")
	second := ada.Tab()
	second.Clock()
	second.Open("/c/" + general)
	second.Connected()
	elsewhere := ada.Tab()
	elsewhere.Open("/me")
	elsewhere.Connected()
	badge := func(unread string) {
		t.Helper()
		elsewhere.Wait("so many are unread: "+unread,
			`document.querySelector('#channels a[href="/c/`+general+`"] .unread').textContent === %s`, unread)
	}
	unlooked := func(text, count string) {
		t.Helper()
		first.blurred(true)
		second.blurred(true)
		bob.Post(general, "@Ada, "+text)
		for _, tab := range []*Tab{first, second} {
			tab.Sees(text)
			tab.newLine(true)
			tab.Wait("the title counts it", `document.title.startsWith('(' + %s + ')')`, count)
		}
		badge(count)
	}

	app.Step("unread until the focus", func() {
		unlooked("one", "1")
		first.blurred(false)
		badge("")
		first.Wait("the title counts nothing", `!/^\(/.test(document.title)`)
	})
	app.Step("what was read on one page is not new on the other", func() {
		second.newLine(false)
		first.newLine(true) // it is being read there
		first.blurred(true)
		first.newLine(false)
	})
	app.Step("unread until a touch", func() {
		unlooked("two", "1")
		first.Eval(`document.body.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))`, nil)
		badge("")
		second.newLine(false)
	})
	app.Step("nor is what one has answered", func() {
		unlooked("three", "1")
		first.blurred(false)
		first.Say("an answer")
		first.newLine(false)
		second.newLine(false)
	})
	app.Step("nor what was deleted", func() {
		unlooked("one to go", "1")
		bob.Post(general, "another to go")
		second.Sees("another to go")
		second.blurred(false) // the user looks at the line
		badge("")
		last := len(second.Rows())
		remove := func(seq int) { bob.Form(fmt.Sprintf("/c/%s/%d/delete", general, seq), nil) }
		remove(last - 1)
		second.Wait("the line stands over what is left",
			`/another/.test(document.querySelector('#messages .new').nextElementSibling.textContent)`)
		remove(last)
		second.newLine(false)
		second.blurred(true)
		first.blurred(false)
	})
	app.Step("nor what was read as it came", func() {
		bob.Post(general, "four")
		first.Sees("four")
		second.Sees("four") // with the line, unless a count has changed and changed back
		badge("")
		second.Pass(11)
		second.blurred(false)
		second.newLine(false)
	})
}

// After the machine slept overnight only the new day is called Today: once the user looks, and when a message arrives.
func TestDaysAfterASleep(t *testing.T) {
	t.Parallel()
	app := Start(t)
	person := app.User("Ada")
	ada := person.Tab()
	ada.before(`const Real = Date
		window.ahead = 0
		window.Date = class extends Real {
			constructor(...args) { args.length ? super(...args) : super(Real.now() + window.ahead) }
			static now() { return Real.now() + window.ahead }
		}`)
	ada.SignIn()
	ada.Say("yesterday, then")
	days := func(want string) {
		t.Helper()
		ada.Wait("the days are "+want,
			`[...document.querySelectorAll('#messages .day')].map(d => d.textContent).join() === %s`, want)
	}
	days("Today")
	for what, wake := range map[string]string{"focus": `window.dispatchEvent(new Event('focus'))`,
		"view": `document.dispatchEvent(new Event('visibilitychange'))`} {
		app.Step(what, func() {
			ada.Eval(`window.ahead = 24 * 3600_000; `+wake, nil)
			days("Yesterday")
			ada.Eval(`window.ahead = 0; `+wake, nil)
			days("Today")
		})
	}
	app.Step("a message of the new day", func() {
		ada.Eval(`(() => {
			window.ahead = 24 * 3600_000
			const list = document.getElementById('messages'), row = list.querySelector('.message').cloneNode(true), time = row.querySelector('time')
			row.id += '0'; row.dataset.seq = 2; time.dateTime = new Date().toISOString()
			list.append(row)
			list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows: [row], added: [row]}}))
		})()`, nil)
		days("Yesterday,Today")
	})
	app.Step("messages from when the clock was set back, and after, below and above", func() {
		ada.Eval(`(() => {
			const list = document.getElementById('messages'), one = list.querySelector('.message')
			const put = (place, ...hours) => {
				const rows = hours.map(h => {
					const row = one.cloneNode(true)
					row.id += place + h; row.dataset.seq = 3
					row.querySelector('time').dateTime = new Date(Date.now() + h * 3600_000).toISOString()
					return row
				})
				list[place](...rows)
				list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows, added: rows}}))
			}
			put('append', -24, -23.99, 0, -48, 0.001)
			window.put = put
		})()`, nil)
		days("Yesterday,Today")
		ada.Eval(`put('prepend', -48, 0, -24)`, nil)
		ada.Wait("the days are told once, the last of them above",
			`[...document.querySelectorAll('#messages .day')].map(d => d.textContent).slice(1).join() === 'Today'`)
	})
}
