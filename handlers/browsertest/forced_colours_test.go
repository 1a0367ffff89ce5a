package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// In forced colours, differences otherwise shown by colour alone stay visible.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	app := Start(t)
	_, ada := app.SignedIn("Ada")
	bob, cem := app.Client("Bob"), app.Client("Cem")
	for _, c := range []*Client{bob, cem} {
		c.Form(c.Form("/d", form("with", ada.Attribute("body", "data-user")))+"/messages",
			form("body", "hello", "client_id", "c"))
	}
	ada.run(prefers(&emulation.MediaFeature{Name: "forced-colors", Value: "active"},
		&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}))
	ada.Open("/c/" + general)
	ada.Connected()
	ada.Wait("both wait", `document.querySelectorAll('#directs .dot').length === 2`)
	for _, c := range [][2]string{ // in this order: the last one changes the light for good
		{"who is here and who is not",
			`document.querySelectorAll('#directs .dot').forEach((d, i) => d.dataset.present = i === 0)
			|| ground('#directs li:first-child .dot') === ground('#directs li:last-child .dot')`},
		{"the light and the page", `ground('#connection .light') === ground('body')`},
		{"the current channel from the others",
			`getComputedStyle(document.querySelector('[aria-current]')).outlineStyle === 'none'`},
		{"people's grounds", `ground('#directs li:first-child .avatar') === ground('body')`},
		{"a count from a name", `ground('#directs .badge') === ground('body')`},
		{"the light, connected and not",
			`(() => { const was = ground('#connection .light'); for (const e of [document.body, document.querySelector('#connection')]) e.dataset.state = 'reconnecting'; return was === ground('#connection .light') })()`},
	} {
		var alike bool
		ada.Eval(`(() => { const ground = s => getComputedStyle(document.querySelector(s)).backgroundColor
			return !!(`+c[1]+`) })()`, &alike)
		if alike {
			t.Errorf("one cannot tell %s", c[0])
		}
	}
	ada.Shot("forced-colours")
}

// Text follows the browser's font size.
func TestLettersGrow(t *testing.T) {
	t.Parallel()
	_, ada := Start(t).SignedIn("Ada")
	ada.Say("how large is this")
	var fixed []string
	measure := `[...document.querySelectorAll('body, body *')].filter(e => !e.closest('svg, head') && e.checkVisibility()).map(e => [e, parseFloat(getComputedStyle(e).fontSize)])`
	ada.Eval(`(() => {
		const before = `+measure+`
		document.documentElement.style.fontSize = '150%'
		return before.filter(([e, size]) => Math.abs(parseFloat(getComputedStyle(e).fontSize) - 1.5 * size) > 0.1).map(([e]) => e.outerHTML.slice(0, 80))
	})()`, &fixed)
	if len(fixed) > 0 {
		t.Errorf("these keep their size: %q", fixed)
	}
	ada.Fits("with larger letters")
	ada.Shot("larger-letters")
}
