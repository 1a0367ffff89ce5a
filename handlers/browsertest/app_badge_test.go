package browsertest

import "testing"

// What is written to the user has a number: in the list, the title and the app's badge, and a mark in the tab's icon.
// All else that is unread is bold, a dot and a lesser mark. All of it is the same in two tabs, and goes when it is read.
func TestAppBadge(t *testing.T) {
	t.Parallel()
	app := Start(t)
	ada := app.User("Ada")
	first, second := ada.Tab(), ada.Tab()
	for _, tab := range []*Tab{first, second} {
		tab.before(`navigator.setAppBadge = async n => { window.badge = n ?? 'dot' }
			navigator.clearAppBadge = async () => { window.badge = '' }`)
	}
	first.SignIn()
	first.Say("what is new?")
	bob := app.Client("Bob")
	bob.Form("/c", form("name", "Side Room"))
	const side = "side-room"
	for _, tab := range []*Tab{first, second} {
		tab.Open("/c/" + general)
		tab.Connected()
		tab.Wait("the new channel is listed", `document.querySelector('#channels a[href="/c/side-room"]')`)
	}
	// marked waits until both tabs have the badge, the icon and the number in the title.
	marked := func(badge, icon string) {
		t.Helper()
		title := badge
		if badge == "dot" {
			title = ""
		}
		for _, tab := range []*Tab{first, second} {
			tab.Wait("the badge is "+badge+", the icon "+icon, `String(window.badge) === %s &&
				document.querySelector('[rel=icon]').href.includes('/assets/' + %s + '.') &&
				(/^\((\d+)\)/.exec(document.title)?.[1] ?? '') === %s`, badge, icon, title)
		}
	}
	inList := func(number string, isBold bool) {
		t.Helper()
		for _, tab := range []*Tab{first, second} {
			tab.Wait("the list shows "+number, `(a => a.querySelector('.badge').textContent === %s &&
				(getComputedStyle(a).fontWeight > 600) === %s)(document.querySelector('#channels a[href="/c/side-room"]'))`,
				number, isBold)
		}
	}

	marked("", "icon")
	app.Step("unread, and to nobody", func() {
		bob.Post(side, "hello")
		marked("dot", "unread")
		inList("", true)
	})
	app.Step("a mention", func() {
		bob.Post(side, "@Ada, hello")
		marked("1", "mention")
		inList("1", true)
		first.Accessible("a mention in the list")
		first.Shot("badge")
	})
	app.Step("it is there from the start", func() {
		second.Reload()
		second.Connected()
		marked("1", "mention")
	})
	app.Step("a direct message", func() {
		bob.Form(bob.Form("/d", form("with", first.Attribute("body", "data-user")))+"/messages", form("body", "only you"))
		marked("2", "mention")
	})
	app.Step("a reply in a thread of theirs", func() {
		bob.Form("/c/"+general+"/messages", form("thread", "1", "body", "this"))
		marked("3", "mention")
		first.Open("/c/" + general + "/1/thread")
		first.Connected()
		marked("2", "mention")
	})
	app.Step("read", func() {
		first.Click("#directs a")
		first.Connected()
		marked("1", "mention")
		first.Click(`#channels a[href="/c/side-room"]`)
		first.Connected()
		marked("", "icon")
		inList("", false)
	})
}

// The pages can be installed as an app of the workspace's name.
func TestManifest(t *testing.T) {
	t.Parallel()
	_, tab := Start(t).SignedIn("Ada")
	tab.Wait("the manifest has a name, and an icon that is there", `fetch(document.querySelector('[rel=manifest]').href)
		.then(r => r.json()).then(async m => m.name === 'Chit-Chat' && m.start_url === '/' && m.display === 'standalone' &&
			(await fetch(m.icons[0].src)).headers.get('Content-Type') === m.icons[0].type)`)
}
