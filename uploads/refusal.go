package uploads

import (
	"errors"
	"fmt"
	"syscall"
)

// Kind says why a file was refused. Handlers map it to a status.
type Kind string

// The kinds of refusal.
const (
	TooLarge  Kind = "too_large"  // more bytes, or more pixels, than are taken
	WrongType Kind = "wrong_type" // not a type that is taken, or not what its name says
	Empty     Kind = "empty"      // nothing in it
	Broken    Kind = "broken"     // a picture that cannot be read to its end
	NoSpace   Kind = "no_space"   // the disk is full
	TooOften  Kind = "too_often"  // more than one person may send in this time
)

// Refusal is the answer to a file that is not taken. Every other error of this package is the
// server's fault, the connection's, or the caller's, and nothing to show.
type Refusal struct {
	Name   string // the file's name, cleaned
	Kind   Kind
	Reason string // whole sentences for the person who sent it, without the name; safe to show as text

	cause error
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("uploads: %q refused: %s", r.Name, r.Reason)
}

// Unwrap gives the error beneath: the disk's, for NoSpace.
func (r *Refusal) Unwrap() error { return r.cause }

// refuse makes a Refusal that Receive puts the name on.
func refuse(kind Kind, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

func errNoSpace() *Refusal {
	return refuse(NoSpace, "There is no room left on the server for this file. Ask whoever runs it to make some.")
}

// explain turns err into what the caller gets: a Refusal with the file's name where the sender can
// do something about it, and otherwise err with its place.
func explain(err error, name, doing string) error {
	if r, ok := errors.AsType[*Refusal](err); ok {
		r.Name = name
		return r
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		full := errNoSpace()
		full.Name, full.cause = name, err
		return full
	}
	return fmt.Errorf("uploads: %s: %w", doing, err)
}

// sizeWords writes a limit as people read it.
func sizeWords(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f kB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
