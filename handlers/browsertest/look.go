package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// still tells pages that the reader wants nothing to move, in colours as they come: else the light of each open page is
// drawn anew sixty times a second, for nobody.
func still() chromedp.Action {
	return prefers(&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
}

// focused tells a page that its window has the focus, whichever window really has: someone looks at each tab.
func focused(focused bool) chromedp.Action { return emulation.SetFocusEmulationEnabled(focused) }

func prefers(features ...*emulation.MediaFeature) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures(features)
}

// Moving lets things move in the tab, as they do for most people.
func (tab *Tab) Moving() {
	tab.t.Helper()
	tab.run(prefers(&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "no-preference"}))
}

// Dark sets what the reader's system prefers.
func (tab *Tab) Dark(dark bool) {
	tab.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	tab.run(prefers(
		&emulation.MediaFeature{Name: "prefers-color-scheme", Value: value},
		// pictures and contrast are taken of the end of a motion
		&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"},
	))
}

// Size makes the window so large, in CSS pixels.
func (tab *Tab) Size(width, height int64) {
	tab.t.Helper()
	tab.run(emulation.SetTouchEmulationEnabled(false), emulation.SetDeviceMetricsOverride(width, height, 1, false))
}

// slow makes the browser as slow as CHITCHAT_SLOW says: what a test does not wait for has come by luck alone, and this
// is how to find it.
func (tab *Tab) slow() {
	tab.t.Helper()
	if times, err := strconv.ParseFloat(os.Getenv("CHITCHAT_SLOW"), 64); err == nil {
		tab.run(emulation.SetCPUThrottlingRate(times))
	}
}

// Phone makes the tab a telephone's.
func (tab *Tab) Phone() {
	tab.t.Helper()
	tab.run(
		emulation.SetDeviceMetricsOverride(390, 844, 2, true),
		emulation.SetTouchEmulationEnabled(true),
	)
}

// NoScript switches JavaScript off for the pages that the tab opens from now on.
func (tab *Tab) NoScript() {
	tab.t.Helper()
	tab.run(emulation.SetScriptExecutionDisabled(true))
}

// visible lets the window be seen, or minimizes it.
func (tab *Tab) visible(visible bool) {
	tab.t.Helper()
	state, want := cdpbrowser.WindowStateMinimized, "hidden"
	if visible {
		state, want = cdpbrowser.WindowStateNormal, "visible"
	}
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		onBrowser := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		window, _, err := cdpbrowser.GetWindowForTarget().WithTargetID(chromedp.FromContext(ctx).Target.TargetID).
			Do(onBrowser)
		if err != nil {
			return err
		}
		return cdpbrowser.SetWindowBounds(window, &cdpbrowser.Bounds{WindowState: state}).Do(onBrowser)
	}))
	tab.Wait("the tab is "+want, `document.visibilityState === %s`, want)
}

// NoCache makes the tab load everything anew, as on a first visit.
func (tab *Tab) NoCache() {
	tab.t.Helper()
	tab.run(network.SetCacheDisabled(true))
}

// Weight is how many bytes came over the wire for what do did, headers and socket included.
func (tab *Tab) Weight(do func()) int {
	tab.t.Helper()
	before := tab.wire.Load() + tab.frames.Load()
	do()
	return int(tab.wire.Load() + tab.frames.Load() - before)
}

// axe is axe-core's source.
var axe = sync.OnceValues(func() ([]byte, error) {
	_, here, _, _ := runtime.Caller(0)
	return os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "assets", "node_modules", "axe-core", "axe.min.js"))
})

// Accessible fails the test when axe-core finds anything in the page, light or dark.
func (tab *Tab) Accessible(what string) {
	tab.t.Helper()
	for _, dark := range []bool{false, true} {
		tab.Dark(dark)
		tab.axe(fmt.Sprintf("%s, dark=%v", what, dark), dark)
		tab.Shot(fmt.Sprintf("%s-%s", strings.ReplaceAll(what, " ", "-"),
			map[bool]string{false: "light", true: "dark"}[dark]))
	}
	tab.Dark(false)
}

// axe fails the test when axe-core finds anything in the page as it is; or, again, of what depends on colours and room.
func (tab *Tab) axe(what string, again bool) {
	tab.t.Helper()
	source, err := axe()
	if err != nil {
		tab.t.Fatal(err)
	}
	var found []string
	rules := `rules: {'target-size': {enabled: true}}`
	if again {
		rules = `runOnly: ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable', 'aria-hidden-focus', 'button-name']`
	}
	run := `axe.run(document, {resultTypes: ['violations'], ` + rules + `}).then(r => r.violations.flatMap(v =>
		v.nodes.map(n => v.id + ': ' + v.help + ' — ' + n.html.slice(0, 200) + ' ' + n.failureSummary)))`
	if tab.Eval(`window.axe ? `+run+` : null`, &found); found == nil {
		// In one script with its source: between two, the browser may have put another window in place.
		tab.Eval(string(source)+`;`+run, &found)
	}
	for _, violation := range found {
		tab.t.Errorf("%s: axe-core found %s", what, violation)
	}
}

// Fits fails the test when something of the page sticks out at a side, is cut off without an ellipsis, or can only be
// seen by moving it sideways. Tables that are too wide move in boxes of their own, and so does a menu on a telephone.
func (tab *Tab) Fits(what string) {
	tab.t.Helper()
	if out := tab.sticksOut(); len(out) > 0 {
		tab.t.Errorf("%s: sticks out: %q", what, out)
	}
}

// sticksOut is what Fits finds. An ellipsis cuts text, and what stands in its line; a box inside has to fit. (A
// telephone's innerWidth grows with what sticks out: it zooms.)
func (tab *Tab) sticksOut() (out []string) {
	tab.t.Helper()
	tab.Eval(`[document.documentElement, ...document.querySelectorAll('main, main *')].filter(e => {
		const style = getComputedStyle(e), box = e.getBoundingClientRect(), apart = e.closest('.scroll, .tabs, .visually-hidden, svg, datalist')
		const shortens = s => s.textOverflow === 'ellipsis' && s.overflowX !== 'visible'
		if (!e.checkVisibility() || apart && apart !== e) return false
		for (let up = e, s = style; up && s.display.startsWith('inline') && !shortens(s);) {
			up = up.parentElement
			s = up && getComputedStyle(up)
			if (up && shortens(s)) return false
		}
		if (box.right > document.documentElement.clientWidth + 1 || box.left < -1) return !e.matches('.visually-hidden')
		const shortened = shortens(style) && ![...e.querySelectorAll('*')].some(c =>
			!getComputedStyle(c).display.startsWith('inline') && c.checkVisibility() && c.getBoundingClientRect().right > box.right + 1)
		return !shortened && !e.matches('.scroll, .tabs, .visually-hidden, input, textarea, svg') && e.scrollWidth > e.clientWidth + 1 && style.overflowX !== 'visible'
	}).map(e => e.outerHTML.slice(0, 160))`, &out)
	return out
}

// Looks holds a page against what is promised of every page: on a large screen, and on a telephone in the dark,
// axe-core finds nothing, and nothing sticks out. For whoever wants to look too, it takes six pictures.
func (tab *Tab) Looks(what string) {
	tab.t.Helper()
	tab.Desk()
	tab.Dark(false)
	tab.axe(what, false)
	tab.Fits(what)
	if os.Getenv("CHITCHAT_SHOTS") != "" {
		tab.shots(what)
	}
	tab.Phone()
	tab.Dark(true)
	tab.axe(what+", on a phone in the dark", true)
	tab.Fits(what + ", on a phone")
	tab.Whole(what)
	tab.Dark(false)
}

func (tab *Tab) shots(what string) {
	tab.t.Helper()
	for _, width := range []int64{1440, 1024, 390} {
		for _, dark := range []bool{false, true} {
			if tab.Dark(dark); width == 390 {
				tab.Phone()
			} else {
				tab.Size(width, 900)
			}
			tab.Shot(fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(what, " ", "-"), width,
				map[bool]string{false: "light", true: "dark"}[dark]))
		}
	}
	tab.Dark(false)
	tab.Desk()
}

// Desk makes the tab one of a large screen again, with a mouse.
func (tab *Tab) Desk() {
	tab.t.Helper()
	tab.Size(1280, 800)
}
