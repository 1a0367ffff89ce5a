package browsertest

import (
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// Hold calls do, which makes the tab request a URL that matches the pattern (* matches anything), and holds back the
// program's answer until release is called.
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
