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

// submission is what a form does, and how it comes back, still filled in, when it is refused.
type submission struct {
	// limited is the limit that is used up, or nil. It is asked before the form is read, so that forms that are cut
	// off count too, and it is refused after: what was typed comes back.
	limited error
	// do calls the verb. answer is called only if err is nil: by then it is done, and a fault of the answer must not
	// show the form, which would say that it was not.
	do func(values url.Values) (answer func() error, err error)
	// show is the page of the form, with what was typed.
	show func(values url.Values, fault views.Fault) error
	// forbidden says that the page stands, with its message, also for those who may not do this. Other pages would
	// leave out their form, and the reason with it.
	forbidden bool
}

// submit does what a form of the request asks for. A refusal that is about the form brings it back; every other error
// is returned.
func submit(c *fiber.Ctx, sub submission) error {
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(sub.limited, err)
	}
	var answer func() error
	if err = sub.limited; err == nil {
		answer, err = sub.do(values)
	}
	if fault, ok := formFault(err); ok || sub.forbidden && chat.ErrorCode(err) == chat.CodeForbidden {
		return sub.show(values, fault)
	}
	if err != nil {
		return err
	}
	return answer()
}

// formCodes are of refusals that are about what a form holds, or when it came.
var formCodes = []chat.Code{chat.CodeInvalid, chat.CodeTooLarge, chat.CodeUnsupported, chat.CodeTooOften,
	chat.CodeNoSpace}

// formFault is a refusal as a form shows it. ok says whether every form does: what it holds is at fault, it came too
// often, or there is no room for it. What is not there, who is signed out and what is our own fault have a page of
// their own.
func formFault(err error) (f views.Fault, ok bool) {
	e, ok := errors.AsType[*chat.Error](err)
	if !ok {
		return views.Fault{}, false
	}
	return views.Fault{Status: statuses[e.Code], Field: e.Field, Message: e.Message}, slices.Contains(formCodes, e.Code)
}

// to leads to path once a form has done what it does.
func to(c *fiber.Ctx, path string) func() error { return func() error { return redirect(c, path) } }
