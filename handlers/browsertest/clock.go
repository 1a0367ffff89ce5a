package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Clock lets time pass in the pages that the tab opens from now on: see Pass.
func (tab *Tab) Clock() {
	tab.t.Helper()
	tab.before(`
		const every = setInterval, real = Date.now, laps = new Map()
		let ahead = 0
		Date.now = () => real() + ahead
		window.setInterval = (lap, ms, ...args) => {
			const id = every(lap, ms, ...args)
			laps.set(id, {lap: () => lap(...args), ms, waited: 0})
			return id
		}
		const no = clearInterval
		window.clearInterval = id => { laps.delete(id); no(id) }
		window.pass = seconds => {
			for (let i = 0; i < seconds; i++) {
				ahead += 1000
				for (const l of [...laps.values()])
					if ((l.waited += 1000) >= l.ms) { l.waited -= l.ms; l.lap() }
			}
		}`)
}

// Pass puts the clock of a page forward, a second at a time, and runs what the page does at intervals as often as it
// would have; what the page has to wait for meanwhile takes the time that it takes.
func (tab *Tab) Pass(seconds int) {
	tab.t.Helper()
	tab.Eval(JS(`window.pass(%s)`, seconds), nil)
}

// before runs a script in each page that the tab opens, ahead of the page's own.
func (tab *Tab) before(script string) {
	tab.t.Helper()
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`(() => {` + script + `})()`).Do(ctx)
		return err
	}))
}
