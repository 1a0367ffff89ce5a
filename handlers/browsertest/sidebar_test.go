package browsertest

import (
	"strconv"
	"testing"
)

// sectionNamed is the section of the sidebar with that name.
func sectionNamed(name string) string {
	return `[...document.querySelectorAll('#channels > div')].find(e => e.querySelector('h2').innerText.trim() === ` +
		strconv.Quote(name) + `)`
}

// shownIn are the names of the conversations that a section shows.
func shownIn(name string) string {
	return `[...` + sectionNamed(name) + `?.querySelectorAll('li') ?? []].filter(e => e.checkVisibility())
		.map(e => e.querySelector('.name').innerText.trim()).join(', ')`
}

// A user arranges the sidebar in one tab, and the other one follows at once.
func TestSidebarSections(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	for _, name := range []string{"Apples", "Berries", "Cherries"} {
		bob.Form("/c", form("name", name))
	}
	_, ada := app.SignedIn("Ada")
	other := ada.User.Tab()
	other.Open("/c/" + general)
	other.Connected()
	other.Fill(composer, "half a word")
	shows := func(name, want string) {
		t.Helper()
		for _, tab := range []*Tab{ada, other} {
			tab.Wait(name+" shows "+want, shownIn(name)+` === %s`, want)
		}
	}
	unfolded := func(tab *Tab, name string, is bool) {
		t.Helper()
		tab.Wait(name+" says whether it is folded",
			sectionNamed(name)+`?.querySelector('button').ariaExpanded === %s`, strconv.FormatBool(is))
	}
	app.Step("a section of one's own", func() {
		ada.Click(`#sidebar a[href="/sidebar"]`)
		ada.At("/sidebar")
		ada.Fill("#section-name", "Fruit 🍎")
		ada.Click("button >> Create section")
		ada.Wait("it says so", find(".saved"))
		shows("Fruit 🍎", "")
		ada.Looks("arrange the sidebar")
		ada.Desk()
	})
	app.Step("with conversations", func() {
		for _, name := range []string{"# Apples", "# Berries"} {
			ada.Eval(`(() => { const s = [...document.querySelectorAll('.placed li')]
				.find(e => e.innerText.includes('`+name+`')).querySelector('select');
				s.value = [...s.options].find(o => o.text === 'Fruit 🍎').value; })()`, nil)
		}
		ada.Click("button >> Save conversations")
		shows("Fruit 🍎", "Apples, Berries")
		shows("Channels", "General Talk, Cherries")
	})
	app.Step("moved below Channels", func() {
		ada.Click(`[aria-label="Move Fruit 🍎 down"]`)
		for _, tab := range []*Tab{ada, other} {
			tab.Wait("it is below", `[...document.querySelectorAll('#channels h2')].map(e => e.innerText.trim()).join() ===
				'Channels,Fruit 🍎,Direct messages'`)
		}
	})
	app.Step("folded in one tab, while one writes in it: what is unread stays", func() {
		ada.Open("/c/cherries")
		ada.Connected()
		bob.Post("berries", "ripe")
		shows("Fruit 🍎", "Apples, Berries")
		other.Wait("it counts", `document.querySelector('#channels a[href="/c/berries"] .unread').textContent === '1'`)
		other.Click("#channels button >> Fruit 🍎")
		shows("Fruit 🍎", "Berries")
		for _, tab := range []*Tab{ada, other} {
			unfolded(tab, "Fruit 🍎", false)
		}
		other.Wait("the composer has its text, and the button the focus", `document.querySelector(%s).value === 'half a word'
			&& document.activeElement.innerText.trim() === 'Fruit 🍎'`, composer)
		other.Looks("folded")
		other.Desk()
	})
	app.Step("the keys go by what is shown", func() {
		ada.Press("Alt+Down")
		ada.At("/c/berries")
		ada.Connected()
		ada.Wait("the open one is shown, though it is read now", shownIn("Fruit 🍎")+` === 'Berries'`)
		ada.Press("Alt+Up")
		ada.At("/c/cherries")
		ada.Connected()
		other.Wait("what was read is hidden", shownIn("Fruit 🍎")+` === ''`)
	})
	app.Step("unfolded", func() {
		ada.Click("#channels button >> Fruit 🍎")
		shows("Fruit 🍎", "Apples, Berries")
		unfolded(other, "Fruit 🍎", true)
	})
	app.Step("hide what is read", func() {
		ada.Open("/sidebar")
		ada.Click("button >> Hide what is read")
		ada.Wait("nothing is shown", shownIn("Channels")+` === ''`)
		other.Wait("the open one is shown", shownIn("Channels")+` === 'General Talk'`)
		bob.Post("cherries", "sour")
		other.Wait("what is unread is shown", shownIn("Channels")+` === 'General Talk, Cherries'`)
		other.Click("#channels button >> Show all")
		shows("Channels", "General Talk, Cherries")
		shows("Fruit 🍎", "Apples, Berries")
	})
	app.Step("without JavaScript", func() {
		plain := ada.User.Tab()
		plain.NoScript()
		plain.Open("/c/berries")
		plain.Click("#channels button >> Fruit 🍎")
		plain.Wait("it is folded, on the same page",
			shownIn("Fruit 🍎")+` === 'Berries' && location.pathname === '/c/berries'`)
		plain.Click("#channels button >> Fruit 🍎")
		plain.Wait("it is unfolded", shownIn("Fruit 🍎")+` === 'Apples, Berries'`)
		plain.Open("/sidebar")
		plain.Click("button >> Hide what is read")
		plain.Wait("nothing is shown", shownIn("Channels")+` === 'Cherries'`) // which is unread
		plain.Click("#channels button >> Show all")
		plain.Wait("everything is shown", shownIn("Channels")+` === 'General Talk, Cherries' &&
			location.pathname === '/sidebar'`)
		plain.Click(`[aria-label="Delete Fruit 🍎"]`)
		plain.Wait("its conversations are back", shownIn("Channels")+` === 'General Talk, Apples, Berries, Cherries'`)
	})
	shows("Channels", "General Talk, Apples, Berries, Cherries")
}
