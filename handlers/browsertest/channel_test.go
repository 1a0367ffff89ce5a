package browsertest

import "testing"

func TestChannels(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, tab := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")

	tab.Click("#sidebar a >> New channel")
	tab.At("/c")
	tab.Wait("the focus is in the form", `document.activeElement.matches('#new input[name=name]')`)
	tab.Type("Büro & Küche")
	tab.Press("Enter")
	tab.Wait("its maker lands in it",
		`document.querySelector('h1').textContent.includes('Büro & Küche') && document.querySelector('#messages')`)
	tab.Connected()
	tab.Shot("empty-channel")
	slug := tab.Attribute("#messages", "data-channel")

	bob.Wait("it appears for everyone, live",
		`[...document.querySelectorAll('#channels a')].some(e => e.textContent.includes('Büro & Küche'))`)
	bob.At("/c/" + general)
	bob.Click("#channels a[href='/c/" + slug + "']")
	bob.At("/c/" + slug)
	bob.Connected()
	bob.Say("hello in here")
	tab.Sees("hello in here")

	app.Step("the last one is where one comes back to", func() {
		other := ada.Tab()
		other.Open("/")
		other.At("/c/" + slug)
		other.Open("/c/" + general)
		other.Connected()
		app.Stop()
		app.StartAgain()
		third := ada.Tab()
		third.Open("/")
		third.At("/c/" + general)
	})

	app.Step("names are unique, and a refused one stays in the form", func() {
		ada.ExpectStatus("422")
		tab.Open("/c")
		tab.Fill("form[action='/c'] input[name=name]", "GENERAL talk")
		tab.Press("Enter")
		tab.Wait("it says why", `document.querySelector("form[action='/c'] input[name=name][aria-invalid=true]")?.value === 'GENERAL talk'`)
	})
}
