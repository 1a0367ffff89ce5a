package browsertest

import "testing"

func TestProfile(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, tab := app.SignedIn("Ada")
	tab.Open("/me/profile")
	tab.Fill("input[name=title]", "Mathematician")
	tab.Press("Enter")
	tab.Wait("it is saved", find(".saved a"))
	tab.Click(".saved a")
	tab.Wait("it shows", `document.querySelector('main').innerText.includes('Mathematician')`)
}
