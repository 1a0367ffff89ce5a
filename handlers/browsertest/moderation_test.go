package browsertest

import (
	"encoding/json"
	"strings"
	"testing"
)

// An admin removes a message, bans its author, and lifts the ban; the log shows it to the other admins.
func TestModerators(t *testing.T) {
	t.Parallel()
	app := Start(t)
	owner, mod, bad := app.owned("Ada", "open"), app.Client("Mod"), app.Client("Mallory")
	owner.Form("/admin/people/"+mod.ID()+"/role", form("role", "admin"))
	bad.Form("/me/password", form("password", goodPassword))
	admin, author := mod.Tab("Mod"), bad.Tab("Mallory")
	author.Open("/c/" + general)
	author.Connected()
	author.Say("buy cheap watches")
	admin.Open("/c/" + general)
	admin.Connected()

	app.Step("the message goes, and a line says who did it", func() {
		row := "#" + admin.RowID("cheap watches")
		admin.Hover(row)
		admin.Wait("there is no pen for what others wrote", "!"+find(row+" a >> Edit"))
		admin.ClickIn(row, "a >> Delete")
		admin.Fill(row+" input[name=reason]", "Advertising")
		admin.Click(row + " button.danger")
		const gone = `(e => e.matches('.deleted') && /admin/.test(e.innerText) && !e.innerText.includes('watches'))(document.querySelector('#messages article'))`
		admin.Wait("a line stays", gone)
		author.Wait("the author's open page has it too", gone)
		author.Accessible("a message that an admin removed")
	})
	app.Step("the author is banned", func() {
		admin.Open("/admin/bans")
		admin.Fill("#name", "mallory")
		admin.Fill("#days", "2")
		admin.Fill("#reason", "Advertising, again")
		admin.Click("main button.danger")
		admin.Wait("it is done", find(".saved"))
		author.At("/signin")
		author.Wait("the page says that it is over",
			`document.querySelector('main').innerText.includes('You were signed out')`)
		author.User.ExpectStatus("4(03|22)")
		author.Fill("input[name=name]", "Mallory")
		author.Fill("input[name=password]", goodPassword)
		author.Press("Enter")
		author.Wait("it says why", `document.querySelector('main').innerText.includes('Advertising, again')`)
		author.Looks("sign-in of someone who is banned")
	})
	app.Step("and let in again", func() {
		admin.Click(`button >> Unban Mallory`)
		admin.Wait("nobody is banned", `document.querySelector('main').innerText.includes('Nobody.')`)
		author.Open("/signin")
		author.Fill("input[name=name]", "Mallory")
		author.Fill("input[name=password]", goodPassword)
		author.Press("Enter")
		author.Connected()
		author.Say("sorry")
	})
	app.Step("the log has it all, and leaves as JSON lines", func() {
		boss := owner.Tab("Ada")
		boss.Open("/admin/audit?name=mallory")
		for _, words := range []string{"removed a message", "Advertising, again", "\tbanned", "unbanned", "Mod",
			"127.0.0.1"} {
			boss.Wait(words+" is in the log", `document.querySelector('tbody').innerText.includes(%s)`, words)
		}
		lines := strings.Split(strings.TrimSpace(owner.Get("/admin/audit.jsonl?name=mallory")), "\n")
		for _, line := range lines {
			var entry map[string]any
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				t.Errorf("%q: %v", line, err)
			}
		}
		if boss.Count("tbody tr") != len(lines) {
			t.Errorf("%d rows on the page, %d lines in the export", boss.Count("tbody tr"), len(lines))
		}
	})
}
