package browsertest

import (
	"fmt"
	"strings"
	"testing"
)

// A conversation opens at its newest message: if it were shown while loading, it would move with each message.
func TestSlowPageDoesNotMove(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.Client("Ada")
	for i := range 60 {
		// incompressible
		ada.Post(general, fmt.Sprintf("%d: %x", i, strings.Repeat(fmt.Sprint(i*i*7919), 9)))
	}
	ada.Send(general, "The newest has a picture", picture(t, "view.png", 640, 360))
	link := app.Link()
	_, tab := app.SignedIn("Bob", link)

	link.Drip(5_000)
	tab.Reload()
	link.Drip(0)
	tab.Connected()
	tab.Wait("the picture is loaded",
		`(i => i?.complete && i.naturalWidth > 0)(document.querySelector('#messages a.picture img'))`)
	moved := tab.Jumped()
	var came float64 // ms from the first byte of the page to its last
	tab.Eval(`(([n]) => n.responseEnd - n.responseStart)(performance.getEntriesByType('navigation'))`, &came)
	if n := tab.Count("#messages > .fold ~ .message"); n != 40 {
		t.Errorf("%d messages are below the fold, want 40", n)
	}
	if n := tab.Count("#messages > .day"); n < 1 || n > 2 { // two at midnight
		t.Errorf("%d day lines", n)
	}
	if came < 500 {
		t.Fatalf("the page came within %v ms: too fast to show anything", came)
	}
	if len(moved) > 0 {
		t.Errorf("the page came in %v ms, and moved meanwhile: %q", came, moved)
	}
}

// The test tools themselves read no page that is still loading.
func TestWaitsForTheWholePage(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Ada").Talk(general, "said", 150)
	link := app.Link()
	_, tab := app.SignedIn("Bob", link)

	link.Drip(5_000)
	tab.Eval(JS(`void (location.href = %s)`, "/c/"+general+"?before=51"), nil)
	tab.Wait("the first message is there", `document.querySelector('#messages article[data-seq="1"]')`)
	tab.InOrder(1, 50)
}

// Rows above the fold are laid out later but look the same, and are laid out at once when the fold is gone.
func TestFoldHidesNothing(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.Client("Ada")
	ada.Talk(general, "said", 100)
	for _, seq := range []int{50, 60} { // the second is the last above the fold
		ada.Form(fmt.Sprintf("/c/%s/%d/delete", general, seq), nil)
	}
	_, tab := app.SignedIn("Bob")
	var page struct {
		Above   int    // seq of the message before the fold
		Heads   string // positions of heads after tombstones, and after a message
		Far     string
		Newest  string
		Without string // the newest without the fold
	}
	tab.Eval(`(() => {
		const row = n => document.querySelector('[data-seq="' + n + '"]'), fold = document.querySelector('#messages > .fold')
		const name = n => getComputedStyle(row(n).querySelector('header b')).position, visible = n => getComputedStyle(row(n)).contentVisibility
		const page = {Above: +fold.previousElementSibling.dataset.seq, Heads: [51, 61, 62].map(name).join(' '), Far: visible(10), Newest: visible(100)}
		fold.remove()
		return {...page, Without: visible(100)}
	})()`, &page)
	if page.Above != 60 || page.Heads != "static static absolute" {
		t.Errorf("the fold is after message %d; the names of 51, 61 and 62 are %s, want 60 and static static absolute",
			page.Above, page.Heads)
	}
	if page.Far != "auto" || page.Newest != "visible" || page.Without != "visible" {
		t.Errorf("message 10 is %s, the newest %s, and %s without the fold; want auto visible visible", page.Far, page.Newest,
			page.Without)
	}
}
