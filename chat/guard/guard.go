// Package guard keeps a panic where it happened. One in a goroutine ends the program, with everybody's pages and posts:
// here it becomes an error, for whoever is told, and a line in the log with its stack. Whoever uses it leaves no lock
// held behind, or unlocks by defer.
//
// Every goroutine and timer of the program is started here: a test holds that.
package guard

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Run calls fn. A panic in it is logged with what was being done, and returned. A nil log is slog's own.
func Run(log *slog.Logger, what string, fn func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = note(log, what, p)
		}
	}()
	fn()
	return nil
}

// note is called while the panic goes on, so that the stack is its own.
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
	go func() { _ = Run(log, what, fn) }() // it is in the log
}

// AfterFunc is time.AfterFunc.
func AfterFunc(log *slog.Logger, what string, d time.Duration, fn func()) *time.Timer {
	return time.AfterFunc(d, func() { _ = Run(log, what, fn) }) // it is in the log
}

// Group is goroutines that are waited for. The zero value is ready. Safe for concurrent use, but that Log is set
// before.
type Group struct {
	Log *slog.Logger

	all sync.WaitGroup
}

// Go starts a goroutine that runs fn.
func (g *Group) Go(what string, fn func()) {
	g.all.Go(func() { _ = Run(g.Log, what, fn) }) // it is in the log
}

// Wait returns when all have ended.
func (g *Group) Wait() { g.all.Wait() }
