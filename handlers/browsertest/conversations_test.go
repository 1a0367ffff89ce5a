package browsertest

import (
	"strings"
	"testing"
)

// besideIt puts the conversation of another page below that of the opened page, before the scripts find it. Its rows
// keep their ids; other ids are changed, because ids must be unique in a page.
const besideIt = `document.addEventListener('readystatechange', () => {
	const first = document.querySelector('[data-conversation]')
	if (document.readyState !== 'interactive' || !first) return
	const r = new XMLHttpRequest()
	r.open('GET', '/c/side-room', false)
	r.send()
	const second = new DOMParser().parseFromString(r.responseText, 'text/html').querySelector('[data-conversation]')
	for (const e of second.querySelectorAll('[id]:not(.message)')) e.id = 'second-' + e.id
	for (const e of second.querySelectorAll('[for]')) e.htmlFor = 'second-' + e.htmlFor
	for (const e of second.querySelectorAll('[autofocus]')) e.autofocus = false
	first.after(second)
	const touched = []
	for (const root of [first, second]) {
		const told = []
		for (const part of root.querySelectorAll('.messages, .composer')) {
			new MutationObserver(l => told.push(...l.map(m => m.type + ' of ' + m.target.cloneNode().outerHTML))).observe(part,
				{subtree: true, childList: true, attributes: true})
		}
		touched.push(told)
	}
	window.touched = i => touched[i].splice(0)
})`

// With two conversations on one page, events in one leave the other unchanged.
func TestTwoConversationsOnOnePage(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Side Room"))
	bob.Talk(general, "here", 110)
	bob.Talk("side-room", "there", 110)
	_, ada := app.SignedIn("Ada")
	ada.before(besideIt)
	ada.Open("/c/" + general)
	ada.Connected()

	lists := []string{"#messages", "#second-messages"}
	scrollers := []string{"#scroller", "#second-scroller"}
	boxes := []string{composer, "#second-composer textarea"}
	rows := func(list string) (n int) { t.Helper(); return ada.Count(list + " > .message") }
	shows := func(list, text string) {
		t.Helper()
		ada.Wait(text+" is in "+list, `document.querySelector(%s).lastElementChild.textContent.includes(%s)`, list, text)
	}
	// only changes one conversation, waits for the result, and checks that the other is unchanged.
	only := func(i int, what string, do func()) {
		t.Helper()
		app.Step(what, func() {
			n, value := rows(lists[1-i]), ""
			ada.Eval(`touched(0), touched(1), 0`, nil)
			do()
			var touched []string
			ada.Eval(JS(`touched(%s)`, i), &touched)
			if len(touched) == 0 {
				t.Errorf("%s: nothing came of it", what)
			}
			ada.Eval(JS(`touched(%s)`, 1-i), &touched)
			if len(touched) > 0 || rows(lists[1-i]) != n {
				t.Errorf("%s: the other had %d rows and has %d; touched were %s", what, n, rows(lists[1-i]),
					strings.Join(touched, "\n"))
			}
			if ada.Eval(JS(`document.querySelector(%s).value`, boxes[1-i]), &value); value != "half a thought" {
				t.Errorf("%s: in the other one's box is %q", what, value)
			}
		})
	}

	for i, box := range boxes {
		ada.Fill(boxes[1-i], "half a thought")
		ada.Eval(JS(`document.querySelector(%s).value = ''`, box), nil)
		only(i, "Enter sends what is in its box", func() {
			ada.Fill(box, "an answer of "+lists[i])
			ada.Press("Enter")
			shows(lists[i], "an answer of "+lists[i])
			ada.Wait("the box is empty", `document.querySelector(%s).value === ''`, box)
		})
	}
	for i, box := range boxes { // both now contain an own message
		ada.Fill(boxes[1-i], "half a thought")
		ada.Eval(JS(`document.querySelector(%s).value = ''`, box), nil)
		only(i, "arrow up edits one's own there, and Escape closes it", func() {
			ada.Click(box)
			ada.Press("Up")
			ada.Wait("the form is there", find(lists[i]+" form textarea"))
			ada.Press("Escape")
			ada.Wait("it is closed", `!document.querySelector(%s)`, lists[i]+" form")
		})
		only(i, "older messages come in", func() {
			ada.Wheel(scrollers[i], -100000)
			ada.Wait("the first is there", `document.querySelector(%s)`, lists[i]+` [data-seq="1"]`)
			ada.Wait("it is settled", `!document.querySelector(%s).ariaBusy`, lists[i])
		})
		only(i, "a row of another day has its line", func() {
			ada.Eval(JS(`(() => {
				const list = document.querySelector(%s), row = list.lastElementChild.cloneNode(true)
				row.id += '-later'
				row.dataset.seq++
				row.dataset.rev++
				row.querySelector('time').dateTime = '2099-01-01T12:00:00Z'
				return htmx.swap({sourceElement: document.body, target: document.body, swap: 'none',
					text: '<hx-partial hx-target="#' + list.id + '" hx-swap="upsert-rows">' + row.outerHTML + '</hx-partial>'})
			})()`, lists[i]), nil)
			ada.Wait("it is there", `/2099/.test(document.querySelector(%s).lastElementChild.previousElementSibling.textContent)`, lists[i])
		})
	}
	ada.Fill(boxes[1], "half a thought")
	only(0, "what the socket brings is the first one's", func() {
		bob.Post(general, "from afar")
		ada.Wait("it is there", `document.querySelector(%s).textContent.includes('from afar')`, lists[0])
	})
}
