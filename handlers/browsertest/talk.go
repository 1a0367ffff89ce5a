package browsertest

import (
	"fmt"
	"strconv"
	"strings"
)

// composer is the composer's text area; the inline edit form has one of its own.
const composer = "#composer textarea[name=body]"

// Row is a message as a page shows it.
type Row struct {
	ID     string
	Seq    int
	Rev    int
	Author string // the name above it, even if hidden because the row continues the previous one
	Text   string // the body, and everything else below the head
}

// Connected waits until the tab's socket is open.
func (tab *Tab) Connected() {
	tab.t.Helper()
	tab.Wait("the light is green", `document.querySelector('#connection')?.dataset.state === 'connected'`)
}

// Reconnecting waits until the connection light is amber.
func (tab *Tab) Reconnecting() {
	tab.t.Helper()
	tab.Wait("the light is amber", `document.querySelector('#connection')?.dataset.state === 'reconnecting'`)
}

// Online waits until the counter shows that many users.
func (tab *Tab) Online(people int) {
	tab.t.Helper()
	tab.Wait(fmt.Sprintf("%d people are online", people), `document.querySelector('#online').textContent === %s`,
		strconv.Itoa(people))
}

// Say posts a message with Enter, and waits until it is shown and the box is empty.
func (tab *Tab) Say(text string) {
	tab.t.Helper()
	tab.Fill(composer, text)
	var touch bool
	if tab.Eval(`matchMedia('(pointer: coarse)').matches`, &touch); touch { // there Enter starts a new line
		tab.Click("#composer .send")
	} else {
		tab.Press("Enter")
	}
	tab.Sees(text)
	tab.Wait("the box is empty", `document.querySelector(%s).value === ''`, composer)
}

// Sees waits until a message with that text is shown.
func (tab *Tab) Sees(text string) {
	tab.t.Helper()
	tab.Wait(fmt.Sprintf("%q is there", text),
		`[...document.querySelectorAll('#messages article')].some(e => e.textContent.includes(%s))`, text)
}

// Rows returns the page's messages, in its order.
func (tab *Tab) Rows() []Row {
	tab.t.Helper()
	var rows []Row
	tab.Eval(`[...document.querySelectorAll('#messages article')].map(e => ({
		ID: e.id, Seq: +e.dataset.seq, Rev: +e.dataset.rev,
		Author: e.querySelector('header b')?.textContent ?? '',
		Text: e.querySelector('.body')?.textContent ?? e.textContent,
	}))`, &rows)
	return rows
}

// RowID returns the id of the newest message with that text.
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

// InOrder fails the test unless the page shows every message from first to last, once and in order.
func (tab *Tab) InOrder(first, last int) {
	tab.t.Helper()
	if f, l := tab.Unbroken(); f != first || l != last {
		tab.fail("messages %d to %d are shown, want %d to %d", f, l, first, last)
	}
}

// Unbroken returns the first and last number of the page's messages; it fails the test if one between them is missing,
// duplicated or out of order.
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

// Jumped returns the parts of the conversation that moved up or down since the page was opened. Growing wider does not
// count: a day line does when its text changes to the reader's time zone.
func (tab *Tab) Jumped() []string {
	tab.t.Helper()
	var moved []string
	// A layout shift of its own is reported after all earlier ones: then nothing is left to wait for.
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
