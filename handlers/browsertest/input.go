package browsertest

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// find returns the script for the first visible element that matches: a selector, or "selector >> words" for an element
// with exactly these words.
func find(selector string) string {
	selector, words, named := strings.Cut(selector, " >> ")
	script := JS(`[...document.querySelectorAll(%s)]`, selector)
	if named {
		script += JS(`.filter(e => [e.textContent.trim(), e.ariaLabel, e.value].includes(%s))`, words)
	}
	return script + `.find(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && e.getClientRects().length)`
}

// center returns the middle of an element, after scrolling to it, once nothing covers it and it has stopped moving.
func (tab *Tab) center(selector string) (x, y float64) {
	tab.t.Helper()
	return tab.reach(selector, func(spot) (bool, error) { return true, nil }, func() {})
}

// over moves the mouse over an element, and returns its position once the browser reports the mouse there: otherwise a
// click could hit another element. It calls show while the element is not visible.
func (tab *Tab) over(selector string, show func()) (x, y float64) {
	tab.t.Helper()
	return tab.reach(selector, func(at spot) (bool, error) {
		if at.Over && !at.Lazy {
			return true, nil
		}
		return at.Over, tab.try(input.DispatchMouseEvent(input.MouseMoved, at.X, at.Y))
	}, show)
}

// spot is the position of an element.
type spot struct {
	Seen, Free, Over bool // it is visible; nothing covers it; the mouse is over it
	Lazy             bool // the page has rows that are laid out when scrolled near
	X, Y             float64
}

func (tab *Tab) reach(selector string, reached func(spot) (bool, error), show func()) (x, y float64) {
	tab.t.Helper()
	script := `(() => {
		const e = document.readyState !== 'loading' && ` + find(selector) + `
		if (!e) return {}
		e.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'})
		const b = e.getClientRects()[0], X = b.x + b.width/2, Y = b.y + b.height/2
		const top = document.elementFromPoint(X, Y), label = top?.closest('label')
		if (!top || !(e.contains(top) || label?.control === e)) return {Seen: true}
		return {Seen: true, Free: true, X, Y, Over: (e.contains(top) ? e : label).matches(':hover'),
			Lazy: !!document.querySelector('.fold')}
	})()`
	var was spot
	rested := 0
	tab.until("nothing covers "+selector+", and the mouse can be there", func() (bool, error) {
		var now spot
		if err := tab.evaluate(script, &now); err != nil {
			return false, err
		}
		if now.Free && was.Free && now.X == was.X && now.Y == was.Y {
			rested++
		} else {
			rested = 0
		}
		rests := rested > 0 && !now.Lazy || rested > 2 // such rows move others some frames later
		was = now
		if !now.Seen {
			show()
		}
		if !now.Free {
			return false, nil
		}
		there, err := reached(now)
		return rests && there, err
	}, script)
	return was.X, was.Y
}

// Click clicks an element: see find.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	x, y := tab.over(selector, func() {})
	tab.run(chromedp.MouseClickXY(x, y))
}

// ClickIn clicks an element that its row shows only on hover. The row may move away from under the mouse, when another
// message arrives below.
func (tab *Tab) ClickIn(row, selector string) {
	tab.t.Helper()
	x, y := tab.over(row+" "+selector, func() { tab.Hover(row) })
	tab.run(chromedp.MouseClickXY(x, y))
}

// Hover moves the mouse over an element: see find.
func (tab *Tab) Hover(selector string) {
	tab.t.Helper()
	tab.over(selector, func() {})
}

// Wheel turns the mouse wheel over an element, down for positive distances, and waits until scrolling has stopped.
func (tab *Tab) Wheel(selector string, distance float64) {
	tab.t.Helper()
	x, y := tab.center(selector)
	tab.run(input.DispatchMouseEvent(input.MouseWheel, x, y).WithDeltaX(0).WithDeltaY(distance))
	tab.Eval(JS(`(async () => {
		const box = document.querySelector(%s)
		for (let at, still = 0; still < 6; at = box.scrollTop) {
			await new Promise(requestAnimationFrame)
			still = at === box.scrollTop ? still + 1 : 0
		}
	})()`, selector), nil)
}

// Fill replaces the text of a field. It clicks again if the field has moved from under the mouse: a page still moves
// just after it is shown.
func (tab *Tab) Fill(selector, text string) {
	tab.t.Helper()
	script := JS(`(field => document.activeElement === field && (field.select(), true))(document.querySelector(%s))`,
		selector)
	tab.until("the focus is in "+selector, func() (there bool, err error) {
		tab.Click(selector)
		err = tab.evaluate(script, &there)
		return there, err
	}, script)
	if text == "" {
		tab.Press("Delete")
		return
	}
	tab.Type(text)
}

// Type writes text at the focus.
func (tab *Tab) Type(text string) {
	tab.t.Helper()
	tab.run(input.InsertText(text))
}

var keys = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Delete": kb.Delete, "Space": " ",
	"Up": kb.ArrowUp, "Down": kb.ArrowDown, "Left": kb.ArrowLeft, "Right": kb.ArrowRight,
	"PageUp": kb.PageUp, "PageDown": kb.PageDown, "Home": kb.Home, "End": kb.End,
}

// Press presses a key: "Enter", "Shift+Enter", "Tab", "Control+a". The key's text is part of the event, so a page that
// cancels the key cancels both.
func (tab *Tab) Press(chord string) {
	tab.t.Helper()
	parts := strings.Split(chord, "+")
	name := parts[len(parts)-1]
	if special, ok := keys[name]; ok {
		name = special
	}
	key, ok := kb.Keys[[]rune(name)[0]]
	if !ok {
		tab.t.Fatalf("there is no key %q", chord)
	}
	var modifiers input.Modifier
	for _, m := range parts[:len(parts)-1] {
		modifiers |= map[string]input.Modifier{"Shift": input.ModifierShift, "Control": input.ModifierCtrl,
			"Alt": input.ModifierAlt}[m]
	}
	down := input.DispatchKeyEvent(input.KeyDown).WithModifiers(modifiers).
		WithKey(key.Key).WithCode(key.Code).WithWindowsVirtualKeyCode(key.Windows).WithNativeVirtualKeyCode(key.Native)
	up := *down
	up.Type = input.KeyUp
	if modifiers&^input.ModifierShift == 0 {
		down.Text, down.UnmodifiedText = key.Text, key.Unmodified
	}
	if chord == "Control+a" {
		down.Commands = []string{"selectAll"} // a browser command, which DevTools does not derive from keys
	}
	tab.run(down, &up)
}

// TabTo presses the Tab key until an element has the focus, and fails the test if none gets it.
func (tab *Tab) TabTo(selector string) {
	tab.t.Helper()
	for range 200 {
		var there bool
		tab.Eval(JS(`document.activeElement === document.querySelector(%s)`, selector), &there)
		if there {
			return
		}
		tab.Press("Tab")
	}
	tab.fail("the Tab key never reaches %s", selector)
}

// Choose selects files in a file field, as its dialog does.
func (tab *Tab) Choose(selector string, paths ...string) {
	tab.t.Helper()
	tab.Wait("there is "+selector, `document.querySelector(%s)`, selector)
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		field, failure, err := runtime.Evaluate(JS(`document.querySelector(%s)`, selector)).Do(ctx)
		if err != nil {
			return err
		}
		if failure != nil {
			return failure
		}
		return dom.SetFileInputFiles(paths).WithObjectID(field.ObjectID).Do(ctx)
	}))
}

// Drop drags files from outside onto an element.
func (tab *Tab) Drop(selector string, paths ...string) {
	tab.t.Helper()
	x, y := tab.center(selector)
	files := &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1}
	tab.run(
		input.DispatchDragEvent(input.DragEnter, x, y, files),
		input.DispatchDragEvent(input.DragOver, x, y, files),
		input.DispatchDragEvent(input.Drop, x, y, files),
	)
}
