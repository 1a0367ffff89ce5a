// Package browsertest runs the program as users meet it: as a process of its own, seen through real browsers.
//
// It has the tools for such tests, and the tests themselves. Only tests import it.
//
//   - App is the running program, with a data folder of its own. It can be stopped, killed and started again.
//   - Link is a network between users and the program that can be cut, frozen and slowed.
//   - User is a separate browser profile; Tab is a page of it. A test fails at its end if one of its pages logged an
//     error, violated the Content-Security-Policy, or sent a request to another host.
//   - Client is a user without a browser, for what must happen meanwhile.
//
// Tests always wait for a condition, with a deadline that only a failing test reaches. A failure leaves a picture.
//
// Environment: CHITCHAT_BROWSER is the path of the browser; the value "required" makes tests fail that are otherwise
// skipped without a browser. CHITCHAT_SHOTS is a folder for the pictures that tests take. CHITCHAT_SLOW=4 makes
// browsers four times slower, to find conditions that tests do not wait for.
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

// patience is how long a condition may take. However slow the machine is, only a fault takes so long.
const patience = 2 * time.Minute

// Main runs a package's tests, then ends the browser, removes the program that they shared, and checks that no
// goroutine is left except those to ignore. A package that uses App or User calls it from its TestMain.
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
