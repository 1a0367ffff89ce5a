package browsertest

import (
	"strings"
	"testing"
)

// Ada searches what Bob has written: what she types is found at once, with the words marked, has a URL, and leads to
// the message and back. What Bob keeps to himself she does not find.
func TestSearch(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	den := strings.TrimPrefix(bob.Form("/c", form("name", "Den", "private", "1")), "/c/")
	bob.Post(den, "the tamarind is a secret")
	bob.Post(general, "see renderRow() in views")
	bob.Post(general, "東京都に行く")
	bob.Post(general, "a tamarind for all")
	_, ada := app.SignedIn("Ada")
	found := func(want string) {
		t.Helper()
		ada.Wait("found are "+want, `document.querySelector('#results').dataset.total === String(%s.split('|').length) &&
			[...document.querySelectorAll('#results article mark')].map(m => m.innerText).join('|') === %s`, want, want)
	}
	app.Step("from the sidebar, with the keyboard alone", func() {
		ada.Press("Control+g")
		ada.Wait("the box has the focus", `document.activeElement.matches('#sidebar .find input')`)
		ada.Type("renderR")
		ada.Press("Enter")
		ada.At("/search")
		found("renderR")
		ada.Accessible("a search")
		ada.Looks("what a search found")
	})
	app.Step("as one types", func() {
		ada.Fill("main [type=search]", "京都")
		found("京都")
		ada.Wait("the search is a URL", `new URLSearchParams(location.search).get('q') === '京都'`)
		ada.Fill("main [type=search]", "from:bo")
		ada.Wait("a filter is offered", `document.querySelector('#results .filters a').innerText === 'from:Bob'`)
	})
	app.Step("what one does not see is not found", func() {
		ada.Fill("main [type=search]", "marind")
		ada.Wait("one of two is found", `document.querySelector('#results').dataset.total === '1'`)
		found("marind")
	})
	app.Step("to the message, and back", func() {
		ada.Click("#results .card > .help a")
		ada.At("/c/" + general + "/3")
		ada.Back()
		ada.At("/search")
		found("marind")
	})
}

// Without JavaScript a search is a form, and its filters are links.
func TestSearchWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := Start(t)
	app.Client("Bob").Post(general, "hello there")
	tab := app.User("Ada").Tab()
	tab.NoScript()
	tab.Open("/")
	tab.Fill("input[name=name]", "Ada")
	tab.Click("button >> Start chatting")
	tab.At("/c/" + general)
	tab.Fill("#sidebar [type=search]", "the")
	tab.Press("Enter")
	tab.At("/search")
	if page := tab.Text("main"); !strings.Contains(page, "1 message") || !strings.Contains(page, "hello there") {
		t.Error(page)
	}
	tab.Click("#results .filters a >> From me")
	tab.At("/search")
	if page := tab.Text("main"); !strings.Contains(page, "Nothing found") || !strings.Contains(page, "from you") {
		t.Error(page)
	}
}
