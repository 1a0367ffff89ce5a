package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch records the tab's traffic, and what no page may do. It runs between the browser's events, so it must not wait
// for the browser.
func (tab *Tab) watch(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			var words []string
			for _, arg := range e.Args {
				words = append(words, strings.Trim(string(arg.Value), `"`)+arg.Description)
			}
			tab.User.report("the console says: " + strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		tab.User.report("a script failed: " + e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError {
			tab.User.report(fmt.Sprintf("the log says: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		tab.sent(e.Request.URL)
	case *network.EventWebSocketCreated:
		tab.sent(e.URL)
	case *network.EventLoadingFinished:
		tab.wire.Add(int64(e.EncodedDataLength))
	case *network.EventWebSocketFrameReceived:
		tab.frames.Add(int64(len(e.Response.PayloadData)))
	case *page.EventJavascriptDialogOpening:
		tab.User.report("a dialog stood in the way: " + e.Message)
		go func() { // otherwise the page blocks until it is answered
			_ = chromedp.Run(tab.ctx, page.HandleJavaScriptDialog(true)) // the report fails the test
		}()
	}
}

func (tab *Tab) sent(url string) {
	tab.requests.Add(1)
	if !tab.User.local(url) && !strings.HasPrefix(url, tab.elsewhere.Load().(string)) {
		tab.User.report("the page asked another host: " + url)
	}
}

// noteViolations makes pages log Content-Security-Policy violations to their console.
func (tab *Tab) noteViolations() chromedp.Action {
	tab.elsewhere.Store("about:")
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`document.addEventListener('securitypolicyviolation', e =>
			console.error('Content-Security-Policy: ' + e.effectiveDirective + ' refused ' + e.blockedURI))`).Do(ctx)
		return err
	})
}
