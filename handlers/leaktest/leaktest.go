// Package leaktest tests that a package's tests leave no goroutine. Only tests import it.
package leaktest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines may take to end. goleak's own second is too short for a busy machine.
const patience = time.Minute

// Serving are goroutines that live as long as a serving process; they start on first use.
var Serving = []goleak.Option{
	goleak.IgnoreAnyFunction("github.com/gofiber/fiber/v2/utils.StartTimeStampUpdater.func1.1"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp/stackless.NewFunc.func1"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp/stackless.funcWorker"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"), // ends ten seconds after its server
}

// Main runs a package's tests and exits. It fails if a goroutine is left, except those to ignore.
func Main(m *testing.M, ignore ...goleak.Option) {
	code := m.Run()
	if err := Find(ignore...); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// Find returns an error that lists the goroutines that do not end.
func Find(ignore ...goleak.Option) (err error) {
	for deadline := time.Now().Add(patience); ; {
		if err = goleak.Find(ignore...); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}
