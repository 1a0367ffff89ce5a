package browsertest

import (
	"fmt"
	"strconv"
	"strings"
)

// composer is where one writes; the inline form that edits a message has a text area of its own.
const composer = "#composer textarea[name=body]"

// Row is a message as a page shows it.
type Row struct {
	ID     string
	Seq    int
	Rev    int
	Author string // the name over it, also where it is hidden because the row continues the one above
	Text   string // the body, and what else stands under the head
}

// Connected waits until the tab shows a page whose socket is open.
func (tab *Tab) Connected() {
	tab.t.Helper()
	tab.Wait("the light is green", `document.querySelector('#connection')?.dataset.state === 'connected'`)
}

// Reconnecting waits until the light is amber.
func (tab *Tab) Reconnecting() {
	tab.t.Helper()
	tab.Wait("the light is amber", `document.querySelector('#connection')?.dataset.state === 'reconnecting'`)
}

// Online waits until the counter shows that many people.
func (tab *Tab) Online(people int) {
	tab.t.Helper()
	tab.Wait(fmt.Sprintf("%d people are online", people), `document.querySelector('#online').textContent === %s`,
		strconv.Itoa(people))
}

// Say writes a message, sends it with Enter, and waits until it is there and the box is empty.
func (tab *Tab) Say(text string) {
	tab.t.Helper()
	tab.Fill(composer, text)
	var touch bool
	if tab.Eval(`matchMedia('(pointer: coarse)').matches`, &touch); touch { // where Enter starts a new line
		tab.Click("#composer .send")
	} else {
		tab.Press("Enter")
	}
	tab.Sees(text)
	tab.Wait("the box is empty", `document.querySelector(%s).value === ''`, composer)
}

// Sees waits until a message with that text is there.
func (tab *Tab) Sees(text string) {
	tab.t.Helper()
	tab.Wait(fmt.Sprintf("%q is there", text),
		`[...document.querySelectorAll('#messages article')].some(e => e.textContent.includes(%s))`, text)
}

// Rows are the messages that the page shows, in its order.
func (tab *Tab) Rows() []Row {
	tab.t.Helper()
	var rows []Row
	tab.Eval(`[...document.querySelectorAll('#messages article')].map(e => ({
		ID: e.id, Seq: +e.dataset.seq, Rev: +e.dataset.rev,
		Author: e.querySelector('[data-name]')?.textContent ?? '',
		Text: e.querySelector('.body')?.textContent ?? e.textContent,
	}))`, &rows)
	return rows
}

// RowID is the id of the newest message with that text.
func (tab *Tab) RowID(text string) string {
	tab.t.Helper()
	rows := tab.Rows()
	for i := len(rows) - 1; i >= 0; i-- {
		if strings.Contains(rows[i].Text, text) {
			return rows[i].ID
		}
	}
	tab.fail("there is no message %q", text)
	return ""
}

// InOrder fails the test unless the page shows every message from first to last, each once and in order.
func (tab *Tab) InOrder(first, last int) {
	tab.t.Helper()
	if f, l := tab.Unbroken(); f != first || l != last {
		tab.fail("messages %d to %d are shown, want %d to %d", f, l, first, last)
	}
}

// Unbroken is the first and the last message of the page; it fails the test when one between them is missing, doubled
// or out of its place.
func (tab *Tab) Unbroken() (first, last int) {
	tab.t.Helper()
	rows := tab.Rows()
	if len(rows) == 0 {
		tab.fail("no message is shown")
	}
	for i, row := range rows {
		if row.Seq != rows[0].Seq+i {
			tab.fail("message %d stands where %d belongs", row.Seq, rows[0].Seq+i)
		}
	}
	return rows[0].Seq, rows[len(rows)-1].Seq
}

// AtEnd waits until the newest message is in view.
func (tab *Tab) AtEnd() {
	tab.t.Helper()
	tab.Wait("the newest message is in view", `(() => {
		const rows = document.querySelectorAll('#messages article'), last = rows[rows.length-1].getBoundingClientRect()
		return last.top >= 0 && last.bottom <= innerHeight + 1
	})()`)
}

// Jumped is what of the conversation moved up or down since the page was opened. To become wider is not to move: a day
// line does, when its words come by the reader's clock.
func (tab *Tab) Jumped() []string {
	tab.t.Helper()
	var moved []string
	// A shift of its own comes after all that were before it: then there is nothing more to wait for.
	tab.Eval(`new Promise(done => {
		const name = n => n.closest?.('[id], [class]')?.outerHTML.slice(0, 80) ?? 'text'
		const last = document.createElement('div'), moved = []
		last.style.cssText = 'position: fixed; inset: 0 auto auto 0; width: 200px; height: 200px; background: red; z-index: 9'
		document.body.append(last)
		new PerformanceObserver(l => {
			const sources = l.getEntries().flatMap(e => e.sources)
			moved.push(...sources.filter(s => s.node?.parentElement?.closest('#scroller') && s.previousRect.y !== s.currentRect.y)
				.map(s => name(s.node) + ' from ' + s.previousRect.y + ' to ' + s.currentRect.y))
			if (!sources.some(s => s.node === last)) return
			last.remove()
			done(moved)
		}).observe({type: 'layout-shift', buffered: true})
		requestAnimationFrame(() => requestAnimationFrame(() => (last.style.top = '300px')))
	})`, &moved)
	return moved
}
