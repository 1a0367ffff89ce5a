package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"chitchat/chat/hostiletest"
)

// TestHostileMessages shows all hostile payloads to a browser, as messages of a page and of its socket, in the
// preview, and as earlier versions: no script of theirs runs.
func TestHostileMessages(t *testing.T) {
	t.Parallel()
	app := Start(t)
	mal := app.Client("Mal")
	_, ada := app.SignedIn("Ada")
	ada.before(`window.ran = []; window.pwn = n => ran.push(n); window.alert = window.pwn
		addEventListener('securitypolicyviolation', e => ran.push(e.violatedDirective + ' ' + e.sourceFile))`)
	texts := hostiletest.Packed(7900)
	for i := range texts { // @channel would be asked about
		texts[i] = strings.NewReplacer("\x00", " ", "\x01", " ", "\f", " ", "@channel", "@chan").Replace(texts[i])
	}
	harmless := func(n int) {
		t.Helper()
		ada.Wait("all are there", `document.querySelectorAll('#messages article').length >= %s`, n)
		ada.Click("#composer textarea")
		ada.Wait("nothing ran", `window.ran && (ran.length === 0 || (() => { throw ran.join() })())
			&& !document.querySelector('#messages .body :is(script, img, iframe, svg, [style], [id], [onclick])')`)
	}
	for _, text := range texts {
		mal.Post(general, text)
	}
	ada.Open("/c/" + general)
	ada.Connected()
	harmless(len(texts))
	for i, text := range texts {
		mal.Post(general, "again\n\n"+text)
		mal.Form(fmt.Sprintf("/c/%s/%d/edit", general, i+1), form("body", "> "+text))
	}
	harmless(2 * len(texts))
	for i := range texts {
		ada.Open(fmt.Sprintf("/c/%s/%d/history", general, i+1))
		ada.Wait("nothing ran", `window.ran && ran.length === 0 && document.querySelector('.body')`)
	}
}
