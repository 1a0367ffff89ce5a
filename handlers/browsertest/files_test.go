package browsertest

import "testing"

// The files of all channels are on a page, to which one's own pages lead, and those of a channel on one to which its
// settings lead. What one types narrows the list at once.
func TestFilesPage(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	tab := app.Client("Ada").Tab("Ada")
	bob.Send(general, "how it looks", picture(t, "picture.png", 640, 360))
	bob.Send(general, "", file(t, "notes.txt", []byte("What we said.")))
	names := func(want string) {
		t.Helper()
		tab.Wait("the files are "+want,
			`[...document.querySelectorAll('.files li > a')].map(a => a.innerText).join(' ') === %s`, want)
	}
	app.Step("all files, the newest first", func() {
		tab.Open("/saved")
		tab.Click("main .tabs a >> Files")
		tab.At("/files")
		names("notes.txt picture.png")
		tab.Wait("the picture is shown", `document.querySelector('.files img').naturalWidth > 0`)
		tab.Looks("files")
	})
	app.Step("a part of a name, as one types it", func() {
		tab.Fill("main input[type=search]", "ICT")
		names("picture.png")
		tab.Click("main #results .tabs a >> Documents")
		tab.Wait("it stays with another kind", `location.search === '?q=ICT&type=documents'`)
		names("")
	})
	app.Step("the files of a channel", func() {
		tab.Open("/c/" + general + "/settings")
		tab.Click("main a >> Files")
		tab.At("/c/" + general + "/files")
		names("notes.txt picture.png")
		tab.Looks("files of a channel")
		tab.Click(".files li:last-child small a")
		tab.At("/c/" + general + "/1")
	})
}
