package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

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

	const zone = "Pacific/Kiritimati" // a day ahead of all others
	tab.run(emulation.SetTimezoneOverride(zone))
	tab.Open("/me/profile")
	tab.Wait("it says whose midnight",
		`document.querySelector('form[action="/me/status"] span[data-zone]').textContent === %s`, zone)
	tab.Fill("#emoji", "🍲")
	tab.Eval(`document.querySelector('#until').value = 'today'`, nil)
	tab.Click(`form[action="/me/status"] .primary`)
	tab.Wait("the status ends at that midnight, and the page says when", `(() => {
		const at = document.querySelector('.saved') && document.querySelector('form[action="/me/status"] time')
		if (!at) return false
		const end = new Date(at.dateTime)
		return end.getHours() === 0 && end.getMinutes() === 0 && end - new Date() <= 24 * 3600_000 && end > new Date() && at.textContent.includes('12:00')
	})()`)
}

// Ada changes her profile; Bob, who writes with her, sees it in all open views without a reload.
func TestProfilesAreLive(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada, hers := app.SignedIn("Ada")
	bob, his := app.SignedIn("Bob")
	hers.Say("hello, Bob")
	his.Sees("hello, Bob")
	id := hers.Attribute("body", "data-user")
	direct := bob.Tab()
	app.Step("write to her from her card", func() {
		his.Click("#messages article header a:has(b)")
		his.Wait("the card is open",
			`document.querySelector('#card').open && document.querySelector('#card h2').textContent === 'Ada'`)
		his.Accessible("a card")
		his.Click("#card .primary")
		his.Wait("the tab is hers", `document.title === 'Ada · Chit-Chat' && location.pathname.startsWith('/c/')`)
		var path string
		his.Eval(`location.pathname`, &path)
		direct.Open(path)
		direct.Connected()
		direct.Say("just us")
		his.Open("/c/" + general)
		his.Connected()
	})
	people := bob.Tab()
	people.Open("/c/" + general + "/members")
	people.Connected()
	everywhere := func(what, script string, args ...any) {
		t.Helper()
		for name, tab := range map[string]*Tab{"the channel": his, "the conversation": direct, "the people": people} {
			tab.Wait(fmt.Sprintf("%s, in %s", what, name),
				`[...document.querySelectorAll('main [data-name="`+id+`"], main [data-author="`+id+`"] header b')].length > 0 && `+script, args...)
		}
	}

	hers.Open("/me/profile")
	app.Step("a picture", func() {
		hers.Choose("#file", picture(t, "me.png", 400, 300))
		hers.Click("form[action='/me/avatar'] .primary")
		hers.Wait("she sees it herself",
			`document.querySelector('#sidebar .self img')?.naturalWidth === 128 && document.querySelector('main .avatar img')?.naturalWidth === 128`)
		hers.Accessible("one's own profile with a picture")
		for name, tab := range map[string]*Tab{"the channel": his, "the people": people} {
			tab.Wait("the picture is there, in "+name,
				`(e => e.length > 0 && [...e].every(a => a.querySelector('img')?.naturalWidth === 128))(document.querySelectorAll('main [data-initial="`+id+`"], main [data-author="`+id+`"] .avatar'))`)
		}
	})
	app.Step("a status", func() {
		hers.Fill("#emoji", "🌴")
		hers.Fill("#status", "On holiday")
		hers.Eval(`document.querySelector('#until').value = '60'`, nil)
		hers.Click("form[action='/me/status'] .primary")
		hers.Wait("it is saved", find(".saved"))
		his.Wait("it is beside her name",
			`document.querySelector('#messages [data-author="`+id+`"] .emoji').textContent === '🌴'`)
		his.Wait("and in the list of conversations",
			`document.querySelector('#directs [data-emoji="`+id+`"] [title="On holiday"]')`)
		direct.Wait("and over the conversation, in words",
			`document.querySelector('#bar [data-status="`+id+`"]').textContent.includes('On holiday')`)
		people.Wait("and in the list of people",
			`document.querySelector('.people [data-emoji="`+id+`"]').textContent === '🌴'`)
		his.Shot("profiles-channel")
		direct.Shot("profiles-direct")
		people.Accessible("people with pictures")
	})
	app.Step("a handle, while her card is open", func() {
		his.Click("#messages article .avatar")
		his.Wait("the card is open",
			`document.querySelector('#card').open && document.querySelector('#card .status-text time')`)
		his.Wait("when it ends is said in his own time",
			`!document.querySelector('#card .status-text time').textContent.includes('UTC')`)
		hers.Fill("#handle", "lovelace")
		hers.Fill("#zone", "Europe/London")
		hers.Fill("#title", "Mathematician")
		hers.Fill("#pronouns", "she/her")
		hers.Fill("#email", "ada@example.org")
		hers.Press("Enter")
		his.Wait("it is in the card", `document.querySelector('#card [data-handle]').textContent === '@lovelace'`)
		his.Press("Escape")
		his.Wait("the card is closed", `!document.querySelector('#card').open`)
	})
	app.Step("her name, in the title too", func() {
		hers.Wait("it is saved", find(".saved"))
		hers.Open("/me")
		hers.Fill("input[name=name]", "Augusta")
		hers.Press("Enter")
		everywhere("the name is new",
			`[...document.querySelectorAll('[data-name="`+id+`"], [data-author="`+id+`"] header b')].every(e => e.textContent === 'Augusta')`)
		his.Eval(`(() => {
			const list = document.getElementById('messages'), row = list.querySelector('[data-author="`+id+`"]').cloneNode(true)
			row.querySelector('header b').textContent = 'Ada'
			row.id = 'late'
			row.dataset.seq = 999
			return htmx.swap({sourceElement: list, target: list, swap: 'upsert-rows own:true', text: row.outerHTML})
		})()`, nil)
		his.Wait("a row that was rendered before, and comes after, has the new name",
			`document.querySelector('#late header b')?.textContent === 'Augusta'`)
		his.Eval(`document.querySelector('#late').remove()`, nil)
		direct.Wait("the tab is called so", `document.title === 'Augusta · Chit-Chat'`)
		direct.Wait("and what one writes in",
			`document.querySelector('#body').placeholder === 'Message Augusta' && document.querySelector('#messages').ariaLabel === 'Messages in Augusta'`)
	})
	app.Step("what comes later has it all", func() {
		other := ada.Tab()
		other.Open("/c/" + general)
		other.Connected()
		his.Say("where are you?") // a row that continues another one shows only what was said
		other.Say("from the beach")
		his.Wait("picture, name and status",
			`(row => row.textContent.includes('from the beach') && row.querySelector('.avatar img') && row.querySelector('.emoji').textContent === '🌴')(document.querySelector('#messages article:last-of-type'))`)
		his.Size(1440, 900)
		his.Shot("profiles-wide")
		his.Phone()
		his.Click("#messages article header a:has(b)")
		his.Wait("the card is open", `document.querySelector('#card').open`)
		his.Accessible("a card on a phone")
	})
	app.Step("taken away again", func() {
		hers.Open("/me/profile")
		hers.Click("[formaction='/me/avatar/remove']")
		hers.Wait("it is saved", find(".saved"))
		hers.Click("button[name=clear]")
		his.Wait("she is drawn",
			`!document.querySelector('#messages img') && document.querySelector('#messages .avatar').textContent === 'A'`)
		his.Wait("and says nothing", `[...document.querySelectorAll('#messages .emoji')].every(e => e.textContent === '')`)
	})
}

func TestCardByKeyboard(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	app.Client("Bob").Post(general, "here I am")
	ada.Sees("here I am")
	name := "#messages article header a:has(b)"
	ada.Eval(JS(`document.querySelector(%s).focus()`, name), nil)
	ada.Press("Enter")
	ada.Wait("the card is open, and has the focus",
		`document.querySelector('#card').open && document.querySelector('#card').contains(document.activeElement)`)
	ada.Wait("whose it is", `document.querySelector('#card h2').textContent === 'Bob'`)
	ada.Press("Escape")
	ada.Wait("the card is closed, and one is back",
		`!document.querySelector('#card').open && document.activeElement === document.querySelector(%s)`, name)
	ada.Press("Enter")
	ada.Wait("the card is open", `document.querySelector('#card').open`)
	ada.Press("Enter") // on the cross
	ada.Wait("the card is closed again",
		`!document.querySelector('#card').open && document.activeElement === document.querySelector(%s)`, name)
}

func TestProfileWithoutScripts(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.User("Bob")
	tab := bob.Tab()
	tab.NoScript()
	tab.Open("/signin")
	tab.Fill("input[name=name]", "Bob")
	tab.Press("Enter")
	tab.At("/c/" + general)
	app.Client("Ada").Post(general, "hello")
	tab.Open("/me/profile")
	tab.Choose("#file", picture(t, "me.png", 300, 300))
	tab.Click("form[action='/me/avatar'] .primary")
	tab.Wait("the picture is there", `document.querySelector('main .avatar img')?.naturalWidth === 128`)
	tab.Fill("#status", "Reading")
	tab.Press("Enter")
	tab.Wait("the status is there", `document.querySelector('#sidebar .self .emoji').textContent === '💬'`)
	tab.Open("/c/" + general)
	tab.Click("#messages article header a:has(b)")
	tab.Wait("a name leads to a page",
		`location.pathname.startsWith('/u/') && document.querySelector('main h2').textContent === 'Ada'`)
	tab.Click("main .primary")
	tab.Wait("one can write to her", `document.title.includes('Ada') && location.pathname.startsWith('/c/')`)
}
