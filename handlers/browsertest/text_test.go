package browsertest

import "testing"

// Each line of a message runs in its own direction, as in the box where it was typed, and what is piled on a letter is
// not drawn outside of its row.
func TestLinesOfAMessage(t *testing.T) {
	app := Start(t)
	app.Client("Ada").Post("general-talk", "release notes:\nשלום, עולם!\nok.")
	_, tab := app.SignedIn("Bob")
	tab.Sees("release notes:")
	var seen struct {
		Exclamation, Shin, Release, Left, Right float64
		Overflow                                string
	}
	tab.Eval(`(() => {
		const body = document.querySelector('.message .body'), text = body.firstChild, box = body.getBoundingClientRect()
		const at = letter => {
			const range = document.createRange(), n = text.data.indexOf(letter)
			range.setStart(text, n)
			range.setEnd(text, n + 1)
			return range.getBoundingClientRect()
		}
		return {Exclamation: at('!').left, Shin: at('ש').right, Release: at('r').left, Left: box.left, Right: box.right, Overflow: getComputedStyle(body).overflow}
	})()`, &seen)
	if seen.Exclamation >= seen.Shin || seen.Right-seen.Shin > 1 || seen.Release-seen.Left > 1 || seen.Overflow != "clip" {
		t.Errorf("the lines are drawn like this: %+v", seen)
	}
}
