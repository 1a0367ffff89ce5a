package browsertest

import "testing"

const editField = "#messages form textarea"

// The text of an edit is lost only when it is discarded: the next Edit has it again.
func TestEditsAreDrafts(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	_, ada := app.SignedIn("Ada", link)
	ada.Say("as it was")
	row := "#" + ada.RowID("as it was")
	edit := func() {
		t.Helper()
		ada.ClickIn(row, "a.own >> Edit")
		ada.Wait("the form is there", find(editField))
	}
	offered := func() {
		t.Helper()
		ada.Wait("the text is offered",
			`document.querySelector(%s)?.value === 'one\ntwo' && /had begun/.test(document.querySelector('.message .edit .slot').textContent)`, editField)
	}
	edit()
	ada.Fill(editField, "one\ntwo")

	for how, leave := range map[string]func(){
		"Escape": func() {
			ada.Press("Escape")
			ada.Wait("it is closed", `!document.querySelector(%s)`, editField)
			edit()
		},
		"Cancel": func() {
			ada.Click(row + " form a >> Cancel")
			ada.Wait("it is closed", `!document.querySelector(%s)`, editField)
			edit()
		},
		"the question whether to delete it": func() {
			ada.Eval(`document.querySelector('#messages .own[href$=delete]').click()`, nil)
			ada.Wait("it asks", find("#messages form.delete"))
			ada.Press("Escape")
			edit()
		},
		"another page":     func() { ada.Open("/me"); ada.Open("/c/" + general) },
		"a page, and back": func() { ada.Open("/me"); ada.Back() },
		"reloading":        func() { ada.Reload() },
	} {
		ada.Click(editField)
		app.Step(how, leave)
		offered()
	}
	ada.Looks("an edit that is offered again")
	ada.Desk()

	app.Step("what was put away does not come by itself", func() {
		ada.Click(row + " form a >> Cancel")
		ada.Reload()
		ada.Connected()
		ada.Wait("no form is there", `!document.querySelector(%s)`, editField)
		edit()
		offered()
	})
	app.Step("what is typed while it is saved is not lost with it", func() {
		ada.Click(editField)
		release := ada.sending(link, func() { ada.Press("Enter") })
		ada.Press("End")
		ada.Type(" and more")
		release()
		ada.Wait("it is saved", `document.querySelector(%s)?.value === 'one\ntwo and more' && /^Saved/.test(document.querySelector('.message .edit .slot').textContent)`, editField)
		ada.Press("Enter")
		ada.Sees("two and more")
		ada.Wait("nothing is kept",
			`!document.querySelector(%s) && !Object.keys(sessionStorage).some(k => k.startsWith('edit:'))`, editField)
	})
}

// A refusal shows the form again with the refused text. Text typed since is newer and stays, whatever has the focus.
func TestTypingWhileARefusalComes(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	person, ada := app.SignedIn("Ada", link)
	person.ExpectStatus("4(13|22)")
	ada.Say("one")
	for _, c := range []struct{ field, wait, other string }{
		{composer, "#composer .error", "#composer .send"},
		{composer, "#composer .error", composer},
		{editField, "#messages form .error", "#messages form button"},
		{editField, "#messages form .error", editField},
	} {
		if c.field == editField && ada.Count(editField) == 0 {
			ada.ClickIn("#"+ada.RowID("one"), "a.own >> Edit")
		}
		ada.Wait("the field is there", find(c.field))
		ada.Eval(JS(`(() => { const box = document.querySelector(%s); box.focus(); box.value = 'x'.repeat(8010); box.setSelectionRange(8010, 8010)
			box.form.querySelector('.error')?.remove(); box.dispatchEvent(new Event('input', {bubbles: true})) })()`, c.field), nil)
		release := ada.sending(link, func() { ada.Press("Enter") })
		ada.Type(" and typed on")
		ada.Eval(JS(`document.querySelector(%s).focus()`, c.other), nil)
		release()
		ada.Wait("it is refused", `document.querySelector(%s)`, c.wait)
		ada.Wait("all is still there", `document.querySelector(%s).value.endsWith('xx and typed on')`, c.field)
		ada.Eval(JS(`document.querySelector(%s).value = ''`, composer), nil)
	}
}

// Drafts belong to the channel and not to its URL: a renamed channel keeps them, and a channel that takes over the URL,
// with other readers, gets none.
func TestDraftsStayWithTheirChannel(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner := app.Client("Olga")
	owner.Form("/c", form("name", "Plans"))
	owner.Post("plans", "as it was")
	ada := owner.Tab("Olga") // the same person, in a browser
	ada.Open("/c/plans")
	ada.Connected()
	ada.ClickIn("#"+ada.RowID("as it was"), "a.own >> Edit")
	ada.Fill(editField, "half an edit")
	ada.Fill(composer, "half a message")

	owner.Form("/c/plans/settings", form("name", "Plans Two"))
	ada.Open("/c/plans-two")
	ada.Wait("both are there",
		`document.querySelector(%s)?.value === 'half a message' && document.querySelector(%s)?.value === 'half an edit'`,
		composer, editField)
	owner.Form("/c/plans-two/delete", form())
	owner.Form("/c", form("name", "Plans Two"))
	ada.Open("/c/plans-two")
	ada.Connected()
	ada.Wait("the new channel has neither", `document.querySelector(%s).value === '' && !document.querySelector(%s)`,
		composer, editField)
}
