package browsertest

import "testing"

func TestStatus(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	ada := app.User("Ada", link).Tab()
	ada.Moving()
	ada.SignIn()
	const motion = `getComputedStyle(document.querySelector('#connection .light')).animationName`

	app.Step("the first one is told so", func() {
		ada.Wait("a line says it", `/nobody else is here/i.test(document.querySelector('main').innerText)`)
		ada.Online(1)
	})
	app.Step("the next one is told who is here", func() {
		_, bob := app.SignedIn("Bob")
		bob.Wait("a line says it", `/Ada is here/.test(document.querySelector('main').innerText)`)
		bob.Online(2)
		bob.Wait("nothing moves for who wants that", motion+` === 'none'`)
		ada.Online(2)
		bob.Say("hello, Ada")
		bob.Wait("it makes way for what is said", `!/is here/.test(document.querySelector('main').innerText)`)
		ada.Sees("hello, Ada")
		ada.Wait("for what others say too", `!/nobody else is here/i.test(document.querySelector('main').innerText)`)
		bob.Reload()
		bob.Connected()
		bob.Wait("once", `!/is here/.test(document.querySelector('main').innerText)`)
		bob.Open("about:blank")
		ada.Online(1)
	})
	app.Step("green when connected, amber when not, and in words", func() {
		var green, amber string
		const colour = `getComputedStyle(document.querySelector('#connection .light')).backgroundColor`
		ada.Wait("words say that it is connected", `/^\s*connected/i.test(document.querySelector('#connection').innerText)`)
		ada.Eval(colour, &green)
		ada.Wait("the light breathes", motion+` === 'breathe'`)
		link.Cut()
		ada.Reconnecting()
		ada.Wait("it wavers", motion+` === 'waver'`)
		ada.Wait("words say that it is not", `/^\s*reconnecting/i.test(document.querySelector('#connection').innerText)`)
		ada.Wait("the colour changes", colour+` !== %s`, green)
		ada.Eval(colour, &amber)
		t.Logf("connected is %s, reconnecting %s", green, amber)
	})
	app.Step("what is sent meanwhile stays in the box, and arrives once", func() {
		ada.Fill(composer, "from the tunnel")
		ada.Wait("the composer says that sending will wait",
			`/when the connection is back/.test(document.querySelector('#hint').textContent)`)
		ada.Press("Enter")
		ada.Wait("the text is still there", `document.querySelector(%s).value === 'from the tunnel'`, composer)
		link.Heal()
		ada.Connected()
		ada.Wait("the hint is gone", `!/when the connection is back/.test(document.querySelector('#hint').textContent)`)
		ada.Sees("from the tunnel")
		ada.Wait("the box is empty", `document.querySelector(%s).value === ''`, composer)
		ada.InOrder(1, 2)
	})
}

// On a phone the light with words is in the drawer: the bar has another, hidden from screen readers.
func TestStatusOnAPhone(t *testing.T) {
	t.Parallel()
	app := Start(t)
	link := app.Link()
	_, ada := app.SignedIn("Ada", link)
	const light = `.bar > .light`
	if n := ada.Count("#connection, #online"); n != 2 {
		t.Errorf("%d elements #connection and #online", n)
	}
	ada.Wait("a wide window has one light", `!document.querySelector(%s).checkVisibility()`, light)
	ada.Phone()
	ada.Open("/c/" + general)
	ada.Connected()
	var green string
	const colour = `getComputedStyle(document.querySelector('` + light + `')).backgroundColor`
	ada.Wait("the bar has a light", `document.querySelector(%s).checkVisibility()`, light)
	ada.Eval(colour, &green)
	ada.Accessible("phone with a light")
	link.Cut()
	ada.Wait("it turns amber", colour+` !== %s`, green)
	link.Heal()
	ada.Wait("it turns green again", colour+` === %s`, green)
}
