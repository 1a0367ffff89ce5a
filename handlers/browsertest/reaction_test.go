package browsertest

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two people react: each sees it live, and their own marked; the keyboard chooses any emoji.
func TestReactions(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Say("lunch?")
	bob.Sees("lunch?")
	id := "#" + bob.RowID("lunch?")
	const thumb = `document.querySelector('#messages [data-reaction="👍"]')`
	app.Step("a quick one is seen by both, and marked for whose it is", func() {
		bob.Hover(id)
		bob.Click(id + " .quick")
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("it shows", thumb+`?.dataset.count === '1' && `+thumb+`.ariaLabel === '👍 1: Bob reacted'`)
		}
		bob.Wait("it is marked", thumb+`.matches('[data-by~="' + document.body.dataset.user + '"]')`)
		var his, hers string
		bob.Eval(`getComputedStyle(`+thumb+`).borderColor`, &his)
		ada.Eval(`getComputedStyle(`+thumb+`).borderColor`, &hers)
		if his == hers {
			t.Errorf("both see it in %s", his)
		}
	})
	app.Step("the other joins, and leaves again, with the focus kept", func() {
		ada.Click(id + " [data-reaction]")
		bob.Wait("both", thumb+`.ariaLabel === '👍 2: Bob and Ada reacted'`)
		ada.Wait("the focus stays", `document.activeElement === `+thumb)
		ada.Press("Enter")
		bob.Wait("one left", thumb+`.dataset.count === '1'`)
		ada.Wait("the focus stays still", thumb+`.dataset.count === '1' && document.activeElement === `+thumb)
	})
	app.Step("the keyboard chooses any emoji", func() {
		ada.Hover(id)
		ada.Click(id + " .react")
		ada.Wait("the search has the focus", `document.activeElement.matches('#card[open] [type=search]')`)
		ada.Accessible("the choice of an emoji")
		ada.Type("rocket")
		ada.Wait("it is found", `document.querySelector('#card .choices button')?.value === '🚀'`)
		ada.Press("Down")
		ada.Press("Right")
		ada.Press("Left")
		ada.Press("Enter")
		bob.Wait("it flies", `document.querySelector('#messages [data-reaction="🚀"]')`)
		ada.Wait("it is closed", `!document.querySelector('#card[open]')`)
	})
	app.Step("Escape closes, and leads back", func() {
		ada.Hover(id)
		ada.Click(id + " .react")
		ada.Wait("it is open", `document.activeElement.matches('#card[open] [type=search]')`)
		ada.Hover("#card [type=search]") // the mouse leaves the row
		ada.Press("Escape")
		ada.Wait("the focus is in the row",
			`!document.querySelector('#card[open]') && document.activeElement.matches('.message .react')`)
	})
	app.Step("without JavaScript the message's page does it", func() {
		ada.NoScript()
		ada.Open("/c/" + general + "/1")
		ada.Click(`.highlight [value="😂"]`)
		bob.Wait("it laughs", `document.querySelector('#messages [data-reaction="😂"]')`)
		ada.Click(`.message [data-reaction="😂"]`)
		bob.Wait("and no more", `!document.querySelector('#messages [data-reaction="😂"]')`)
		ada.Click(`.highlight a[href^="/emoji"]`)
		ada.Click(`.choices [value="😎"]`)
		bob.Wait("it is cool", `document.querySelector('#messages [data-reaction="😎"]')`)
	})
}

// silence returns the path of a WAV file of a minute.
func silence(t *testing.T) string {
	t.Helper()
	const rate = 3000 // samples of a byte a second
	wav := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, 36+60*rate)...)
	wav = append(wav, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	wav = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(wav, rate), rate)
	wav = binary.LittleEndian.AppendUint32(append(wav, "\x01\x00\x08\x00data"...), 60*rate)
	path := filepath.Join(t.TempDir(), "silence.wav")
	if err := os.WriteFile(path, append(wav, strings.Repeat("\x80", 60*rate)...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// When a row changes, what has not changed in it stays: what plays goes on, and the selection, the focus and an open
// edit stay.
func TestRowChangesInPlace(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	ada.Choose(fileField, silence(t))
	ada.Wait("it is up", `document.querySelector('.attached [name=kept]')`)
	ada.Fill("#composer textarea", "hear `this` https://example.org/x\n```\ncode\n```")
	ada.Press("Enter")
	bob.Sees("hear")
	id := "#" + bob.RowID("hear")
	react := func() {
		ada.Hover(id)
		ada.Click(id + " .quick")
	}
	counts := func(n string) {
		bob.Wait(n+" reacted", `(document.querySelector('#messages [data-reaction]')?.dataset.count ?? '0') === %s`, n)
	}
	app.Step("what plays goes on, and the selection stays, although another reacts", func() {
		bob.Hover(id + " .code")
		bob.Wait("the code has its button", `document.querySelector('#messages .code .copy')`)
		bob.Wait("it plays", `(() => { const a = document.querySelector('#messages audio'); window.was = a; a.muted = true
			if (a.paused) a.play(); return a.currentTime > 0 })()`)
		bob.Eval(`getSelection().selectAllChildren(document.querySelector('#messages .body code'));
			document.querySelector('#messages figcaption a').focus()`, nil)
		react()
		counts("1")
		bob.Wait("it plays still", `document.querySelector('#messages audio') === window.was && !window.was.paused`)
		bob.Wait("the selection stays", `getSelection().toString() === 'this'`)
		bob.Wait("the focus stays", `document.activeElement.matches('#messages figcaption a')`)
	})
	app.Step("neither a hover nor a change of one row looks into all rows", func() {
		bob.Hover("#sidebar")
		bob.Eval(`(() => { const list = document.getElementById('messages'), all = list.querySelectorAll, time =
			Object.getOwnPropertyDescriptor(HTMLTimeElement.prototype, 'dateTime'); window.heads = window.days = 0
			list.querySelectorAll = s => { window.heads += s.includes('.continued'); return all.call(list, s) }
			Object.defineProperty(HTMLTimeElement.prototype, 'dateTime', {...time, get() {
				window.days += this.matches('.message time'); return time.get.call(this) }}) })()`, nil)
		bob.Hover(id)
		bob.Wait("the row has its actions, and no head was looked for",
			`document.querySelector('#messages .actions') && window.heads === 0`)
		bob.Wait("no day was computed again", `(() => { chat.main.tell([]); return window.days === 0 })()`)
	})
	app.Step("an open edit is not told of it, and is saved", func() {
		ada.ClickIn(id, "a.own >> Edit")
		ada.Wait("the form is there", find(editField))
		bob.Click(id + " [data-reaction]")
		ada.Wait("Bob reacted too", `document.querySelector('#messages [data-reaction]').dataset.count === '2'`)
		ada.Wait("it is not told", `!document.querySelector('#messages .edit .slot').textContent`)
		bob.Eval(`document.querySelector('#messages .body a').focus()`, nil)
		ada.Fill(editField, "hear more https://example.org/x")
		ada.Press("Enter")
		bob.Sees("hear more")
		bob.Wait("the focus is on the link that is still there",
			`document.activeElement.matches('#messages .body a[href="https://example.org/x"]')`)
		bob.Wait("it plays still", `document.querySelector('#messages audio') === window.was && !window.was.paused`)
	})
}
