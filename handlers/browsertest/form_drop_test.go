package browsertest

import (
	"slices"
	"strings"
	"testing"
)

// silent changes each field of the page's forms in turn, and returns for how many the browser would ask before leaving
// the page, and which it would drop silently.
func (tab *Tab) silent() (asks int, dropped []string) {
	tab.t.Helper()
	var got struct {
		Asks    int
		Dropped []string
	}
	tab.Eval(`(() => {
		const asked = () => !window.dispatchEvent(new Event('beforeunload', {cancelable: true}))
		const Dropped = asked() ? ['it asks before anything is changed'] : []
		let Asks = 0
		for (const f of document.querySelectorAll('main form :is(input:not([type=hidden]), textarea, select)')) {
			if (f.options) f.selectedIndex = (f.selectedIndex + 1) % f.options.length
			else if (f.type === 'checkbox' || f.type === 'radio') f.checked = !f.checked
			else if (f.type === 'file') continue
			else f.value = f.type === 'number' ? +f.value + 1 : f.value + 'x'
			if (asked()) Asks++
			else if (!f.options || f.options.length > 1) Dropped.push(f.name + '=' + f.value)
			f.form.reset()
			if (asked()) Dropped.push('it asks about ' + f.name + ' as it was')
		}
		return {Asks, Dropped}
	})()`, &got)
	return got.Asks, got.Dropped
}

// Unsent input is lost only with the user's consent.
func TestTypedIsNotDropped(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner := app.owned("Olga", "open")
	bob := app.Client("Bob")
	bob.Post(general, "his")
	owner.Post(general, "hers")
	tab := owner.Tab("Olga")
	for path, fields := range map[string]int{
		"/c":                          2, // not the search field
		"/c/" + general + "/settings": 5,
		"/c/" + general + "/1/report": 1,
		"/c/" + general + "/1/delete": 1,
		"/c/" + general + "/2/edit":   1,
		"/me":                         1,
		"/me/profile":                 7,
		"/me/blocks":                  1,
		"/admin/invitations":          3,
		"/admin/settings":             3,
		"/admin/bans":                 3,
		"/admin/people":               1,
	} {
		tab.Open(path)
		asks, dropped := tab.silent()
		dropped = slices.DeleteFunc(dropped,
			func(f string) bool { return strings.HasPrefix(f, "q=") || strings.HasPrefix(f, "theme=") })
		if asks < fields || len(dropped) > 0 {
			t.Errorf("%s: it asks about %d fields, want %d; not about %q", path, asks, fields, dropped)
		}
	}
	// search fields, passwords, drafts
	for _, path := range []string{"/admin/audit", "/d", "/me/password", "/c/" + general} {
		tab.Open(path)
		if asks, _ := tab.silent(); asks > 0 {
			t.Errorf("%s: it asks about %d fields", path, asks)
		}
	}
	stranger := app.User("Zoe").Tab()
	stranger.Open("/signin")
	if asks, _ := stranger.silent(); asks > 0 {
		t.Errorf("it asks about %d fields before one has signed in", asks)
	}

	app.Step("what was refused is still to be sent", func() {
		tab.User.ExpectStatus("422")
		tab.Open("/me/profile")
		tab.Fill("#handle", "not a handle")
		tab.Press("Enter") // sending it needs no question: a dialog would fail the test
		tab.Wait("it is refused", `document.readyState === 'complete' && document.querySelector('main form .error')`)
		if !tab.asked() {
			t.Error("it does not ask about what was refused")
		}
		tab.User.Expect("a dialog stood in the way") // the answer is to leave
		tab.Click(`#sidebar a[href="/c"]`)
		tab.At("/c")
		tab.User.mu.Lock()
		defer tab.User.mu.Unlock()
		if !strings.Contains(strings.Join(tab.User.problems, "\n"), "a dialog stood in the way") {
			t.Error("it did not ask")
		}
	})
}

// The reason for a report or a removal is kept as an edit is, until it is sent.
func TestReasonsAreDrafts(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner := app.owned("Olga", "open")
	bob := app.Client("Bob")
	bob.Talk(general, "his", 2)
	tab := owner.Tab("Olga")
	tab.Open("/c/" + general)
	tab.Connected()
	const field = "#messages form [name=reason]"
	for row, does := range map[string]string{"his 1": "Report", "his 2": "Delete"} {
		row := "#" + tab.RowID(row)
		open := func() { tab.ClickIn(row, "a >> "+does) }
		if does == "Report" {
			open = func() {
				tab.ClickIn(row, ".menu-of")
				tab.Click("#card[open] a >> Report")
			}
		}
		app.Step(does, func() {
			open()
			tab.Fill(field, "why")
			tab.Press("Escape")
			tab.Wait("it is closed", `!document.querySelector(%s)`, field)
			open()
			tab.Wait("it is offered", `document.querySelector(%s)?.value === 'why'`, field)
			tab.Reload()
			tab.Wait("it is there", `document.querySelector(%s)?.value === 'why'`, field)
			if tab.asked() {
				t.Error("it asks about what is kept")
			}
			tab.Click(row + " button.danger")
			tab.Wait("it is sent, and not kept",
				`!document.querySelector(%s) && !Object.keys(sessionStorage).some(k => k.startsWith('edit:'))`, field)
		})
	}
}

// If a message changes elsewhere while an edit of it is open, the form shows that, keeps the typed text, and does not
// overwrite an unseen version.
func TestEditOfWhatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	app := Start(t)
	client := app.Client("Ada")
	client.Talk(general, "said", 2)
	tab := client.Tab("Ada")
	tab.User.ExpectStatus("4(04|22)")
	tab.Open("/c/" + general)
	tab.Connected()
	row := "#" + tab.RowID("said 1")
	says := func(words string) {
		t.Helper()
		tab.Wait("it says so, and the text stays",
			`document.querySelector('.message .edit .slot').textContent.includes(%s) && document.querySelector(%s).value === 'mine'`, words, editField)
	}
	tab.ClickIn(row, "a.own >> Edit")
	tab.Fill(editField, "mine")
	client.Form("/c/"+general+"/1/edit", form("body", "changed elsewhere"))
	says("changed meanwhile")
	tab.Looks("an edit of what has changed meanwhile")
	tab.Desk()
	tab.Click(row + " form button >> Save changes")
	says("changed elsewhere")
	tab.Looks("an edit that was not saved at once")
	tab.Desk()
	client.Form("/c/"+general+"/1/reactions", form("emoji", "👍"))
	tab.Wait("somebody reacts", `document.querySelector(%s + ' [data-reaction]')`, row)
	says("changed elsewhere")
	if text := client.Get("/c/" + general); !strings.Contains(text, "changed elsewhere") {
		t.Error("it was replaced unseen")
	}
	tab.Click(row + " form button >> Save changes")
	tab.Wait("it is saved", `!document.querySelector(%s) && document.querySelector(%s).innerText.includes('mine')`,
		editField, row)

	app.Step("after a time away", func() {
		tab.ClickIn(row, "a.own >> Edit")
		tab.Wait("the form is there", find(editField))
		tab.Eval(JS(`(() => {
			const list = document.getElementById('messages'), now = list.cloneNode(true), row = now.querySelector(%s)
			row.querySelector('.edit').remove()
			row.querySelector('.body').textContent = 'what came meanwhile'
			row.dataset.rev = now.dataset.rev = 99
			return htmx.swap({sourceElement: list, target: list, swap: 'replace-all', text: now.outerHTML})
		})()`, row), nil)
		says("changed meanwhile")
		tab.Press("Escape")
		tab.Sees("what came meanwhile")
	})
	app.Step("deleted", func() {
		row := "#" + tab.RowID("said 2")
		tab.ClickIn(row, "a.own >> Edit")
		tab.Fill(editField, "mine")
		client.Form("/c/"+general+"/2/delete", nil)
		says("deleted meanwhile")
		tab.Click(row + " form button >> Save changes")
		tab.Wait("the text is there to be copied",
			`document.querySelector('.conflict pre')?.textContent === 'mine' && document.querySelector(%s).matches('.deleted')`, row)
	})
}
