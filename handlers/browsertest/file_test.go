package browsertest

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const fileField = "#composer input[type=file]"

func TestFiles(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")

	app.Step("a picture by the button, with its place reserved", func() {
		ada.Choose(fileField, picture(t, "sunset.png", 1600, 900))
		ada.Wait("it is listed", `document.querySelector('#composer').textContent.includes('sunset.png')`)
		ada.Say("look at this")
		for _, tab := range []*Tab{ada, bob} {
			tab.Sees("look at this")
			tab.Wait("the thumbnail is loaded",
				`(() => { const i = document.querySelector('#messages a.picture img'); return i?.complete && i.naturalWidth > 0 })()`)
			var reserved bool
			tab.Eval(`(() => { const i = document.querySelector('#messages a.picture img'), b = i.getBoundingClientRect()
				return +i.getAttribute('width') > 0 && Math.abs(b.width / b.height - 1600/900) < 0.02 && /\/thumb$/.test(i.src) && i.alt.includes('sunset') })()`, &reserved)
			if !reserved {
				t.Error("the picture is not a thumbnail with its size reserved and its name as its text")
			}
		}
		bob.Wait("a click would open the whole", `fetch(document.querySelector('#messages a.picture').href).then(async r => {
			const i = await createImageBitmap(await r.blob()); return i.width === 1600 && i.height === 900 })`)
	})

	app.Step("the page does not jump when it loads", func() {
		bob.Reload()
		bob.Wait("the picture is loaded",
			`(() => { const i = document.querySelector('#messages a.picture img'); return i?.complete && i.naturalWidth > 0 })()`)
		if moved := bob.Jumped(); len(moved) > 0 {
			t.Errorf("it moved: %q", moved)
		}
	})

	app.Step("other files as cards, two of the same name, without a text", func() {
		ada.Choose(fileField, file(t, "notes.txt", []byte("the first")), file(t, "notes.txt", []byte("the second, longer")))
		ada.Click("#composer button.send")
		bob.Wait("two cards", `document.querySelectorAll('#messages article:last-of-type a.file').length === 2`)
		bob.Wait("with name, type and size",
			`/notes\.txt\s*TXT · 9 B/.test(document.querySelector('#messages a.file').innerText.replace(/\n/g, ' '))`)
		var texts []string
		bob.Eval(`Promise.all([...document.querySelectorAll('#messages a.file')].map(a => fetch(a.href).then(r => r.text())))`, &texts)
		if len(texts) != 2 || texts[0] != "the first" || texts[1] != "the second, longer" {
			t.Errorf("the files hold %q", texts)
		}
		ada.Wait("the composer is empty again", `!document.querySelector('#composer').textContent.includes('notes.txt')`)
	})

	app.Step("drag and drop", func() {
		ada.Drop("#messages article", picture(t, "dropped.png", 300, 200))
		ada.Wait("it is listed", `document.querySelector('#composer').textContent.includes('dropped.png')`)
		ada.Shot("attached")
		ada.Click("#composer button.send")
		bob.Wait("it is there", `[...document.querySelectorAll('#messages a.picture img')].some(i => i.alt.includes('dropped.png'))`)
	})

	app.Step("paste", func() {
		ada.Click(composer)
		ada.PastePicture()
		ada.Wait("it is listed", `document.querySelectorAll('#composer .attached li').length === 1`)
		ada.Say("from the clipboard")
		bob.Sees("from the clipboard")
		bob.Wait("with the picture", `document.querySelector('#messages article:last-of-type a.picture img')`)
	})

	app.Step("one is taken back before it is sent", func() {
		ada.Choose(fileField, file(t, "wrong.txt", []byte("no")), file(t, "right.txt", []byte("yes")))
		ada.Wait("both are listed", `document.querySelectorAll('#composer .attached li').length === 2`)
		ada.Click("#composer .attached li:first-child button")
		ada.Wait("one is left", `document.querySelectorAll('#composer .attached li').length === 1`)
		ada.Click("#composer button.send")
		bob.Wait("it came alone",
			`(() => { const t = document.querySelector('#messages article:last-of-type').textContent; return t.includes('right.txt') && !t.includes('wrong.txt') })()`)
	})
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	app := Start(t, "--max-upload", "1MB")
	app.takeFewTypes()
	link := app.Link()
	_, ada := app.SignedIn("Ada", link)
	ada.User.ExpectStatus("4(13|15|22)")

	app.Step("the reason is told, and the text and the other files stay", func() {
		link.Freeze()
		ada.Choose(fileField, file(t, "page.png", []byte("<!DOCTYPE html><script>alert(1)</script>")),
			picture(t, "fine.png", 40, 30))
		ada.Fill(composer, "two files")
		ada.Press("Enter")
		link.Heal()
		ada.Wait("it says why", `/page\.png/.test(document.querySelector('#composer .refused')?.textContent)`)
		ada.Wait("the text is there", `document.querySelector(%s).value === 'two files'`, composer)
		ada.Wait("the other file is there",
			`/fine\.png/.test(document.querySelector('#composer li:has([name=kept])')?.textContent)`)
		ada.Shot("refused-file")
		ada.Accessible("a refused file")
		if n := ada.Count("#messages article"); n != 0 {
			t.Errorf("%d messages came of it", n)
		}
		ada.Click(composer)
		ada.Press("Enter")
		ada.Sees("two files")
		ada.Wait("with the good file", `document.querySelector('#messages a.picture img')?.alt.includes('fine.png')`)
	})

	app.Step("of a known kind that is not taken, it says what to do", func() {
		var scan bytes.Buffer
		if err := jpeg.Encode(&scan, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
			t.Fatal(err)
		}
		ada.Choose(fileField, file(t, "IMG_1.HEIC", []byte("x")), file(t, "x.strange", []byte("x")),
			file(t, "scan.jfif", scan.Bytes()))
		ada.Wait("it says so", `(() => {
			const [heic, strange, jfif] = [...document.querySelectorAll('#composer .attached li')]
			return /not taken. Save it as JPEG, and send that/.test(heic?.textContent) && /\.strange are not taken. Files can be/.test(strange?.textContent)
				&& /scan\.jfif/.test(jfif?.textContent) && jfif.querySelector('[name=kept]')
		})()`)
		ada.Phone()
		ada.Wait("what takes it out stands beside its name",
			`[...document.querySelectorAll('#composer .refused')].every(li => {
			const [name, cross] = ['b', 'button'].map(s => li.querySelector(s).getBoundingClientRect())
			return cross.top < name.bottom && cross.bottom > name.top && cross.left >= name.right
		})`)
		ada.Desk()
		ada.User.Expect("a dialog stood in the way") // leaving the page would lose the chosen files
		ada.Reload()
	})

	app.Step("too large", func() {
		ada.Choose(fileField, file(t, "large.txt", bytes.Repeat([]byte("0123456789\n"), 100_000)))
		ada.Wait("it says so, now or when it is sent", `(() => {
			const c = document.querySelector('#composer')
			if (/large\.txt/.test(c.textContent) && !c.querySelector('.refused, .error') && !window.sent) { window.sent = true; c.querySelector('.send').click() }
			return /large/i.test(c.querySelector('.refused, .error')?.textContent ?? '')
		})()`)
	})
}

func TestUploadProgress(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	_, ada := app.SignedIn("Ada", link)
	kept := filesUnder(t, filepath.Join(app.Data, "uploads"))
	large := file(t, "minutes of the long meeting.txt", []byte(strings.Repeat("A line of a large file.\n", 500_000)))

	app.Step("a bar shows how far it is, and the message waits for it", func() {
		link.Slow(2_000_000)
		ada.Choose(fileField, large)
		ada.Fill(composer, "with a large file")
		ada.Press("Enter")
		ada.Wait("it says so", `/sent when the files are up/.test(document.querySelector('#composer #hint').textContent)`)
		ada.Wait("the bar moves",
			`(() => { const p = document.querySelector('#composer progress'); return p?.checkVisibility() && p.value > 0 && p.value < p.max })()`)
		ada.Shot("progress")
		link.Freeze()
		ada.Phone()
		ada.Wait("the percents stay on one line beside a long name", `(note => / %$/.test(note.textContent) &&
			note.offsetHeight < 1.9 * parseFloat(getComputedStyle(note).fontSize))(
			document.querySelector('#composer .sending small'))`)
		ada.Desk()
		link.Heal()
	})
	app.Step("a cancelled upload leaves nothing behind, but what was written", func() {
		ada.Click("#composer .sending .remove")
		link.Slow(0)
		ada.Wait("the bar is gone", `!document.querySelector('#composer progress')?.checkVisibility()`)
		ada.Wait("the text is still there", `document.querySelector(%s).value === 'with a large file'`, composer)
		deadline := time.Now().Add(patience)
		for filesUnder(t, filepath.Join(app.Data, "uploads")) != kept {
			if time.Now().After(deadline) {
				t.Fatal("files of the cancelled upload are left in the data folder")
			}
			time.Sleep(20 * time.Millisecond)
		}
		if n := ada.Count("#messages article"); n != 0 {
			t.Errorf("%d messages came of it", n)
		}
	})
	app.Step("it can be sent after all", func() {
		ada.Choose(fileField, large)
		ada.Click(composer)
		ada.Press("Enter")
		ada.Sees("with a large file")
		ada.Wait("with the file",
			`document.querySelector('#messages a.file')?.textContent.includes('minutes of the long meeting.txt')`)
		ada.InOrder(1, 1)
	})
}

// Ten files come up side by side, each with a bar of its own: one that fails takes nothing from the others, and is
// tried again alone. Those in another tab are not taken along.
func TestFilesSideBySide(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	_, ada := app.SignedIn("Ada", link)
	other := ada.User.Tab()
	other.Open("/c/" + general)
	other.Connected()
	other.Choose(fileField, file(t, "elsewhere.txt", []byte("of the other tab")))
	other.Wait("it is up", kept)
	var files []string
	for i := range 10 {
		files = append(files, file(t, fmt.Sprint("part-", i, ".txt"), fmt.Appendf(nil, "part %d", i)))
	}
	count := func(selector string) string {
		return JS(`document.querySelectorAll(%s).length`, "#composer .attached "+selector)
	}
	app.Step("each has a line and a bar", func() {
		link.Freeze()
		ada.BreakFirst("*/files", func() { ada.Choose(fileField, files...) })
		ada.Fill(composer, "all of them")
		ada.Press("Enter")
		ada.Wait("nine are on their way, and one failed",
			count("progress[aria-label^='Uploading part-']")+` === 10 && `+count(".sending")+` === 9 && `+count(".refused")+` === 1`)
		ada.Drop("#composer", file(t, "eleventh.txt", []byte("one too many")))
		ada.Drop("#composer", file(t, "twelfth.txt", []byte("one too many")))
		ada.Wait("more do not go with one message",
			`/Only 10 files/.test(document.querySelector('#composer li:last-child.refused').textContent)`)
		ada.Looks("files on their way")
		ada.Desk()
		ada.Click(composer)
		ada.Press("Enter")
		ada.Wait("it waits for the rest",
			`/when the files are up/.test(document.querySelector('#composer #hint').textContent)`)
		ada.Click("#composer .sending:nth-last-child(2) .remove")
		ada.Wait("it does not any more", `/^Not sent/.test(document.querySelector('#composer #hint').textContent)`)
	})
	app.Step("the failed one did not send the message, and is tried again", func() {
		link.Heal()
		ada.Wait("nine are up", count("[name=kept]")+` === 9`)
		ada.Wait("the text is there, and the hint says why", `document.querySelector(%s).value === 'all of them' &&
			/^Not sent/.test(document.querySelector('#composer #hint').textContent)`, composer)
		ada.Accessible("files that are up, and two that are not")
		ada.Click("#composer li:first-child .again")
		ada.Wait("ten are", count("[name=kept]")+` === 10`)
		ada.Click("#composer .refused .remove")
		ada.Click(composer)
		ada.Press("Enter")
		ada.Sees("all of them")
		ada.Wait("with ten files in their order",
			`[...document.querySelectorAll('#messages a.file b')].map(b => b.textContent).join() ===
			[...Array(10).keys()].map(i => `+"`part-${i}.txt`"+`).join()`)
		ada.Wait("nothing is left", count("li")+` === 0`)
		ada.InOrder(1, 1)
	})
	app.Step("the other tab has its own still", func() {
		other.Say("mine")
		other.Wait("with its file",
			`[...document.querySelectorAll('#messages article:last-of-type a.file b')].map(b => b.textContent).join() === 'elsewhere.txt'`)
	})
}
