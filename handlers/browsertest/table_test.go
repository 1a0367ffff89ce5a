package browsertest

import "testing"

// On a phone no part of the pages for admins is off screen, with JavaScript or without.
func TestTablesOnAPhone(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner := app.owned("Ada Lovelace", "open")
	bob, cem := app.Client("Bob"), app.Client("Cem Ö. Yıldırım")
	cem.Form("/c", form("name", "The trail association and its friends"))
	cem.Form("/c", form("name", "Old plans"))
	cem.Form("/c/old-plans/archive", nil)
	bob.Post(general, "Good morning!")
	cem.Form("/c/"+general+"/1/report", form("reason", "He says it every day"))
	owner.Form("/admin/bans",
		form("name", "Cem Ö. Yıldırım", "channel", general, "days", "3", "reason", "Posted the same picture forty times"))
	owner.Show("/admin/invitations", form("role", "member", "days", "7", "uses", "5", "channel", general))
	for _, scripts := range []bool{true, false} {
		tab := owner.Tab(map[bool]string{true: "Ada", false: "Ada without scripts"}[scripts])
		if !scripts {
			tab.NoScript()
		}
		tab.Phone()
		for _, page := range []string{"people", "channels", "sessions", "invitations", "bans", "reports", "audit", "roles",
			"storage", "settings"} {
			tab.Open("/admin/" + page)
			tab.Fits(page)
			tab.Whole(page)
			tab.Shot("tables-" + page)
		}
	}
	app.Step("what hides would be found", func() {
		tab := owner.Tab("Ada's other phone")
		tab.Phone()
		for what, spoil := range map[string]string{
			"a table as wide as on a desk":  `document.querySelector('table').className = ''`,
			"a cell that does not say what": `document.querySelector('td').dataset.label = ''`,
			"a cell too few":                `document.querySelector('td').remove()`,
			"a menu elsewhere":              `document.querySelector('.tabs').scrollLeft = 1e6`,
			"a menu of many lines":          `document.querySelector('.tabs').style.flexWrap = 'wrap'`,
			"a menu that is squashed":       `document.querySelector('.tabs').style.cssText = 'min-height: 0; height: 5px'`,
		} {
			tab.Open("/admin/people")
			if tab.Eval(spoil, nil); len(tab.hidden()) == 0 {
				t.Errorf("%s is not found", what)
			}
		}
	})
	app.Step("a large screen shows the actions of a channel side by side", func() {
		tab := owner.Tab("Ada's desk")
		tab.Size(1024, 800)
		tab.Open("/admin/channels")
		var tops int
		tab.Eval(`new Set([...document.querySelectorAll('tr:last-child td:last-child :is(.button, .danger)')].map(e => e.offsetTop)).size`, &tops)
		if tops != 1 {
			t.Errorf("they stand in %d lines", tops)
		}
		var over int
		tab.Eval(`(() => { const box = document.querySelector('.scroll'); return box.scrollWidth - box.clientWidth })()`,
			&over)
		if over > 0 {
			t.Errorf("the table is %d px wider than the page", over)
		}
	})
}
