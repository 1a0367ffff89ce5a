package browsertest

import "testing"

// Who works by keyboard keeps the place in a row that others change: else the Tab key would start at the page's top.
func TestFocusStaysInARow(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, bob := app.Client("Ada"), app.Client("Bob")
	ada.Post(general, "this:\n```\ncode\n```")
	ada.Post(general, "hello @Bob")
	ada.Post(general, "to be deleted")
	tab := bob.Tab("Bob")
	tab.Open("/c/" + general)
	tab.Connected()
	focus := func(selector string) {
		t.Helper()
		tab.Eval(JS(`document.querySelector(%s).focus()`, selector), nil)
		tab.Wait("it has the focus", `document.activeElement.matches(%s)`, selector)
	}
	has := func(selector string) {
		t.Helper()
		tab.Wait("the focus is where it was", `!document.querySelector('#card[open]') && document.activeElement.matches(%s)`,
			selector)
	}
	reacts := func(seq string) {
		t.Helper()
		ada.Form("/c/"+general+"/"+seq+"/reactions", form("emoji", "👍"))
		tab.Wait("Ada reacted", `document.querySelector('[data-seq="' + %s + '"] [data-reaction]')`, seq)
	}
	const time = " > header > a:last-child"
	app.Step("on the button that copies code", func() {
		tab.Hover(".code")
		focus(".code .copy")
		reacts("1")
		has(".code .copy")
	})
	app.Step("on the author of a row that has got a head of its own", func() {
		ada.Form("/c/"+general+"/1/delete", nil)
		tab.Wait("it has a head", `document.querySelector('[data-seq="2"] > header > a > b')`)
		focus(`[data-seq="2"] > header > a:has(b)`)
		reacts("2")
		has(`[data-seq="2"] > header > a:has(b)`)
	})
	app.Step("on the row of one's own reaction that is gone", func() {
		focus(`[data-seq="2"] [data-reaction]`)
		tab.Press("Enter")
		tab.Wait("it counts", `document.querySelector('[data-seq="2"] [data-reaction]').dataset.count === '2'`)
		has(`[data-seq="2"] [data-reaction]`)
		ada.Form("/c/"+general+"/2/reactions/remove", form("emoji", "👍"))
		tab.Wait("one is left", `document.querySelector('[data-seq="2"] [data-reaction]').dataset.count === '1'`)
		tab.Press("Enter")
		tab.Wait("none is left", `!document.querySelector('[data-seq="2"] [data-reaction]')`)
		has(`[data-seq="2"]` + time)
	})
	app.Step("after a card, although the mention that led to it is gone", func() {
		focus(`[data-seq="2"] .mention`)
		tab.Press("Enter")
		tab.Wait("the card is open", `document.querySelector('#card[open] h2')`)
		ada.Form("/c/"+general+"/2/edit", form("body", "hello all"))
		tab.Sees("hello all")
		tab.Press("Escape")
		has(`[data-seq="2"]` + time)
	})
	app.Step("after the choice of an emoji for what is deleted meanwhile", func() {
		focus(`[data-seq="3"]` + time)
		focus(`[data-seq="3"] .react`)
		tab.Press("Enter")
		tab.Wait("it is open", `document.querySelector('#card[open] .picker')`)
		ada.Form("/c/"+general+"/3/delete", nil)
		tab.Wait("it is deleted", find(`[data-seq="3"].deleted`))
		tab.Press("Escape")
		has(`[data-seq="3"]` + time)
	})
}
