package browsertest

import "testing"

// Without JavaScript everything works except live updates.
func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.takeFewTypes()
	bob := app.Client("Bob")
	ada := app.User("Ada")
	tab := ada.Tab()
	tab.NoScript()

	app.Step("sign in", func() {
		tab.Open("/")
		tab.At("/signin")
		tab.Fill("input[name=name]", "Ada")
		tab.Click("button >> Start chatting")
		tab.At("/c/" + general)
	})
	app.Step("create a channel", func() {
		tab.Click("#sidebar a >> New channel")
		tab.At("/c")
		tab.Fill("form[action='/c'] input[name=name]", "Paper")
		tab.Click("button >> Create channel")
		tab.At("/c/paper")
	})
	app.Step("post, with line breaks", func() {
		tab.Fill(composer, "first\nsecond")
		tab.Click("#composer button.send")
		tab.Sees("first\nsecond")
		tab.At("/c/paper")
		tab.Wait("the box is empty", `document.querySelector(%s).value === ''`, composer)
		tab.Reload()
		tab.InOrder(1, 1)
	})
	app.Step("upload", func() {
		tab.Choose(fileField, picture(t, "square.png", 64, 64), file(t, "list.txt", []byte("eggs")))
		tab.Fill(composer, "with files")
		tab.Click("#composer button.send")
		tab.Sees("with files")
		tab.Wait("the files are there",
			`document.querySelector('#messages a.picture img') && document.querySelector('#messages a.file').textContent.includes('list.txt')`)
	})
	app.Step("a refused file keeps the text and the others", func() {
		ada.ExpectStatus("4(13|15|22)")
		tab.Choose(fileField, file(t, "program.exe", []byte("MZ\x90\x00\x03")), file(t, "good.txt", []byte("good")))
		tab.Fill(composer, "one of them is bad")
		tab.Click("#composer button.send")
		tab.Wait("it says why", `document.querySelector('#composer .refused')?.textContent.includes('program.exe')`)
		tab.Wait("the text is there", `document.querySelector(%s).value === 'one of them is bad'`, composer)
		tab.Click("#composer button.send")
		tab.Sees("one of them is bad")
		tab.Wait("with the good file",
			`document.querySelector('#messages article:last-of-type').textContent.includes('good.txt')`)
	})
	app.Step("edit", func() {
		row := "#" + tab.RowID("with files")
		tab.ClickIn(row, "a.own >> Edit")
		tab.At("/c/paper/2/edit")
		tab.Fill("main form textarea[name=body]", "with two files")
		tab.Click("main form button >> Save changes")
		tab.Sees("with two files")
		tab.Wait("it says that it was edited", `document.querySelector(%s).textContent.includes('edited')`, row)
	})
	app.Step("delete", func() {
		tab.Open("/c/paper")
		row := "#" + tab.RowID("with two files")
		tab.ClickIn(row, "a.own >> Delete")
		tab.At("/c/paper/2/delete")
		tab.Click("main form button >> Delete message")
		tab.Wait("the tombstone stands there", `document.querySelector(%s)?.matches('.deleted')`, row)
	})
	app.Step("read, and page back and forth", func() {
		bob.Talk(general, "message", 180)
		tab.Open("/c/" + general)
		tab.InOrder(81, 180)
		tab.Click("a >> Older messages")
		tab.Wait("the older ones are there", `document.querySelector('#messages article[data-seq="80"]')`)
		tab.InOrder(31, 80)
		tab.Click("a >> Older messages")
		tab.Wait("the first ones are there", `document.querySelector('#messages article[data-seq="1"]')`)
		tab.InOrder(1, 30)
		tab.Click("a >> Newer messages")
		tab.Wait("the newer ones are there", `document.querySelector('#messages article[data-seq="31"]')`)
		tab.InOrder(31, 80)
	})
	app.Step("unread counts", func() {
		bob.Post("paper", "look here")
		tab.Reload()
		tab.Wait("the list counts it", `document.querySelector('#channels a[href="/c/paper"] .unread').textContent === '1'`)
		tab.Click(`#channels a[href="/c/paper"]`)
		tab.At("/c/paper")
		tab.Wait("it is cleared", `document.querySelector('#channels a[href="/c/paper"] .unread').textContent === ''`)
	})
	app.Step("change one's name", func() {
		tab.Click(`#sidebar a[href="/me"]`)
		tab.At("/me")
		tab.Fill("input[name=name]", "Augusta")
		tab.Click("button >> Save name")
		tab.Wait("it says so", `document.querySelector('main').innerText.includes('Saved')`)
	})
	app.Step("choose the colours", func() {
		tab.Click("input[name=theme][value=dark]")
		tab.Click("button >> Save colours")
		tab.Wait("they are dark, and the form says so", `document.documentElement.dataset.theme === 'dark' &&
			getComputedStyle(document.documentElement).colorScheme === 'dark' &&
			document.querySelector('[name=theme]:checked').value === 'dark'`)
		tab.Open("/c/paper")
		tab.Wait("on other pages too", `getComputedStyle(document.documentElement).colorScheme === 'dark'`)
	})
	app.Step("on a phone, the drawer opens", func() {
		tab.Phone()
		tab.Open("/c/paper")
		tab.Click(".bar button.menu")
		tab.Click(`#channels a[href="/c/` + general + `"]`)
		tab.At("/c/" + general)
	})
	app.Step("sign out", func() {
		tab.Size(1280, 800)
		tab.Open("/signout")
		tab.Click("main form[method=post] button")
		tab.At("/signin")
		tab.Open("/c/paper")
		tab.At("/signin")
	})
}
