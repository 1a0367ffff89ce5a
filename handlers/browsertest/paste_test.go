package browsertest

import "testing"

// paste pastes text and files at the selector, and reports whether the page handled them; otherwise the browser inserts
// the text as into any field.
func (tab *Tab) paste(selector, text string, files ...string) (taken bool) {
	tab.t.Helper()
	tab.Eval(JS(`(() => {
		const d = new DataTransfer()
		if (%s) d.setData('text/plain', %s)
		for (const name of %s) d.items.add(new File(['picture'], name, {type: 'image/png'}))
		return !document.querySelector(%s).dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true}))
	})()`, text != "", text, append([]string{}, files...), selector), &taken)
	return taken
}

func TestPaste(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	ada.Say("one")
	attached := func() string { t.Helper(); return ada.Text("#composer .attached") }

	for what, c := range map[string]struct {
		text, file string
		taken      bool
	}{
		"cells of a spreadsheet, with their picture": {"a\tb", "image.png", false},
		"one word, with a picture":                   {"image", "image.png", false},
		"text alone":                                 {"words", "", false},
		"a picture":                                  {"", "image.png", true},
		"a picture with an empty text":               {"\n", "image.png", true},
		"a file with its name beside it":             {"plan b.png", "plan b.png", true},
		"a file with its path beside it":             {"file:///home/ada/plan%20b.png\n", "plan b.png", true},
	} {
		var files []string
		if c.file != "" {
			files = []string{c.file}
		}
		if taken := ada.paste(composer, c.text, files...); taken != c.taken || (attached() != "") != c.taken {
			t.Errorf("%s: taken as a file: %v, want %v; attached: %q", what, taken, c.taken, attached())
		}
		ada.Eval(`document.querySelectorAll('#composer .attached .remove').forEach(b => b.click())`, nil)
	}

	app.Step("no other field gives its paste away", func() {
		ada.ClickIn("#"+ada.RowID("one"), "a.own >> Edit")
		ada.Wait("the form is there", find("#messages form textarea"))
		for _, text := range []string{"a\tb", ""} {
			if ada.paste("#messages form textarea", text, "image.png") || attached() != "" {
				t.Errorf("with the text %q, %q is attached", text, attached())
			}
		}
	})
	app.Step("pictures get names of their own", func() {
		for range 3 {
			ada.paste(composer, "", "image.png")
		}
		ada.paste(composer, "", "notes.png", "notes.png")
		var names []string
		ada.Eval(`[...document.querySelectorAll('#composer .attached b')].map(b => b.textContent)`, &names)
		seen := map[string]bool{"image.png": true}
		for _, name := range names {
			if seen[name] {
				t.Errorf("they are called %q", names)
				break
			}
			seen[name] = true
		}
		if len(names) != 5 || !seen["notes.png"] {
			t.Errorf("they are called %q", names)
		}
	})
}
