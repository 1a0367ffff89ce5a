package browsertest

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// A message's actions are not part of its text: they are neither read out nor copied with it, but can be reached (as
// TestKeyboard tests).
func TestActionsAreNoText(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	ada.Say("mine")
	bob := app.Client("Bob")
	bob.Post(general, "his")
	ada.Sees("his")
	names := func() string {
		t.Helper()
		var words []string
		ada.run(chromedp.ActionFunc(func(ctx context.Context) error {
			nodes, err := accessibility.GetFullAXTree().Do(ctx)
			for _, n := range nodes {
				if !n.Ignored && n.Name != nil && n.Role != nil {
					words = append(words, string(n.Role.Value)+" "+string(n.Name.Value))
				}
			}
			return err
		}))
		return strings.Join(words, "\n")
	}
	actions := []string{`"link" "Edit"`, `"link" "Delete"`, `"link" "More actions"`}
	ada.Hover("#bar h1")
	ada.Eval(`document.querySelector('#body').focus()`, nil)
	tree := names()
	if !strings.Contains(tree, "mine") || !strings.Contains(tree, "his") {
		t.Errorf("what was said is not read:\n%s", tree)
	}
	for _, action := range actions {
		if strings.Contains(tree, action) {
			t.Errorf("it is read out: %s", action)
		}
	}
	app.Step("they are there for whoever comes near, and quiet", func() {
		ada.Hover("#" + ada.RowID("his"))
		ada.Wait("it can be seen", find("#messages .menu-of"))
		if got := ada.Attribute("#messages .actions", "aria-live"); got != "off" {
			t.Errorf("aria-live is %q", got)
		}
		if !strings.Contains(names(), actions[2]) {
			t.Error("it cannot be found")
		}
	})
	app.Step("a row that is replaced keeps them, with the focus", func() {
		ada.Eval(`document.querySelector('#messages .menu-of').focus()`, nil)
		bob.Form("/c/"+general+"/2/edit", form("body", "his, changed"))
		ada.Sees("his, changed")
		ada.Wait("the focus is there", `document.activeElement.matches('#messages .menu-of')`)
	})
	app.Step("they are gone with the reader", func() {
		ada.Eval(`document.querySelector('#body').focus()`, nil)
		ada.Hover("#bar h1")
		ada.Wait("no row has any", `!document.querySelector('#messages .actions')`)
	})
	app.Step("a copy holds what was said", func() {
		var text string
		ada.Eval(`(() => { getSelection().selectAllChildren(document.querySelector('#messages')); const s = getSelection().toString(); getSelection().empty(); return s })()`, &text)
		if !strings.Contains(text, "mine") || !strings.Contains(text, "Bob") || strings.Contains(text, "Edit") ||
			strings.Contains(text, "Report") {
			t.Errorf("the copy holds %q", text)
		}
	})
}

// A continued row has only its author's name, and shows its whole head wherever it does not join the row above.
func TestHeadsOfContinuedRows(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("(Bob)")
	bob.Talk(general, "said", 101)
	_, ada := app.SignedIn("Ada")
	const row = `document.querySelector('#messages article[data-seq="2"]')`
	const joined = `(name => name.parentElement.matches('header') && getComputedStyle(name).position === 'absolute')(` +
		row +
		`.querySelector('header b'))`
	whole := func(name string) string {
		return JS(`((head, author) => head.matches('a[href="/u/' + author + '"]') && head.querySelector('b').textContent === %s &&
			head.querySelector('.avatar').getBoundingClientRect().width === 36)(`+row+`.querySelector('header').firstElementChild, `+
			row+`.dataset.author)`, name)
	}
	var drawn, hue string
	avatar := `(a => a.textContent.trim() + a.dataset.hue)(` + row + `.querySelector('.avatar'))`
	app.Step("as the first of the list it is drawn from what it has", func() {
		ada.Wait("it is there", whole("(Bob)"))
		ada.Eval(avatar, &drawn)
	})
	app.Step("below its first row it has only the name, for those who hear it", func() {
		ada.Wheel("#scroller", -20_000)
		ada.Wait("it is joined", `document.querySelector('#messages article[data-seq="1"]') && `+joined)
	})
	app.Step("below a deleted row it has the head of the others", func() {
		bob.Form("/c/"+general+"/1/delete", nil)
		ada.Wait("it is there", whole("(Bob)"))
		ada.Eval(avatar, &hue)
		if drawn == "" || drawn != hue || drawn[0] != 'B' {
			t.Errorf("it was drawn as %q, and is %q", drawn, hue)
		}
	})
	app.Step("a new name is there, and in rows that show none", func() {
		bob.Form("/me", form("name", "Robert"))
		ada.Wait("it is there", whole("Robert"))
		ada.Wait("everywhere", `[...document.querySelectorAll('#messages header b')].every(b => b.textContent === 'Robert')`)
	})
	app.Step("the mouse and the keyboard reach the profile", func() {
		ada.Click(`#messages article[data-seq="2"] .avatar`)
		ada.Wait("the card is open", `document.querySelector('#card h2')?.textContent === 'Robert'`)
		ada.Press("Escape")
		ada.Wait("the focus is back", row+`.querySelector('header a') === document.activeElement`)
	})
}
