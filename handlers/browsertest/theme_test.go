package browsertest

import "testing"

// The colours change as the user chooses them, are kept at once, and are this browser's alone.
func TestTheme(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, tab := app.SignedIn("Ada")
	_, other := app.SignedIn("Bob")
	const scheme = `getComputedStyle(document.documentElement).colorScheme`
	tab.Open("/me")
	for _, c := range []struct{ theme, want string }{
		{"dark", "dark"}, {"light", "light"}, {"", "light dark"}, {"dark", "dark"},
	} {
		tab.Eval(`window.kept = false
			document.addEventListener('htmx:after:request', e => window.kept = e.detail.ctx.response.status === 204,
				{once: true})`, nil)
		tab.Click(`input[name=theme][value="` + c.theme + `"]`)
		tab.Wait("it shows", scheme+` === %s`, c.want)
		tab.Wait("it is kept", `window.kept`)
	}
	tab.Open("/c/" + general)
	tab.Wait("other pages have it", scheme+` === 'dark' && document.documentElement.dataset.theme === 'dark'`)
	other.Open("/c/" + general)
	other.Wait("other browsers do not", scheme+` === 'light dark'`)
}
