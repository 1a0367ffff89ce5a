package browsertest

import (
	"fmt"
	"testing"
)

// Text may end in an ellipsis; nothing else may be cut off or overflow.
func TestFits(t *testing.T) {
	_, tab := Start(t).SignedIn("Ada")
	tab.Phone()
	long := `<span>longer than any telephone is wide, and no place to break it</span>`
	for name, c := range map[string]struct {
		html string
		fits bool
	}{
		"a short title":             {`<h1>short</h1>`, true},
		"a title with an ellipsis":  {`<h1 class="probe ellipsis">` + long + `</h1>`, true},
		"text with an ellipsis":     {`<p class="probe ellipsis">` + long + long + `</p>`, true},
		"a title that is cut":       {`<h1 class="probe cut">` + long + `</h1>`, false},
		"text that is cut":          {`<p class="probe cut">` + long + `</p>`, false},
		"a box behind an ellipsis":  {`<h1 class="probe ellipsis"><div class="wide">x</div></h1>`, false},
		"a title that sticks out":   {`<h1 class="probe">` + long + `</h1>`, false},
		"a box that sticks out":     {`<div class="wide">x</div>`, false},
		"an ellipsis that does too": {`<p class="probe ellipsis wide">` + long + `</p>`, false},
		"a wide table in its box":   {`<div class="scroll probe moves"><div class="wide">x</div></div>`, true},
	} {
		t.Run(name, func(t *testing.T) {
			tab.Eval(fmt.Sprintf(`(() => {
				const main = document.querySelector('main')
				main.innerHTML = %q
				main.style.cssText = 'display: block; overflow: visible'
				const style = (selector, css) => main.querySelectorAll(selector).forEach(e => e.style.cssText += ';' + css)
				style('.probe', 'display: block; white-space: nowrap; max-width: 100vw; margin: 0; overflow: visible; text-overflow: clip')
				style('.ellipsis', 'overflow: hidden; text-overflow: ellipsis')
				style('.cut', 'overflow: hidden')
				style('.moves', 'overflow-x: auto')
				style('.wide', 'width: 800px; max-width: none')
			})()`, c.html), nil)
			if out := tab.sticksOut(); (len(out) == 0) != c.fits {
				t.Errorf("it found %q", out)
			}
		})
	}
}
