package browsertest

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"
)

// Files are found by words in them, a moment after they were sent: the place is shown, and what was looked for is
// marked.
func TestFilesByTheirTexts(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	tab := app.Client("Ada").Tab("Ada")
	var letter bytes.Buffer
	w := zip.NewWriter(&letter)
	part, err := w.Create("word/document.xml")
	if err == nil {
		_, err = part.Write([]byte(`<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>We ordered a zephyr lamp.</w:t></w:r>` +
			`</w:p></w:body></w:document>`))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	bob.Send(general, "", file(t, "notes.txt", []byte("The zephyr was\nmild <b>today</b>.")))
	bob.Send(general, "", file(t, "letter.docx", letter.Bytes()))
	bob.Send(general, "", file(t, "broken.docx", letter.Bytes()[:60]))
	for deadline := time.Now().Add(patience); strings.Count(bob.Get("/files?q=zephyr"), "<mark>") < 2; {
		if time.Sleep(20 * time.Millisecond); time.Now().After(deadline) {
			t.Fatal("they are not found")
		}
	}
	tab.Open("/files")
	tab.Fill("main input[type=search]", "ZEPH")
	tab.Wait("both are found", `[...document.querySelectorAll('.files li p')].map(p => p.innerText).join('|') === %s`,
		"We ordered a zephyr lamp.|The zephyr was mild <b>today</b>.")
	tab.Wait("what was looked for is marked", `[...document.querySelectorAll('.files mark')].every(m =>
		m.innerText === 'zeph' && m.checkVisibility() && getComputedStyle(m).backgroundColor !== 'rgba(0, 0, 0, 0)')`)
	tab.Looks("files found by their texts")
	tab.Fill("main input[type=search]", "broken")
	tab.Wait("a broken file is found by its name", `document.querySelector('.files li b').innerText === 'broken.docx'`)
}
