package handlers

import (
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// postSubmission posts a body to a form, and returns how it was answered: "form" and the fault with the typed text, or
// the error left to the error page.
func postSubmission(t *testing.T, contentType, body string, sub submission) (answer string, left error) {
	t.Helper()
	sub.show = func(values url.Values, fault views.Fault) error {
		answer = "form " + fault.Message + " " + values.Get("name")
		return nil
	}
	app := fiber.New(fiber.Config{StreamRequestBody: true})
	app.Post("/", func(c *fiber.Ctx) error {
		left = submit(c, sub)
		return c.SendStatus(fiber.StatusOK)
	})
	r := httptest.NewRequest(fiber.MethodPost, "/", strings.NewReader(body))
	r.Header.Set(fiber.HeaderContentType, contentType)
	resp, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer, left
}

// Every refusal that concerns the form shows it again with the typed text, and no other error does.
func TestFormComesBackByOneRule(t *testing.T) {
	for code, want := range map[chat.Code]struct{ form, forbidding bool }{
		chat.CodeInvalid:     {true, true},
		chat.CodeTooLarge:    {true, true},
		chat.CodeUnsupported: {true, true},
		chat.CodeTooOften:    {true, true},
		chat.CodeNoSpace:     {true, true},
		chat.CodeForbidden:   {false, true},
		chat.CodeNotFound:    {false, false},
		chat.CodeSignedOut:   {false, false},
		chat.CodeInternal:    {false, false},
	} {
		for _, forbidden := range []bool{false, true} {
			refusal := chat.Errorf(code, "refused")
			sub := submission{forbidden: forbidden, do: func(url.Values) (func() error, error) { return nil, refusal }}
			answer, left := postSubmission(t, fiber.MIMEApplicationForm, "name=typed", sub)
			back := want.form
			if forbidden {
				back = want.forbidding
			}
			if back && (answer != "form refused typed" || left != nil) ||
				!back && (answer != "" || !errors.Is(left, refusal)) {
				t.Errorf("%s, forbidden %v: %q, %v", code, forbidden, answer, left)
			}
		}
	}
}

// Once a limit is reached, the verb is not called and the form is shown again; a malformed form is reported only within
// the limit.
func TestFormOverTheLimitComesBack(t *testing.T) {
	called := false
	sub := submission{
		limited: chat.Errorf(chat.CodeTooOften, "too often"),
		do:      func(url.Values) (func() error, error) { called = true; return nil, nil },
	}
	answer, left := postSubmission(t, fiber.MIMEApplicationForm, "name=typed", sub)
	if answer != "form too often typed" || left != nil {
		t.Errorf("%q, %v", answer, left)
	}
	answer, left = postSubmission(t, "text/plain", "name=typed", sub)
	if answer != "" || !errors.Is(left, sub.limited) {
		t.Errorf("broken: %q, %v", answer, left)
	}
	sub.limited = nil
	answer, left = postSubmission(t, "text/plain", "name=typed", sub)
	if answer != "" || !errors.Is(left, fiber.ErrBadRequest) {
		t.Errorf("broken, within the limit: %q, %v", answer, left)
	}
	if called {
		t.Error("the verb was called")
	}
}

// An error after the verb has succeeded must not show the form again: the user would send it twice.
func TestFormOfWhatWasDoneStaysAway(t *testing.T) {
	refusal := chat.Errorf(chat.CodeNoSpace, "no room for the session")
	sub := submission{do: func(url.Values) (func() error, error) { return func() error { return refusal }, nil }}
	answer, left := postSubmission(t, fiber.MIMEApplicationForm, "name=typed", sub)
	if answer != "" || !errors.Is(left, refusal) {
		t.Errorf("%q, %v", answer, left)
	}
}
