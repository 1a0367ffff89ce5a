package browsertest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// Benchmarks of what users experience: the program as a process of its own, and real browsers, on the same machine. Run
// them on an otherwise idle machine:
//
//	go test -run '^$' -bench . ./handlers/browsertest
//
// Pages record the times themselves, and are asked for them at the end, so that the test's own requests do not count. A
// time is the page's performance.timeOrigin + performance.now(): one monotonic clock for all pages of a machine, except
// for adjustments of its wall clock between the starts of two pages.

// rounds is the minimum number of measurements: go's own choice would be a handful.
const rounds = 30

// stopwatch runs in every page of a benchmark before its own scripts: now returns the time, and seen reports when a
// condition first holds, and when the browser has drawn that. It checks at each change of the page, and before each
// frame for other changes, such as the focus.
const stopwatch = `
	const now = () => performance.timeOrigin + performance.now()
	const seen = (condition, is) => {
		let over = false
		const look = () => {
			if (over || !condition()) return
			over = true
			watch.disconnect()
			const there = now()
			requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => is(there, now()); c.port2.postMessage(0) })
		}
		const watch = new MutationObserver(look)
		watch.observe(document, {subtree: true, childList: true, attributes: true})
		const again = () => {
			look()
			if (!over) requestAnimationFrame(again)
		}
		again()
	}`

// BenchmarkSignIn measures from the Enter key on the sign-in page to a usable channel of 100 messages: the form, the
// POST, the redirect, the page and its scripts, until all messages are in the page, the composer has the focus, the
// light is green and the server has answered the socket's first message. Each round is a new user, whose browser has
// only the sign-in page, with the style sheet and scripts that all pages share. It also reports when the browser has
// first drawn the channel.
//
// In words, messages have a line each; in files, each fourth has a picture or a document, and the newest a picture.
func BenchmarkSignIn(b *testing.B) {
	for name, post := range map[string]func(bob *Client, n int){
		"words": func(bob *Client, n int) { bob.Post(general, sentence(n)) },
		"files": func(bob *Client, n int) {
			switch n % 8 {
			case 0:
				bob.Send(general, sentence(n), picture(b, "view.png", 900, 600))
			case 4:
				bob.Send(general, sentence(n), file(b, "notes.txt", []byte("What we said.")))
			default:
				bob.Post(general, sentence(n))
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			app := startFor(b)
			bob := app.Client("Bob")
			for i := range 100 {
				post(bob, i+5) // the last is a multiple of eight
			}
			signIns(b, app)
		})
	}
}

func sentence(n int) string {
	return fmt.Sprintf("Message %d: what people say in a day has about as many words as this line here.", n)
}

func signIns(b *testing.B, app *App) {
	var usable, drawn []float64
	measure(b, func(n int) {
		r := &round{TB: b}
		defer r.end()
		tab := At(r, app.URL).User(fmt.Sprintf("Visitor %d", n)).Tab()
		tab.Moving()
		tab.before(`
			if (location.pathname === '/signin') {
				addEventListener('keydown', e => sessionStorage.setItem('begun', performance.timeOrigin + e.timeStamp), true)
				return
			}
			let answered = false
			const look = () => {
				if (window.usable || !answered || document.activeElement?.id !== 'body' || document.querySelectorAll('#messages .message').length !== 100
					|| document.querySelector('#connection').dataset.state !== 'connected') return
				window.usable = performance.timeOrigin + performance.now()
			}
			addEventListener('htmx:ws:before:message:incoming', () => { answered = true; look() })
			addEventListener('focus', look, true)`)
		tab.Open("/signin")
		tab.Eval(`new Promise(done => requestIdleCallback(done))`, nil)
		time.Sleep(settled)
		tab.Fill("input[name=name]", tab.User.Name)
		tab.alone()
		tab.Press("Enter")
		time.Sleep(unasked)
		tab.Connected()
		tab.AtEnd()
		var took struct{ Usable, Drawn float64 }
		tab.Wait("the page has taken its times",
			`window.usable && performance.getEntriesByName('first-contentful-paint').length`)
		tab.Eval(`({Usable: usable - sessionStorage.getItem('begun'), Drawn: performance.timeOrigin - sessionStorage.getItem('begun')
			+ performance.getEntriesByName('first-contentful-paint')[0].startTime})`, &took)
		usable, drawn = append(usable, took.Usable), append(drawn, took.Drawn)
	})
	report(b, "usable", usable)
	report(b, "drawn", drawn)
}

// settled is how long a new browser window is left alone before typing: it draws its own buttons for a second, on the
// processors that the page needs.
const settled = 1500 * time.Millisecond

// unasked is how long a page of a benchmark is left alone: asking whether it is ready would delay it.
const unasked = 700 * time.Millisecond

// alone stops the browser from reporting what the tab loads, logs and runs. Users do not keep developer tools open, and
// they take a third of the time in which a page opens.
func (tab *Tab) alone() {
	tab.t.Helper()
	tab.run(network.Disable(), log.Disable(), runtime.Disable())
}

// BenchmarkMessage measures a message from one browser to another: from the Enter key in the writer's page, through the
// POST, the disk and the socket, until the row is in the reader's page, and until the reader's browser has drawn it,
// which waits up to 17 ms for the next frame. It also reports when the writer's own page has it.
func BenchmarkMessage(b *testing.B) {
	app := startFor(b)
	writer, reader := app.User("Ada").Tab(), app.User("Bob").Tab()
	for _, tab := range []*Tab{writer, reader} {
		tab.Moving()
		tab.before(stopwatch + `
			addEventListener('keydown', e => e.key === 'Enter' && (window.pressed = now()), true)
			window.expect = words => {
				window.there = 0
				seen(() => document.querySelector('#messages')?.lastElementChild?.textContent.includes(words), (t, d) => { window.drawn = d; window.there = t })
			}`)
		tab.Open("/signin")
		tab.Fill("input[name=name]", tab.User.Name)
		tab.Press("Enter")
		tab.Connected()
		tab.alone()
	}
	for i := range 5 {
		writer.Say(fmt.Sprintf("Let us warm up: %d", i)) // compiles the scripts
	}
	var there, drawn, own []float64
	measure(b, func(n int) {
		words := fmt.Sprintf("This is what I wanted to say, number %d", n)
		for _, tab := range []*Tab{writer, reader} {
			tab.Eval(JS(`expect(%s)`, words), nil)
		}
		writer.Fill(composer, words)
		writer.Press("Enter")
		var begun float64
		var saw, wrote struct{ There, Drawn float64 }
		for tab, into := range map[*Tab]any{writer: &wrote, reader: &saw} {
			tab.Wait("the message is there", `window.there`)
			tab.Eval(`({There: there, Drawn: drawn})`, into)
		}
		writer.Eval(`pressed`, &begun)
		there, drawn, own = append(there, saw.There-begun), append(drawn, saw.Drawn-begun), append(own, wrote.There-begun)
	})
	report(b, "there", there)
	report(b, "drawn", drawn)
	report(b, "own", own)
}

// startFor starts the program for a benchmark, without limits; it skips the benchmark without a browser.
func startFor(b *testing.B) *App {
	b.Helper()
	_, err := browserPath()
	needed(b, err)
	if RaceDetector {
		b.Skip("times under the race detector say nothing")
	}
	return Start(b, "--limit-signins", "0", "--limit-posts", "0")
}

// measure runs rounds for the benchmark's time, and at least as many as a median needs.
func measure(b *testing.B, do func(n int)) {
	b.Helper()
	n := 0
	for b.Loop() {
		do(n)
		n++
	}
	for ; n < rounds; n++ {
		do(n)
	}
	b.ReportMetric(0, "ns/op") // it would include the test's own requests
	b.ReportMetric(float64(n), "rounds")
}

// report reports the median and the 90th percentile of times in milliseconds.
func report(b *testing.B, what string, times []float64) {
	b.Helper()
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], what+"-p50-ms")
	b.ReportMetric(times[len(times)*9/10], what+"-p90-ms")
}

// round is a part of a benchmark that cleans up at its end.
type round struct {
	testing.TB
	ends []func()
}

func (r *round) Cleanup(f func()) { r.ends = append(r.ends, f) }

func (r *round) end() {
	for _, f := range slices.Backward(r.ends) {
		f()
	}
}
