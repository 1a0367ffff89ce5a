package browsertest

import (
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// Hold lets do, which makes the tab ask for an address that matches the pattern (* stands for anything), and keeps the
// answer on its way: the program has given it, and the page gets it when release is called.
func (tab *Tab) Hold(pattern string, do func()) (release func()) {
	tab.t.Helper()
	answers := make(chan fetch.RequestID, 8)
	chromedp.ListenTarget(tab.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			answers <- e.RequestID
		}
	})
	tab.run(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: pattern,
		RequestStage: fetch.RequestStageResponse}}))
	do()
	var held fetch.RequestID
	select {
	case held = <-answers:
	case <-time.After(patience):
		tab.fail("nothing asked for %s", pattern)
	}
	return func() {
		tab.t.Helper()
		tab.run(fetch.ContinueRequest(held), fetch.Disable())
	}
}
