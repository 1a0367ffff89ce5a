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

// still disables animations, with colours unchanged: otherwise the browser redraws each page's connection light sixty
// times a second.
func still() chromedp.Action {
	return prefers(&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
}

// focused makes a page's window count as focused: each tab has a user looking at it.
func focused(focused bool) chromedp.Action { return emulation.SetFocusEmulationEnabled(focused) }

func prefers(features ...*emulation.MediaFeature) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures(features)
}

// Moving enables animations in the tab, as most users have them.
func (tab *Tab) Moving() {
	tab.t.Helper()
	tab.run(prefers(&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "no-preference"}))
}

// Dark sets the reader's preferred colour scheme.
func (tab *Tab) Dark(dark bool) {
	tab.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	tab.run(prefers(
		&emulation.MediaFeature{Name: "prefers-color-scheme", Value: value},
		// pictures and contrast checks need the end of a transition
		&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"},
	))
}

// Size sets the window's size in CSS pixels.
func (tab *Tab) Size(width, height int64) {
	tab.t.Helper()
	tab.run(emulation.SetTouchEmulationEnabled(false), emulation.SetDeviceMetricsOverride(width, height, 1, false))
}

// slow slows the browser by CHITCHAT_SLOW, to find what tests fail to wait for.
func (tab *Tab) slow() {
	tab.t.Helper()
	if times, err := strconv.ParseFloat(os.Getenv("CHITCHAT_SLOW"), 64); err == nil {
		tab.run(emulation.SetCPUThrottlingRate(times))
	}
}

// Phone makes the tab a phone's.
func (tab *Tab) Phone() {
	tab.t.Helper()
	tab.run(
		emulation.SetDeviceMetricsOverride(390, 844, 2, true),
		emulation.SetTouchEmulationEnabled(true),
	)
}

// NoScript disables JavaScript in pages that the tab opens from now on.
func (tab *Tab) NoScript() {
	tab.t.Helper()
	tab.run(emulation.SetScriptExecutionDisabled(true))
}

// visible shows the window, or minimizes it.
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

// NoCache disables the tab's cache, as on a first visit.
func (tab *Tab) NoCache() {
	tab.t.Helper()
	tab.run(network.SetCacheDisabled(true))
}

// Weight returns the bytes received during do, including headers and the socket's.
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

// Accessible fails the test if axe-core finds anything in the page, light or dark.
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

// axe fails the test if axe-core finds anything in the page as it is; with again, it checks only rules that depend on
// colours and size.
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
		// In one script with its source: between two calls, the browser may have replaced the window.
		tab.Eval(string(source)+`;`+run, &found)
	}
	for _, violation := range found {
		tab.t.Errorf("%s: axe-core found %s", what, violation)
	}
}

// Fits fails the test if something on the page overflows a side, is cut off without an ellipsis, or can only be seen by
// scrolling sideways. Wide tables, and a menu on a phone, scroll in boxes of their own.
func (tab *Tab) Fits(what string) {
	tab.t.Helper()
	if out := tab.sticksOut(); len(out) > 0 {
		tab.t.Errorf("%s: sticks out: %q", what, out)
	}
}

// sticksOut returns what Fits reports. An ellipsis may cut text and inline elements; a box inside must fit. (A phone's
// innerWidth grows with overflowing content, because it zooms out.)
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

// Looks checks the rules for every page: on a large screen, and on a phone in dark colours, axe-core finds nothing, and
// nothing overflows. It also takes six pictures.
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

// Desk returns the tab to a large screen with a mouse.
func (tab *Tab) Desk() {
	tab.t.Helper()
	tab.Size(1280, 800)
}
