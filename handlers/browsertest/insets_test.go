package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// Nothing to read or touch is covered by a notch, a rounded corner or a system bar.
func TestInsets(t *testing.T) {
	t.Parallel()
	_, ada := Start(t).SignedIn("Ada")
	ada.Say("a line that is long enough to reach the right edge of a telephone that lies on its side, and then " +
		"some more of it")
	for what, c := range map[string]struct{ width, height, top, right, bottom, left int64 }{
		"on its side": {844, 390, 0, 47, 21, 47},
		"upright":     {390, 844, 47, 0, 34, 0},
		"all around":  {500, 800, 30, 31, 32, 33},
	} {
		ada.run(
			emulation.SetDeviceMetricsOverride(c.width, c.height, 1, true),
			emulation.SetSafeAreaInsetsOverride(&emulation.SafeAreaInsets{Top: c.top, Right: c.right, Bottom: c.bottom,
				Left: c.left}),
		)
		check := func(page string) {
			t.Helper()
			var under []string
			ada.Eval(JS(`[...document.querySelectorAll('a, button, input, textarea, h1, h2, p, summary, .avatar, .light')].filter(e => {
				const b = e.getBoundingClientRect(), x = b.x + b.width / 2, y = b.y + b.height / 2
				if (!b.width || e.closest('.visually-hidden, .skip, .attach') || !e.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false
				if (y > innerHeight - %s && e.closest('.page, .plain, .sidebar > :not(footer)')) return false // one scrolls there
				return b.left < %s || b.right > innerWidth - %s || b.top < %s || b.bottom > innerHeight - %s
			}).map(e => e.outerHTML.slice(0, 80) + JSON.stringify(e.getBoundingClientRect()))`, c.bottom, c.left, c.right, c.top, c.bottom), &under)
			if len(under) > 0 {
				t.Errorf("%s, %s: %q", what, page, under)
			}
		}
		ada.Wait("the insets are there", `getComputedStyle(document.querySelector('.app main')).paddingRight === %s + 'px'`,
			c.right)
		check("the conversation")
		if c.width < 640 {
			ada.Click(".bar button.menu")
			ada.Wait("the drawer is open", `document.querySelector('#sidebar').matches(':popover-open')`)
			check("the drawer")
			ada.Press("Escape")
		}
	}
}
