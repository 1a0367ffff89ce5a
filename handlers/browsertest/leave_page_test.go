package browsertest

import (
	"bytes"
	"strings"
	"testing"
)

// asked reports whether the browser would ask before it leaves the page.
func (tab *Tab) asked() (asks bool) {
	tab.t.Helper()
	tab.Eval(`!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))`, &asks)
	return asks
}

// sending calls do, which sends a form, and holds back the request until release is called.
func (tab *Tab) sending(link *Link, do func()) (release func()) {
	tab.t.Helper()
	link.Freeze()
	do()
	tab.Wait("it is on its way", `document.querySelector('form.htmx-request')`)
	return link.Heal
}

const attached = "#composer .attached li"

// kept is the script for whether the server has a file for the message.
const kept = `document.querySelector('#composer [name=kept]')`

// A message takes along the files that were there when it was sent; later ones go with the next message.
func TestFilesDuringAnUpload(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.takeFewTypes()
	link := app.Link()
	person, ada := app.SignedIn("Ada", link)
	large := file(t, "large.txt", bytes.Repeat([]byte("0123456789\n"), 50_000))

	if ada.asked() {
		t.Error("it asks before anything is chosen")
	}
	app.Step("the second file goes with the second message", func() {
		ada.Choose(fileField, large)
		ada.Wait("it is up", kept)
		ada.Fill(composer, "first")
		release := ada.sending(link, func() { ada.Press("Enter") })
		ada.Drop("#composer", file(t, "second.txt", []byte("second")))
		ada.Fill(composer, "second")
		ada.Press("Enter")
		if !ada.asked() {
			t.Error("it does not ask while an upload runs")
		}
		ada.Wait("what is on its way cannot be taken out",
			`[...document.querySelectorAll(%s)].map(li => li.querySelector('.remove').checkVisibility({visibilityProperty: true}))
			.join() === 'false,true'`, attached)
		release()
		ada.Wait("both are there", `document.querySelectorAll('#messages article').length === 2`)
		for i, want := range []string{"large.txt", "second.txt"} {
			var files string
			ada.Eval(JS(`[...document.querySelectorAll('#messages article')[%s].querySelectorAll('a.file b')].map(b => b.textContent).join()`, i), &files)
			if files != want {
				t.Errorf("message %d has %q", i+1, files)
			}
		}
		ada.Wait("nothing is left", `!document.querySelector(%s) && !document.querySelector(%s).value`, attached, composer)
	})
	app.Step("one that nobody sent yet stays", func() {
		ada.Choose(fileField, large)
		ada.Wait("it is up", kept)
		release := ada.sending(link, func() { ada.Click("#composer .send") })
		ada.Drop("#composer", file(t, "third.txt", []byte("third")))
		release()
		ada.Wait("the message is there", `document.querySelectorAll('#messages article').length === 3`)
		ada.Wait("the file waits, and is up",
			`document.querySelectorAll(%s).length === 1 && /third/.test(document.querySelector(%s).textContent) && `+kept,
			attached, attached)
	})
	app.Step("and so does what is chosen while the message is refused", func() {
		person.ExpectStatus("4(15|22)")
		ada.Choose(fileField, file(t, "page.png", []byte("<!DOCTYPE html><script>alert(1)</script>")))
		ada.Wait("the reason is there", `document.querySelector('#composer .refused')`)
		ada.Eval(JS(`document.querySelector(%s).value = 'x'.repeat(8010)`, composer), nil)
		release := ada.sending(link, func() { ada.Click("#composer .send") })
		ada.Drop("#composer", file(t, "fourth.txt", []byte("fourth")))
		release()
		ada.Wait("the reason is there, the file that was taken, and the one that came since",
			`document.querySelector('#composer .error') && document.querySelector(%s).value.length === 8010 &&
			[...document.querySelectorAll('#composer [name=kept]')].map(f => f.parentElement.querySelector('b').textContent).join() === 'third.txt,fourth.txt'`, composer)
	})
	app.Step("whoever leaves is asked", func() {
		ada.Click("#composer .attached li:last-child .remove")
		if !ada.asked() {
			t.Error("it does not ask about what the server keeps for the message")
		}
		person.Expect("a dialog stood in the way") // the answer is to leave
		ada.Click(`#sidebar a[href="/me"]`)
		ada.At("/me")
		person.mu.Lock()
		defer person.mu.Unlock()
		if !strings.Contains(strings.Join(person.problems, "\n"), "a dialog stood in the way") {
			t.Error("it did not ask")
		}
	})
}

// A form that sends its file causes no question.
func TestSendingAPictureIsNotAskedAbout(t *testing.T) {
	t.Parallel()
	_, ada := Start(t).SignedIn("Ada")
	ada.Open("/me/profile")
	const field = "input[type=file]"
	ada.Choose(field, picture(t, "me.png", 64, 64))
	if !ada.asked() {
		t.Error("it does not ask about the picture")
	}
	ada.Eval(JS(`window.before = true; document.querySelector(%s).form.requestSubmit(document.querySelector(%s).form.querySelector('button'))`, field, field), nil)
	ada.Wait("it is sent", `!window.before && document.querySelector('main .avatar img')`)
}
