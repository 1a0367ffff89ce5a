package browsertest

import "testing"

// Two users race for the setup link. The winner sets the join policy and invites the other.
func TestOwner(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.setupLink()
	var both []*Tab
	for _, name := range []string{"Ada", "Bob"} {
		p := app.User(name)
		p.ExpectStatus("404")
		tab := p.Tab()
		tab.Open(link)
		tab.Fill("input[name=workspace]", "The Works of "+name)
		tab.Fill("input[name=name]", name)
		tab.Fill("input[name=password]", goodPassword)
		tab.Click("input[value=invite]")
		both = append(both, tab)
	}
	for _, tab := range both { // as nearly at the same moment as possible
		tab.Eval(`setTimeout(() => document.querySelector('main form').requestSubmit(), 100), 0`, nil)
	}
	const won, lost = `document.querySelector('#connection')`, `document.querySelector('h1')?.textContent === 'Not found'`
	var winners, losers []*Tab
	for _, tab := range both {
		tab.Wait("one of the two happened", won+" || "+lost)
		var here bool
		if tab.Eval("!!"+won, &here); here {
			winners = append(winners, tab)
		} else {
			losers = append(losers, tab)
		}
	}
	if len(winners) != 1 {
		t.Fatalf("%d won", len(winners))
	}
	owner, other := winners[0], losers[0]
	owner.Connected()
	owner.Wait("the workspace is the winner's", `document.querySelector('.brand').textContent === %s`,
		"The Works of "+owner.User.Name)

	app.Step("by invitation", func() {
		other.Wait("the other is told in words",
			`document.querySelector('main').innerText.includes('does not work any more')`)
		other.Open("/signin")
		other.Wait("nobody comes in by a name alone", `document.querySelector('input[name=password]').required`)
	})
	app.Step("open", func() {
		owner.Open("/admin/settings")
		owner.Click("input[value=open]")
		owner.Click("main .primary")
		owner.Wait("it is saved", find(".saved"))
		other.Open("/signin")
		other.Fill("input[name=name]", "Carol")
		other.Press("Enter")
		other.Connected()
		other.At("/c/" + general)
	})
	app.Step("an invitation lets someone in who is here already", func() {
		owner.Open("/c")
		owner.Fill("#new input[name=name]", "Cellar")
		owner.Click("#new input[name=private]")
		owner.Click("#new button")
		owner.Connected()
		owner.Say("down here")
		cellar := owner.Attribute("#messages", "data-channel")
		owner.Open("/admin/invitations")
		owner.Click("input[value=" + cellar + "]")
		owner.Click("main .primary")
		owner.Wait("the link is shown", find(".secret a"))
		path := owner.Text(".secret a")[len(app.URL):]
		second := other.User.Tab()
		second.Open(path)
		second.Wait("it says as whom", `document.querySelector('main').innerText.includes('signed in as Carol')`)
		second.Accessible("an invitation of someone who is here")
		second.Click("main .primary")
		second.At("/c/" + cellar)
		second.Connected()
		second.Sees("down here")
		other.Wait("the other page has it in its list", find(`#channels a[href="/c/`+cellar+`"]`))
		second.Open(path)
		second.Wait("it was for one", `document.querySelector('h1').textContent === 'Not found'`)
	})
}
