package handlers

import (
	"cmp"
	"errors"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// submission is what a form does, and how it is shown again with its text when it is refused.
type submission struct {
	// limited is the rate limit's error, or nil. It is counted before the form is read, so that truncated forms count, and
	// returned after: the form is shown again with its text.
	limited error
	// do calls the verb. answer is called only if err is nil. By then the change is made, so an error of answer must not
	// show the form, which would claim that it was not.
	do func(values url.Values) (answer func() error, err error)
	// show renders the form's page with its text and the fault.
	show func(values url.Values, fault views.Fault) error
	// forbidden means that the page can be shown, with the message, also to users who may not do this. Other pages would
	// omit their form, and with it the reason.
	forbidden bool
}

// submit does what the request's form asks for. A refusal that concerns the form shows it again; every other error is
// returned.
func submit(c *fiber.Ctx, sub submission) error {
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(sub.limited, err)
	}
	var answer func() error
	if err = sub.limited; err == nil {
		answer, err = sub.do(values)
	}
	if e, ok := errors.AsType[*chat.Error](err); ok {
		retryAfter(c, e)
	}
	if fault, ok := formFault(err); ok || sub.forbidden && chat.ErrorCode(err) == chat.CodeForbidden {
		return sub.show(values, fault)
	}
	if err != nil {
		return err
	}
	return answer()
}

// formCodes are the codes of refusals that concern a form's content or rate.
var formCodes = []chat.Code{chat.CodeInvalid, chat.CodeTooLarge, chat.CodeUnsupported, chat.CodeTooOften,
	chat.CodeNoSpace}

// formFault returns a refusal as a form shows it. ok reports whether every form shows it: invalid input, rate limit, or
// no space. Not found, signed out and internal errors have pages of their own.
//
// Forms that cannot use submit ask it themselves: pictures, sign-ins with their next step, edits in conflict. Only the
// composer is shown after other errors too, with the files that it holds.
func formFault(err error) (f views.Fault, ok bool) {
	e, ok := errors.AsType[*chat.Error](err)
	if !ok {
		return views.Fault{}, false
	}
	return views.Fault{Status: statuses[e.Code], Field: e.Field, Message: e.Message}, slices.Contains(formCodes, e.Code)
}

// to returns an answer that redirects to path.
func to(c *fiber.Ctx, path string) func() error { return func() error { return redirect(c, path) } }
