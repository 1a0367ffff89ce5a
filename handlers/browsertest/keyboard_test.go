package browsertest

import "testing"

// A key that an input method handles does nothing else, however the browser reports it.
func TestInputMethod(t *testing.T) {
	t.Parallel()
	_, ada := Start(t).SignedIn("Ada")
	ada.Say("one")
	row := "#" + ada.RowID("one")
	ada.ClickIn(row, "a.own >> Edit")
	const field = "#messages form textarea"
	ada.Wait("the form is there", find(field))
	ada.Fill(field, "にほんご half made")
	ada.Eval(JS(`for (const box of [%s, %s].map(s => document.querySelector(s))) {
		if (!box.value) box.value = 'half made'
		for (const how of [{keyCode: 229}, {isComposing: true}]) for (const key of ['Enter', 'Escape'])
			box.dispatchEvent(new KeyboardEvent('keydown', {key, ...how, bubbles: true, cancelable: true}))
	}`, field, composer), nil)
	ada.Wait("nothing was sent, nothing closed",
		`document.querySelector(%s).value === 'にほんご half made' && document.querySelector(%s).value === 'half made'`, field,
		composer)
	ada.Fill(composer, "after that")
	ada.Press("Enter")
	ada.Sees("after that")
	if rows := ada.Rows(); len(rows) != 2 || ada.Count("#messages form") != 1 || rows[0].Text == "にほんご half made" {
		t.Errorf("there are %+v", rows)
	}
}

// On a phone, Enter starts a new line, and a button sends.
func TestEnterOnAPhone(t *testing.T) {
	t.Parallel()
	_, ada := Start(t).SignedIn("Ada")
	ada.Phone()
	ada.Reload()
	ada.Connected()
	ada.Wait("the key of a box that has the focus from the start says it",
		`document.querySelector('#body').enterKeyHint === 'enter'`)
	write := func(field, want string) {
		t.Helper()
		ada.Fill(field, "a")
		ada.Press("Enter")
		ada.Type("b")
		ada.Wait("it is two lines",
			`document.querySelector(%s).value === 'a\nb' && document.querySelector(%s).enterKeyHint === %s`, field, field, want)
	}
	write(composer, "enter")
	ada.Wait("the page says how", `/button sends/.test(document.querySelector('#hint').textContent)`)
	ada.Wait("which is no warning, however often it is said", `(box => [1, 2, 3].every(() => {
		box.dispatchEvent(new Event('input', {bubbles: true}))
		return !document.querySelector('.hint .waiting')
	}))(document.querySelector('#body'))`)
	ada.Click("#composer .send")
	ada.Wait("it is sent", `document.querySelector('#messages .body')?.textContent === 'a\nb'`)
	ada.Eval(`document.querySelector('#messages header time').click()`, nil) // the dots
	ada.Click("#messages a.own >> Edit")
	ada.Wait("the form is there", find("#messages form textarea"))
	write("#messages form textarea", "enter")
	ada.Press("Control+Enter")
	ada.Wait("with a real keyboard it is sent", `!document.querySelector('#messages form')`)
}
