package uploads

import (
	"errors"
	"fmt"
	"syscall"
)

// Kind is the reason why a file was refused. Handlers map it to a status.
type Kind string

// The kinds of refusal.
const (
	TooLarge  Kind = "too_large"  // more bytes or pixels than allowed
	WrongType Kind = "wrong_type" // an unsupported type, or a content that contradicts the name
	Empty     Kind = "empty"      // nothing in it
	Broken    Kind = "broken"     // a picture that cannot be decoded to its end
	NoSpace   Kind = "no_space"   // the disk is full
	TooOften  Kind = "too_often"  // more than one user may send in this time
)

// Refusal is the error for a file that is refused. Every other error of this package is the server's, the connection's
// or the caller's fault, and must not be shown.
type Refusal struct {
	Name   string // the file's name, cleaned
	Kind   Kind
	Reason string // whole sentences for the sender, without the name; safe to show as text

	cause error
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("uploads: %q refused: %s", r.Name, r.Reason)
}

// Unwrap returns the cause: the disk's error, for NoSpace.
func (r *Refusal) Unwrap() error { return r.cause }

// refuse returns a Refusal; Receive adds the name.
func refuse(kind Kind, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

func errNoSpace() *Refusal {
	return refuse(NoSpace, "There is no room left on the server for this file. Ask whoever runs it to make some.")
}

// explain returns the error for the caller: a Refusal with the file's name if the sender can do something about it,
// otherwise err with its context.
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

// sizeWords returns a limit in words.
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
