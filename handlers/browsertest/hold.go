package browsertest

import (
	"context"
	"sync"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
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

// BreakFirst calls do, which makes the tab request URLs that match the pattern (* matches anything), and breaks the
// connection of the first.
func (tab *Tab) BreakFirst(pattern string, do func()) {
	tab.t.Helper()
	tab.User.ExpectDisconnects()
	broken := make(chan struct{})
	var once sync.Once
	ctx, stop := context.WithCancel(tab.ctx)
	chromedp.ListenTarget(ctx, func(event any) {
		e, ok := event.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		answer := chromedp.Action(fetch.ContinueRequest(e.RequestID))
		once.Do(func() {
			answer = fetch.FailRequest(e.RequestID, network.ErrorReasonConnectionReset)
			close(broken)
		})
		// it runs between the browser's events; the test sees what came of it
		go func() { _ = chromedp.Run(tab.ctx, answer) }()
	})
	tab.run(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: pattern}}))
	do()
	select {
	case <-broken:
	case <-time.After(patience):
		tab.fail("nothing asked for %s", pattern)
	}
	stop()
	tab.run(fetch.Disable())
}
