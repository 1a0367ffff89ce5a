package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Clock makes the clock controllable in pages that the tab opens from now on: see Pass.
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
		}
		window.sleep = seconds => {
			ahead += 1000 * seconds
			for (const l of [...laps.values()]) l.lap()
		}`)
}

// Pass advances the clock of a page in steps of a second, and runs its timers as often as they would have run. Other
// waiting of the page takes real time.
func (tab *Tab) Pass(seconds int) {
	tab.t.Helper()
	tab.Eval(JS(`window.pass(%s)`, seconds), nil)
}

// Sleep advances the clock of a page at once, as a machine does that wakes up: its timers run once.
func (tab *Tab) Sleep(seconds int) {
	tab.t.Helper()
	tab.Eval(JS(`window.sleep(%s)`, seconds), nil)
}

// before runs a script in each page that the tab opens, before the page's own scripts.
func (tab *Tab) before(script string) {
	tab.t.Helper()
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`(() => {` + script + `})()`).Do(ctx)
		return err
	}))
}
