package browsertest

import "testing"

// Two people write with completion: the keyboard alone, then a mouse.
func TestCompletion(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada Lovelace")
	_, bob := app.SignedIn("Bob")
	is := func(tab *Tab, text string) {
		t.Helper()
		tab.Wait("the box says "+text, `document.querySelector(%s).value === %s`, composer, text)
	}
	open := func(tab *Tab, label string) {
		t.Helper()
		tab.Wait("it is active: "+label, `(box => box.ariaAutoComplete === 'list' && document.activeElement === box &&
			document.getElementById(box.getAttribute('aria-controls'))?.matches('[role=listbox]') &&
			document.getElementById(box.getAttribute('aria-activedescendant'))?.innerText.replace(/\s+/g, ' ').includes(%s))(
			document.querySelector(%s))`, label, composer)
	}
	closed := func(tab *Tab) {
		t.Helper()
		tab.Wait("it is closed",
			`!document.querySelector('.completions, [aria-activedescendant], [aria-controls=completions]')`)
	}
	app.Step("a person, with Enter, which does not send", func() {
		bob.Fill(composer, "hello @ad")
		open(bob, "Ada Lovelace , online")
		bob.Looks("the completion of people")
		bob.Desk()
		bob.Press("Enter")
		is(bob, "hello @Ada Lovelace ")
		closed(bob)
		bob.Fill(composer, "hello @ada lovel") // a name of two words
		open(bob, "Ada Lovelace")
		bob.Press("Enter")
		is(bob, "hello @Ada Lovelace ")
		closed(bob)
	})
	app.Step("a channel, with Tab, and it can be undone", func() {
		bob.Type("see #g")
		open(bob, "General Talk")
		bob.Press("Tab")
		is(bob, "hello @Ada Lovelace see #General Talk ")
		closed(bob)
		bob.Eval(`document.execCommand('undo')`, nil)
		is(bob, "hello @Ada Lovelace see #g")
		bob.Fill(composer, "hello @Ada Lovelace see #")
		bob.Type("ge")
		open(bob, "General Talk")
		bob.Press("Tab")
	})
	app.Step("an emoji, with arrows, and Enter sends once it is closed", func() {
		bob.Type(":rocke")
		open(bob, "rocket")
		bob.Press("Down")
		open(bob, "astronaut")
		bob.Press("Up")
		bob.Press("Up")
		open(bob, "rocket")
		bob.Press("Enter")
		is(bob, "hello @Ada Lovelace see #General Talk 🚀 ")
		closed(bob)
		bob.Press("Enter")
		ada.Sees("🚀")
		ada.Wait("she is mentioned", `document.querySelectorAll('#messages a.mention, #messages a.channel').length === 2`)
		is(bob, "")
	})
	app.Step("Escape leaves the text, and the word alone", func() {
		ada.Fill(composer, "hello @bo")
		open(ada, "Bob , online")
		ada.Press("Escape")
		closed(ada)
		ada.Type("b")
		is(ada, "hello @bob")
		ada.Type(" :tad")
		open(ada, "")
		ada.Press("Escape")
		is(ada, "hello @bob :tad")
		closed(ada)
	})
	app.Step("and the next message begins anew", func() {
		ada.Fill(composer, "@bo")
		open(ada, "Bob , online")
		ada.Press("Escape")
		closed(ada)
		ada.Press("Enter")
		is(ada, "")
		ada.Type("@bo")
		open(ada, "Bob , online")
	})
	app.Step("a command, at the beginning only, by the mouse", func() {
		ada.Fill(composer, "/")
		open(ada, "/me text , Sends")
		ada.Looks("the completion of commands")
		ada.Desk()
		ada.Type("st")
		open(ada, "/status")
		ada.Click(`.completions [data-insert="/status "]`)
		is(ada, "/status ")
		closed(ada)
		ada.Type("@bo")
		open(ada, "Bob")
		ada.Click(`.completions [role=option]`)
		is(ada, "/status @Bob ")
	})
	app.Step("what is typed whole is sent", func() {
		ada.Fill(composer, "/away")
		open(ada, "/away")
		ada.Press("Enter")
		ada.Wait("it replies", `/see you as away/.test(`+reply+`)`)
		closed(ada)
	})
	app.Step("in an edit, where Escape closes the list first", func() {
		const box = "#messages .edit textarea"
		id := "#" + bob.RowID("hello")
		bob.Hover(id)
		bob.Click(id + ` .own[href$="/edit"]`)
		bob.Fill(box, "hi @ad")
		bob.Wait("it is open", find(`.edit .completions [aria-selected=true]`))
		bob.Looks("a completion in an edit")
		bob.Desk()
		bob.Press("Escape")
		bob.Wait("the form is still there",
			`!document.querySelector('.completions') && document.querySelector(%s).value === 'hi @ad'`, box)
		bob.Fill(box, "bye @ad")
		bob.Wait("it is open", find(`.edit .completions [aria-selected=true]`))
		bob.Press("Enter")
		bob.Wait("it is in", `document.querySelector(%s).value === 'bye @Ada Lovelace '`, box)
		bob.Press("Enter")
		ada.Sees("bye @Ada Lovelace")
	})
}
