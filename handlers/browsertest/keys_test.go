package browsertest

import "testing"

// Each key does what the list of keys says. A key of a message acts on the one that has the focus.
func TestKeys(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Alpha"))
	bob.Form("/c", form("name", "Beta"))
	bob.Talk(general, "message", 3)
	_, ada := app.SignedIn("Ada")
	ada.Say("mine")
	ada.Say("mine too")
	bob.Form("/c/"+general+"/messages", form("thread", "1", "body", "a reply"))
	bob.Post("beta", "news")
	// What the page would send to mark as read: whatever the server makes of it.
	watch := func() {
		ada.Eval(`(plain => {
			window.fetch = (what, options = {}) => {
				const url = what.url ?? String(what), read = new URL(url, location).pathname === '/read'
				if (!read) return plain(what, options)
				window.reads = (window.reads ?? []).concat(new URLSearchParams(options.body).get('channel') ?? 'all')
				return Promise.resolve(new Response('', {headers: {'Content-Type': 'text/html'}}))
			}
		})(window.fetch)`, nil)
	}
	watch()
	focus := func(text string) {
		t.Helper()
		row := ada.RowID(text)
		ada.Eval(JS(`chat.link(document.getElementById(%s)).focus()`, row), nil)
		ada.Wait("it has the focus", `document.activeElement.closest('.message')?.id === %s`, row)
	}
	on := func(text string) func() { return func() { focus(text) } }
	atComposer := func() { ada.Eval(JS(`document.querySelector(%s).focus()`, composer), nil) }
	back := func() {
		ada.Open("/c/" + general)
		ada.Connected()
		watch()
	}
	nothing := func() {}
	notice := func(words string) string {
		return JS(`document.querySelector('#notice').textContent.includes(%s)`, words)
	}
	focused := func(text string) string {
		return JS(`document.activeElement.closest('.message')?.querySelector('.body')?.textContent.startsWith(%s)`, text)
	}
	for _, k := range []struct {
		what   string
		before func()
		key    string
		want   string // what holds afterwards
		after  func()
	}{
		{"list", atComposer, "Control+/", `document.querySelector('#card[open] .keys') !== null`,
			func() { ada.Press("Escape") }},
		{"next message", on("message 1"), "j", focused("message 2"), nothing},
		{"previous message", on("message 2"), "k", focused("message 1"), nothing},
		{"edit", on("mine"), "e", `document.activeElement.matches('.edit textarea')`, func() { ada.Press("Escape") }},
		{"no edit of what is another's", on("message 2"), "e", `!document.querySelector('.edit')`, nothing},
		{"react", on("message 2"), "r", `document.querySelector('#card[open] .picker') !== null`,
			func() { ada.Press("Escape") }},
		{"pin", on("message 2"), "p", notice("pinned"), nothing},
		{"save", on("message 2"), "s", notice("saved for later"), nothing},
		{"save again: remove", on("message 2"), "s", notice("not on"), nothing},
		{"mark unread", on("message 3"), "u", notice("Marked as unread"), nothing},
		{"reply in thread", on("message 2"), "t", `chat.pane?.thread === '2'`, nothing},
		{"close the pane", atComposer, "Control+.", `!document.querySelector('#pane [data-root]')`, nothing},
		{"open the pane", atComposer, "Control+.", `chat.pane?.thread === '1' && chat.pane.box === document.activeElement`,
			func() { ada.Press("Control+.") }},
		{"delete asks", on("mine too"), "Delete", `document.querySelector('form[action$="/delete"]') !== null`, back},
		{"edit the last", atComposer, "Up", `document.activeElement.matches('.edit textarea')`, back},
		{"mark as read", atComposer, "Escape", JS(
			`window.reads?.at(-1) === %s && document.activeElement.matches('.scroller')`,
			general), nothing},
		{"mark all as read", atComposer, "Shift+Escape", `window.reads?.at(-1) === 'all'`, nothing},
		{"next conversation", atComposer, "Alt+Down", `location.pathname === '/c/alpha'`, nothing},
		{"previous conversation", nothing, "Alt+Up", `location.pathname === '/c/' + '` + general + `'`, nothing},
		{"next unread", nothing, "Alt+Shift+Down", `location.pathname === '/c/beta'`, back},
	} {
		app.Step(k.what, func() {
			k.before()
			ada.Press(k.key)
			ada.Wait("it does that", k.want)
			k.after()
		})
		if k.key[0] == 'A' { // another page
			ada.Connected()
		}
	}
	app.Step("none acts while one types", func() {
		ada.Fill(composer, "")
		atComposer()
		for _, key := range "jkerpsu/" {
			ada.Press(string(key))
		}
		ada.Wait("it is text", `document.querySelector(%s).value === 'jkerpsu/'`, composer)
		ada.Press("Escape")
		ada.Wait("nor does Escape", `!window.reads && document.activeElement === document.querySelector(%s)`, composer)
		ada.Fill(composer, "")
	})
	app.Step("nor in a dialog", func() {
		ada.Press("Control+/")
		ada.Wait("the list is open", `document.querySelector('#card[open] .keys')`)
		ada.Looks("the list of keys")
		ada.Desk()
		ada.Press("j")
		ada.Press("/")
		ada.Wait("the list is open", `document.activeElement.closest('#card[open]')`)
	})
	app.Step("letters can be switched off", func() {
		ada.Click("#card label >> Single keys")
		ada.Click("#card button >> Save")
		ada.At("/keys")
		back()
		focus("message 2")
		ada.Press("r")
		ada.Press("j")
		ada.Press("Control+/") // that is no letter
		ada.Wait("only the list opens", `document.querySelector('#card[open] .keys [name=letters]:not(:checked)') &&
			!document.querySelector('.picker')`)
		ada.Press("Escape")
		ada.Wait("the focus is where it was", focused("message 2"))
	})
}

// / and Ctrl+G lead to the search.
func TestSearchKeys(t *testing.T) {
	t.Parallel()
	_, ada := Start(t).SignedIn("Ada")
	in := `document.activeElement.matches('#sidebar .find input')`
	for _, key := range []string{"Control+g", "/"} {
		ada.Eval(`document.querySelector('#scroller').focus()`, nil)
		ada.Press(key)
		ada.Wait("the search has the focus", in+` && document.activeElement.value === ''`)
	}
}
