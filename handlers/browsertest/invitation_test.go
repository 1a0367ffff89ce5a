package browsertest

import (
	"regexp"
	"testing"
	"time"
)

var ownerPath = regexp.MustCompile(`/owner/[A-Z2-7]{26}`)

// setupLink returns the path that the program prints while the workspace has no owner.
func (a *App) setupLink() string {
	a.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if link := ownerPath.Find(a.output.from(0)); link != nil {
			return string(link)
		}
	}
	a.t.Fatal("no link for the owner was printed")
	return ""
}

// own opens the link that the program prints, and makes the user the owner of a workspace: open, or by invitation.
func (a *App) own(p *User, access string) *Tab {
	a.t.Helper()
	tab := p.Tab()
	tab.Open(a.setupLink())
	tab.Fill("input[name=workspace]", "The Works")
	tab.Fill("input[name=name]", p.Name)
	tab.Fill("input[name=password]", goodPassword)
	tab.Click("input[value=" + access + "]")
	tab.Click("main .primary")
	tab.Connected()
	return tab
}

// owned makes a user the owner of the workspace, without a browser: an open one, or one by invitation.
func (a *App) owned(name, access string) *Client {
	a.t.Helper()
	c := a.client()
	c.Form(a.setupLink(), form("workspace", "The Works", "name", name, "password", goodPassword, "access", access))
	return c
}

// takeFewTypes lets people send only texts, documents and pictures.
func (a *App) takeFewTypes() {
	a.t.Helper()
	a.owned("Olga", "open").Form("/admin/settings", form("workspace", "The Works", "access", "open", "files", "seed"))
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.User("Ada")
	first := app.own(ada, "invite")
	link := ""
	admin := ada.Tab()
	app.Step("make a link", func() {
		admin.Open("/admin/invitations")
		admin.Click("input[name=channel]")
		admin.Click("main .primary")
		admin.Wait("the link is shown", find(".secret a"))
		admin.Accessible("an invitation that was just made")
		link = admin.Text(".secret a")
	})
	bob := app.User("Bob")
	second := bob.Tab()
	app.Step("come in by it", func() {
		second.Open(link[len(app.URL):])
		second.Fill("input[name=name]", "Bob")
		second.Fill("input[name=password]", goodPassword)
		second.Press("Enter")
		second.Connected()
		second.Say("thank you")
		first.Sees("thank you")
	})
	app.Step("it is used up", func() {
		admin.Open("/admin/invitations?q=ada")
		admin.Wait("it says so", `document.querySelector('tbody').innerText.includes('Used up')`)
	})
	app.Step("change the workspace", func() {
		admin.Open("/admin/settings")
		admin.Fill("input[name=workspace]", "The Club")
		admin.Press("Enter")
		admin.Wait("it is saved", find(".saved"))
	})
}
