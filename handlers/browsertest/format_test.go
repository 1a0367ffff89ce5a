package browsertest

import (
	"strings"
	"testing"
)

// Two people write formatted text: with the toolbar, by keys, by pasting, and as they know it from elsewhere.
func TestFormattedText(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	box := "#composer textarea"
	holds := func(text string) {
		t.Helper()
		ada.Wait("the box holds "+text, `document.querySelector('#composer textarea').value === %s`, text)
	}
	selects := func(from, to int) {
		ada.Wait("the selection is set", `(() => { const b = document.querySelector('#composer textarea'); b.focus()
			b.setSelectionRange(%s, %s); return true })()`, from, to)
	}
	app.Step("buttons and keys format the selection, and take it back", func() {
		ada.Fill(box, "one two")
		selects(4, 7)
		ada.Click("[aria-label=Bold]")
		holds("one **two**")
		ada.Press("Control+b")
		holds("one two")
		ada.Press("Control+i")
		holds("one _two_")
		ada.Press("Control+z")
		holds("one two")
		ada.Press("End")
		ada.Press("Control+b")
		ada.Type("x")
		ada.Press("Control+b")
		ada.Type("y")
		holds("one two**x**y")
		ada.Fill(box, "one\n```\ntwo\n```")
		selects(3, 3)
		ada.Click("[aria-label='Code block']")
		holds("one\n```\n\n```\n```\ntwo\n```") // it does not step into the block that begins there
		ada.Fill(box, "one two")
		selects(4, 7)
		ada.Press("Control+Shift+x")
		holds("one ~~two~~")
		ada.Click("[aria-label=Quote]")
		holds("> one ~~two~~")
		ada.Click(".look")
		ada.Wait("the preview shows it", `document.querySelector('#composer .preview blockquote del')?.textContent === 'two'`)
		ada.Accessible("the preview")
		ada.Shot("format-preview")
		ada.Size(844, 390)
		ada.Fill(box, strings.Repeat("line\n", 30))
		ada.Click(".look")
		ada.Wait("a phone on its side has room for the tools below a long preview",
			`document.querySelector('.preview').firstChild &&
			document.querySelector('#composer .format').getBoundingClientRect().bottom <= innerHeight`)
		ada.Desk()
		ada.Press("Escape")
		ada.Fill(box, "> one ~~two~~")
		ada.Click(".look")
		ada.Wait("the preview shows it", `document.querySelector('#composer .preview blockquote del')`)
		ada.Click(".look[aria-expanded=true]")
		ada.Wait("its button closes it",
			`document.querySelector('.look[aria-expanded=false]') && !document.querySelector('.preview').firstChild`)
		ada.Click(".look")
		ada.Wait("and shows it again", `document.querySelector('#composer .preview blockquote')`)
		ada.Click(box)
		ada.Press("Escape")
		ada.Wait("Escape closes it", `!document.querySelector('.preview').firstChild`)
		ada.Click(".look")
		ada.Wait("it shows once more", `document.querySelector('#composer .preview blockquote')`)
		ada.Click(box)
		ada.Press("Enter")
		bob.Wait("Bob sees it", `document.querySelector('#messages .body blockquote del')?.textContent === 'two'`)
		ada.Wait("the preview is gone", `!document.querySelector('#composer .preview').firstChild`)
	})
	app.Step("so do the keys of code, links, lists and quotes", func() {
		for _, key := range []struct{ press, holds, typed string }{
			{"Control+Shift+c", "one `two`", ""},
			{"Control+Shift+u", "one [two](https://go.dev)", "https://go.dev"}, // the address is selected
			{"Control+Shift+8", "- one two", ""},
			{"Control+Shift+9", "> one two", ""},
		} {
			ada.Fill(box, "one two")
			selects(4, 7)
			ada.Press(key.press)
			if key.typed != "" {
				ada.Type(key.typed)
			}
			holds(key.holds)
		}
		ada.Fill(box, "one\ntwo")
		selects(0, 7)
		ada.Click("[aria-label=List]")
		holds("- one\n- two")
		ada.Press("Control+Shift+8")
		holds("one\ntwo")
		ada.Click("[aria-label='Code block']")
		holds("```\none\ntwo\n```")
		for _, one := range []struct {
			text     string
			from, to int
			button   string
			holds    string
		}{
			{"see foo bar", 4, 7, "Code block", "see \n```\nfoo\n```\n bar"},
			{"a\n  b\nc", 2, 5, "Code block", "a\n```\n  b\n```\nc"},
			{"a word b", 1, 7, "Bold", "a **word** b"},
			{"a word b", 1, 7, "Strikethrough", "a ~~word~~ b"},
			{"a`b``c", 0, 6, "Code", "```a`b``c```"},
			{"`a", 0, 2, "Code", "`` `a ``"},
		} {
			ada.Fill(box, one.text)
			selects(one.from, one.to)
			ada.Click("[aria-label='" + one.button + "']")
			holds(one.holds)
			ada.Click("[aria-label='" + one.button + "']")
			if one.button != "Code block" { // whose new lines stay
				holds(one.text)
			}
		}
		ada.Fill(box, "")
	})
	app.Step("an address pasted onto words is a link, and a table of another page stays one", func() {
		ada.Fill(box, "see this")
		selects(4, 8)
		paste := `(() => { const data = new DataTransfer(), b = document.querySelector('#composer textarea')
			data.setData('text/plain', %s); data.setData('text/html', %s)
			b.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); return true })()`
		ada.Wait("it is pasted", paste, "https://example.org/x", "")
		holds("see [this](https://example.org/x)")
		ada.Press("Enter")
		bob.Wait("Bob sees the link",
			`document.querySelector('.body a[href="https://example.org/x"][rel~=noopener]')?.textContent === 'this'`)
		ada.Wait("a table is pasted", paste, "a\tb", "<table><tr><td>a<td>b<tr><td>1<td>2</table>")
		holds("| a | b |\n|---|---|\n| 1 | 2 |")
		ada.Press("Enter")
		bob.Wait("Bob sees the table", `document.querySelector('.body table td')?.textContent === '1'`)
	})
	app.Step("code is highlighted, and copied", func() {
		ada.Fill(box, "```go\nfunc main() {}\n```")
		ada.Press("Enter")
		bob.Wait("Bob sees it", `document.querySelector('.body pre > code.language-go .k')?.textContent === 'func'`)
		bob.Hover(".body pre")
		bob.Click(".code .copy")
		bob.Wait("it is copied", `document.querySelector('.code .copy').textContent === 'Copied'
			&& getSelection().toString().trim() === 'func main() {}'`)
		bob.Shot("formatted")
		bob.Accessible("formatted text")
	})
	app.Step("Enter is a new line in a code block, and sends after it", func() {
		ada.Fill(box, "```\ncode")
		ada.Press("Enter")
		holds("```\ncode\n")
		ada.Type("x\n```")
		ada.Press("Enter")
		holds("")
		bob.Wait("Bob sees the code",
			`document.querySelector('#messages .message:last-of-type pre code')?.textContent.includes('code\nx')`)
		ada.Fill(box, "```\nmore")
		ada.Press("Control+Enter")
		holds("")
	})
	app.Step("HTML is shown as it was typed, and a task list has boxes", func() {
		ada.Say("<img src=x onerror=alert(1)> <b hx-get=/signout>x</b>")
		bob.Sees("<img src=x onerror=alert(1)> <b hx-get=/signout>x</b>")
		ada.Fill(box, "- [x] done\n  - [ ] to do\n- [ ] and that")
		ada.Press("Enter")
		const boxes = `[...document.querySelectorAll('.body li input[type=checkbox]:disabled')]`
		bob.Wait("Bob sees the boxes", boxes+`.length === 3`)
		bob.Wait("those of a list in a task stand further in", `(([one, below, two]) => one === two && below >= one + 16)(`+
			boxes+`.map(b => b.getBoundingClientRect().left))`)
	})
	app.Step("an edit has the same tools", func() {
		ada.Fill(box, "to be bold")
		ada.Press("Enter")
		bob.Sees("to be bold")
		holds("")
		ada.Press("Up")
		ada.Wait("the form is open, with the cursor at the end",
			`document.activeElement.matches('.edit textarea') && document.activeElement.selectionStart === 'to be bold'.length`)
		ada.Wait("the tools stand between the text and the buttons", `(([text, tools, save]) =>
			text.bottom <= tools.top && tools.bottom <= save.top)(['textarea', '.format', '.primary'].map(s =>
			document.querySelector('.edit ' + s).getBoundingClientRect()))`)
		ada.Press("Tab")
		ada.Wait("and the Tab key goes that way", `document.activeElement.matches('.edit [aria-label=Bold]')`)
		ada.Press("Shift+Tab")
		ada.Press("Control+a")
		ada.Press("Control+b")
		ada.Press("Enter")
		bob.Wait("Bob sees it in bold",
			`[...document.querySelectorAll('.body strong')].some(e => e.textContent === 'to be bold')`)
	})
}

// Without JavaScript a preview shows the text above the form, which keeps it.
func TestPreviewWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	ada.NoScript()
	ada.Open("/c/general-talk")
	ada.Fill("#composer textarea", "**bold**")
	ada.Shot("format-noscript")
	ada.Click(".look")
	ada.Wait("it shows the text", `document.querySelector('.preview strong')?.textContent === 'bold'
		&& document.querySelector('#composer textarea').value === '**bold**' && !document.querySelector('.message')`)
	ada.Click(".send")
	ada.Wait("it is sent", `document.querySelector('.message .body strong')?.textContent === 'bold'`)
}
