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
	app.Client("Bob").Post(general, "his")
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
	actions := []string{`"link" "Edit"`, `"link" "Delete"`, `"link" "Report"`}
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
		ada.Wait("it can be seen", find("#messages .report"))
		if got := ada.Attribute("#messages .actions", "aria-live"); got != "off" {
			t.Errorf("aria-live is %q", got)
		}
		if !strings.Contains(names(), actions[2]) {
			t.Error("it cannot be found")
		}
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
