package chat

import (
	"errors"
	"fmt"
	"time"
)

// Code is the kind of an Error. Handlers map it to an HTTP status.
type Code string

// The codes.
const (
	CodeInvalid     Code = "invalid"     // a field of a form is at fault
	CodeNotFound    Code = "not_found"   // not there, or not visible to this actor: the two look alike
	CodeForbidden   Code = "forbidden"   // visible, but not allowed for this actor
	CodeTooLarge    Code = "too_large"   // over a size limit
	CodeUnsupported Code = "unsupported" // an unsupported type of file
	CodeTooOften    Code = "too_often"   // over a rate limit
	CodeNoSpace     Code = "no_space"    // the disk is full
	CodeSignedOut   Code = "signed_out"  // no session, or one that has ended
	CodeInternal    Code = "internal"    // a fault of the program: the only kind that is logged
)

// Error is a refusal with a sentence for the user. Only errors of CodeInternal (every error that is not an *Error) are
// logged.
type Error struct {
	Code    Code
	Field   string        // the form field at fault, if any
	Message string        // a whole sentence, safe to show
	Channel string        // the slug of the channel that has the name, if the name is taken
	Confirm string        // sent with the form again, it says that the user wants what this refusal asks about
	Wait    time.Duration // of CodeTooOften: time until a retry is worthwhile; 0: unknown
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
