// Package browsertest runs the program as people meet it: as a process of its own, seen through real browsers.
//
// It holds what such tests are written with, and the tests themselves. Nothing but tests imports it.
//
//   - App is the running program, with a data folder of its own. It can be stopped, killed and started again.
//   - Link is a network between people and the program that can be cut, frozen and slowed.
//   - User is a browser profile of its own; Tab is a page of it. A test fails at its end when any page of it logged
//     an error, violated the Content-Security-Policy, or asked another host for anything.
//   - Client is a person without a browser, for what has to happen meanwhile.
//
// Waiting is always for a condition, with a deadline that only a failing test reaches. A failure leaves a picture.
//
// Environment: CHITCHAT_BROWSER is the browser to use where it is not found by itself; with the word required, tests
// fail where none is found, which are skipped otherwise. CHITCHAT_SHOTS is a folder that receives the pictures that
// tests take; CHITCHAT_SLOW=4 makes browsers so many times slower, which finds what tests forget to wait for.
package browsertest

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"chitchat/handlers/leaktest"
)

// patience is how long a condition may take to become true: however slow the machine is, only a fault takes so long.
const patience = 2 * time.Minute

// Main runs a package's tests, and afterwards ends the browser and removes the program that they shared, and holds
// that no goroutine is left but those to ignore. A package that uses App or User calls it from its TestMain.
func Main(m *testing.M, ignore ...goleak.Option) {
	code := m.Run()
	closeBrowser()
	http.DefaultClient.CloseIdleConnections()
	if err := removePrograms(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err := leaktest.Find(ignore...); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
