package chat

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of refusal an Error is. Handlers map it to a status.
type Code string

// The kinds of refusal.
const (
	CodeInvalid     Code = "invalid"     // a field of a form is at fault
	CodeNotFound    Code = "not_found"   // not there, or not for this actor: the two look alike
	CodeForbidden   Code = "forbidden"   // seen, but not this actor's to do
	CodeTooLarge    Code = "too_large"   // over a size limit
	CodeUnsupported Code = "unsupported" // a type of file that is not taken
	CodeTooOften    Code = "too_often"   // over a rate limit
	CodeNoSpace     Code = "no_space"    // the disk is full
	CodeSignedOut   Code = "signed_out"  // no session, or one that has ended
	CodeInternal    Code = "internal"    // ours: the only kind that is logged
)

// Error is a refusal with a sentence for the person who gets it.
// Only errors of CodeInternal (every error that is not an *Error) are logged.
type Error struct {
	Code    Code
	Field   string        // the form field at fault, if one is
	Message string        // a whole sentence, safe to show
	Channel string        // the slug of the channel that has the name already, if that is what is wrong
	Wait    time.Duration // of CodeTooOften: after how long it is worth another try; 0: nobody knows
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes an Error without a field.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid makes an Error of CodeInvalid for a form field.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// ErrorCode returns the code of err: CodeInternal for every error that is not an *Error.
func ErrorCode(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

var (
	errNotFound  = Errorf(CodeNotFound, "There is nothing here, or it is not yours to see.")
	errSignedOut = Errorf(CodeSignedOut, "You are signed out. Sign in to go on.")
)
