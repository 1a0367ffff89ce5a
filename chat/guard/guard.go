// Package guard contains panics. A panic in a goroutine would end the program, with all pages and posts: here it
// becomes an error for the caller, and a log entry with its stack. Guarded code must not leave locks held: it unlocks
// by defer.
//
// Every goroutine and timer of the program is started here: a test checks that.
package guard

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Run calls fn. It logs a panic of fn with its stack and with what was being done, and returns it as an error. A nil
// log is slog.Default.
func Run(log *slog.Logger, what string, fn func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = note(log, what, p)
		}
	}()
	fn()
	return nil
}

// note must be called while the panic unwinds, so that the stack is the panic's.
func note(log *slog.Logger, what string, p any) error {
	if log == nil {
		log = slog.Default()
	}
	err := fmt.Errorf("panic while %s: %v", what, p)
	log.Error("panic", "while", what, "error", fmt.Sprint(p), "stack", string(debug.Stack()))
	return err
}

// Go starts a goroutine that runs fn.
func Go(log *slog.Logger, what string, fn func()) {
	go func() { _ = Run(log, what, fn) }() // Run has logged the error
}

// AfterFunc is time.AfterFunc with a guarded fn.
func AfterFunc(log *slog.Logger, what string, d time.Duration, fn func()) *time.Timer {
	return time.AfterFunc(d, func() { _ = Run(log, what, fn) }) // Run has logged the error
}

// Group is a set of goroutines to wait for. The zero value is ready to use. It is safe for concurrent use once Log is
// set.
type Group struct {
	Log *slog.Logger

	all sync.WaitGroup
}

// Go starts a goroutine that runs fn.
func (g *Group) Go(what string, fn func()) {
	g.all.Go(func() { _ = Run(g.Log, what, fn) }) // Run has logged the error
}

// Wait blocks until all goroutines have ended.
func (g *Group) Wait() { g.all.Wait() }
