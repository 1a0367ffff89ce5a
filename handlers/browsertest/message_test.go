package browsertest

import (
	"strings"
	"testing"
)

func TestTalk(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")

	app.Step("both see it, once, in the same order", func() {
		ada.Say("hello, Bob")
		bob.Sees("hello, Bob")
		bob.Say("hello, Ada")
		ada.Sees("hello, Ada")
		ada.InOrder(1, 2)
		bob.InOrder(1, 2)
		if rows := bob.Rows(); rows[0].Author != "Ada" || rows[1].Author != "Bob" {
			t.Errorf("the authors are %q and %q", rows[0].Author, rows[1].Author)
		}
	})

	app.Step("the row is the same from the answer, the socket and the page", func() {
		id := ada.RowID("hello, Bob")
		html := func(tab *Tab) string {
			var s string
			tab.Eval(JS(`fetch('/c/`+general+`/1', {headers: {'HX-Request': 'true'}}).then(r => r.text())`), &s)
			return s
		}
		if a, b := html(ada), html(bob); a != b || !strings.Contains(a, id) {
			t.Errorf("Ada gets %q\nBob gets %q", a, b)
		}
	})

	app.Step("Shift+Enter breaks the line, and white space is kept", func() {
		ada.Fill(composer, "first  line")
		ada.Press("Shift+Enter")
		ada.Type("   indented")
		ada.Press("Enter")
		bob.Sees("indented")
		row := bob.Rows()[2]
		if !strings.Contains(row.Text, "first  line\n   indented") {
			t.Errorf("the text arrived as %q", row.Text)
		}
		bob.Wait("it shows as two lines",
			`(() => { const s = getComputedStyle([...document.querySelectorAll('#messages .body')].at(-1)).whiteSpace; return s === 'pre-wrap' || s === 'break-spaces' })()`)
	})

	app.Step("links are links, and mark-up is text", func() {
		ada.Say(`see https://example.org/a?b=1&c=2, <img src=x onerror=alert(1)> <b data-hx-get="/signout" hx-get="/signout">bold</b>`)
		bob.Sees("onerror")
		bob.Wait("the link leads there",
			`document.querySelector('#messages .body a')?.getAttribute('href') === 'https://example.org/a?b=1&c=2'`)
		if n := bob.Count("#messages .body img, #messages .body b, #messages .body [hx-get], #messages " +
			".body [data-hx-get]"); n != 0 {
			t.Errorf("%d elements came out of the text", n)
		}
	})

	app.Step("a text of blanks is not sent", func() {
		before := len(ada.Rows())
		ada.Fill(composer, "   ")
		ada.Press("Enter")
		ada.Fill(composer, "")
		ada.Say("after the blanks")
		if after := len(ada.Rows()); after != before+1 {
			t.Errorf("%d messages came of it, want one", after-before)
		}
	})

	app.Step("a long one is refused, and stays in the box", func() {
		ada.User.ExpectStatus("4(13|22)")
		long := strings.Repeat("0123456789", 801)
		ada.Fill(composer, long)
		ada.Press("Enter")
		ada.Wait("it says why", `document.querySelector('#composer .error')?.textContent.length > 10`)
		ada.Wait("the text is still there", `document.querySelector(%s).value.length === 8010`, composer)
		ada.Fill(composer, "short again")
		ada.Press("Enter")
		bob.Sees("short again")
		ada.Wait("the reason is gone", `!document.querySelector('#composer .error')`)
	})
}

func TestEditAndDelete(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Say("one")
	ada.Say("two with a mistaek")
	ada.Say("three")
	bob.Sees("three")

	app.Step("only on one's own messages", func() {
		row := "#" + bob.RowID("one")
		bob.Hover(row)
		bob.Wait("the link to it can be seen", "!!"+find(row+" header > a:has(time)"))
		var offered bool
		bob.Eval("!!"+find(row+" a.own"), &offered)
		if offered {
			t.Error("Bob is offered to change what Ada said")
		}
	})

	app.Step("an edit shows everywhere, in its place", func() {
		row := "#" + ada.RowID("mistaek")
		ada.ClickIn(row, "a.own >> Edit")
		ada.Fill(row+" form textarea[name=body]", "two, with it mended")
		ada.Click(row + " form button >> Save changes")
		for _, tab := range []*Tab{ada, bob} {
			tab.Sees("two, with it mended")
			tab.Wait("it says that it was edited", `document.querySelector(%s).textContent.includes('edited')`, row)
			tab.Wait("no form is left", `!document.querySelector('#messages form')`)
			tab.InOrder(1, 3)
		}
		bob.Reload()
		bob.Wait("it still says so", `document.querySelector(%s)?.textContent.includes('edited')`, row)
	})

	app.Step("an edit that is being written survives what comes in", func() {
		row := "#" + ada.RowID("one")
		ada.ClickIn(row, "a.own >> Edit")
		ada.Fill(row+" form textarea[name=body]", "half an ed")
		bob.Say("meanwhile")
		ada.Sees("meanwhile")
		ada.Wait("the text is still there, and has the focus", `document.activeElement.value === 'half an ed'`)
		ada.Click(row + " form a >> Cancel")
		ada.Wait("the row is back",
			`!document.querySelector('#messages form') && document.querySelector(%s).textContent.includes('one')`, row)
	})

	app.Step("a deleted one leaves a tombstone", func() {
		row := "#" + ada.RowID("three")
		ada.ClickIn(row, "a.own >> Delete")
		ada.Shot("delete")
		ada.Click(row + " form button >> Delete message")
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("the tombstone stands there",
				`document.querySelector(%s)?.matches('.deleted') && !document.querySelector(%s).textContent.includes('three')`, row,
				row)
			tab.InOrder(1, 4)
		}
		bob.Reload()
		bob.Wait("it still does", `document.querySelector(%s)?.matches('.deleted')`, row)
	})
}

// A user edits a message that they deleted in another tab, before this tab has received that.
func TestEditOfWhatIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	app := Start(t)
	person, ada := app.SignedIn("Ada")
	person.ExpectStatus("404")
	ada.Say("one")
	ada.Say("two")
	row := "#" + ada.RowID("one")
	gone := func() {
		t.Helper()
		ada.Wait("the form is gone, and the tombstone stands there",
			`document.querySelector(%s)?.matches('.deleted') && !document.querySelector('#messages form')`, row)
		ada.Wait("it says so", `/was deleted meanwhile/.test(document.querySelector('.conflict')?.innerText)`)
		ada.Wait("the text is not lost", `document.querySelector('.conflict').innerText.includes('much that was thought of')`)
	}

	ada.ClickIn(row, "a.own >> Edit")
	ada.Fill(row+" form textarea[name=body]", "much that was thought of")
	ada.Eval(`fetch('/c/`+general+`/1/delete', {method: 'POST'}).then(r => r.ok)`, nil)
	ada.Click(row + " form button >> Save changes")
	gone()
	ada.Accessible("deleted meanwhile")
	ada.Say("three") // other updates do not remove it
	gone()
	ada.Click(".conflict button >> Close")
	ada.Wait("it is put away", `!document.querySelector('.conflict')`)
}
