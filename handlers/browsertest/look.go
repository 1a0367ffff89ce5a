package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Dark sets what the reader's system prefers.
func (tab *Tab) Dark(dark bool) {
	tab.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	tab.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: value},
		{Name: "prefers-reduced-motion", Value: "reduce"}, // pictures and contrast are taken of the end of a motion
	}))
}

// Size makes the window so large, in CSS pixels.
func (tab *Tab) Size(width, height int64) {
	tab.t.Helper()
	tab.run(emulation.SetDeviceMetricsOverride(width, height, 1, false))
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
		window, _, err := cdpbrowser.GetWindowForTarget().WithTargetID(chromedp.FromContext(ctx).Target.TargetID).Do(onBrowser)
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
	source, err := axe()
	if err != nil {
		tab.t.Fatal(err)
	}
	for _, dark := range []bool{false, true} {
		tab.Dark(dark)
		var found []string
		if err := tab.evaluate(string(source)+`;axe.run(document).then(r => r.violations.flatMap(v =>
			v.nodes.map(n => v.id + ': ' + v.help + ' — ' + n.html.slice(0, 200) + ' ' + n.failureSummary)))`, &found); err != nil {
			tab.fail("axe-core: %v", err)
		}
		for _, violation := range found {
			tab.t.Errorf("%s, dark=%v: axe-core found %s", what, dark, violation)
		}
		tab.Shot(fmt.Sprintf("%s-%s", strings.ReplaceAll(what, " ", "-"), map[bool]string{false: "light", true: "dark"}[dark]))
	}
	tab.Dark(false)
}
