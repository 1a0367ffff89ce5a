package handlers

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

var errSignedOut = chat.Errorf(chat.CodeSignedOut, "You are signed out. Nothing was changed; sign in to go on.")

var errNotFound = chat.Errorf(chat.CodeNotFound, "There is nothing here, or it is not yours to see.")

// statuses maps chat's error codes to HTTP statuses.
var statuses = map[chat.Code]int{
	chat.CodeInvalid:     fiber.StatusUnprocessableEntity,
	chat.CodeNotFound:    fiber.StatusNotFound,
	chat.CodeForbidden:   fiber.StatusForbidden,
	chat.CodeTooLarge:    fiber.StatusRequestEntityTooLarge,
	chat.CodeUnsupported: fiber.StatusUnsupportedMediaType,
	chat.CodeTooOften:    fiber.StatusTooManyRequests,
	chat.CodeNoSpace:     fiber.StatusInsufficientStorage,
	chat.CodeSignedOut:   fiber.StatusUnauthorized,
	chat.CodeInternal:    fiber.StatusInternalServerError,
}

// titles are the headings of error pages; sentences are the texts of errors that have none of their own.
var titles = map[int]string{
	fiber.StatusBadRequest:                  "That was not understood",
	fiber.StatusUnauthorized:                "You are signed out",
	fiber.StatusForbidden:                   "Not allowed",
	fiber.StatusNotFound:                    "Not found",
	fiber.StatusMethodNotAllowed:            "Not possible here",
	fiber.StatusRequestTimeout:              "Too slow",
	fiber.StatusRequestEntityTooLarge:       "Too large",
	fiber.StatusUnsupportedMediaType:        "Not this kind of file",
	fiber.StatusUnprocessableEntity:         "Something needs another look",
	fiber.StatusMisdirectedRequest:          "Another address",
	fiber.StatusUpgradeRequired:             "For programs only",
	fiber.StatusTooManyRequests:             "Too often",
	fiber.StatusRequestHeaderFieldsTooLarge: "Too large",
	fiber.StatusInsufficientStorage:         "No room left",
	fiber.StatusInternalServerError:         "Something went wrong",
}

var sentences = map[int]string{
	fiber.StatusBadRequest:                  "The request arrived incomplete or broken. Nothing was changed; try again.",
	fiber.StatusNotFound:                    "There is nothing here, or it is not yours to see.",
	fiber.StatusMethodNotAllowed:            "This address does not take that kind of request.",
	fiber.StatusRequestTimeout:              "The request took too long to arrive. Nothing was changed; try again.",
	fiber.StatusRequestEntityTooLarge:       "The request is larger than what is taken here. Nothing was changed.",
	fiber.StatusUpgradeRequired:             "This address speaks WebSocket: the pages use it to stay up to date.",
	fiber.StatusRequestHeaderFieldsTooLarge: "The request's headers are too large, most likely from too many cookies.",
	fiber.StatusInternalServerError: "It is our fault, and it was noted. Nothing more can be said here; try " +
		"again in a moment.",
}

// retryAfter tells when a retry of what was refused is worthwhile, if that is known.
func retryAfter(c *fiber.Ctx, e *chat.Error) {
	if e.Wait > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int((e.Wait+time.Second-1)/time.Second)))
	}
}

// errorView returns what users see of err. Internal errors are logged under an id that the page shows.
func (s *Server) errorView(c *fiber.Ctx, err error) views.Problem {
	p := views.Problem{Status: fiber.StatusInternalServerError}
	id, handled := c.Locals(requestIDLocal).(string)
	if e, ok := errors.AsType[*chat.Error](err); ok && statuses[e.Code] != 0 {
		p.Status, p.Message = statuses[e.Code], e.Message
		retryAfter(c, e)
	} else if e, ok := errors.AsType[*fiber.Error](err); ok && e.Code < 500 {
		p.Status = e.Code // Fiber's text is for programmers, and repeats the path
		if e.Code == fiber.StatusMisdirectedRequest {
			p.Message = s.elsewhere(c)
		}
	} else if !handled {
		p.Status = fiber.StatusBadRequest // the connection broke before a request was complete
	}
	if p.Title = titles[p.Status]; p.Title == "" {
		p.Title = titles[fiber.StatusBadRequest]
	}
	if p.Message == "" {
		if p.Message = sentences[p.Status]; p.Message == "" {
			p.Message = sentences[fiber.StatusBadRequest]
		}
	}
	if p.Status == fiber.StatusInternalServerError {
		p.ID = id
		s.Log.LogAttrs(c.UserContext(), slog.LevelError, "request failed", slog.String("request", p.ID),
			slog.String("method", c.Method()), slog.String("route", route(c)), slog.Any("error", err))
	}
	return p
}

// handleError answers every error: a page for people, a fragment for htmx. Fiber also calls it for requests that
// reached no handler.
func (s *Server) handleError(c *fiber.Ctx, err error) error {
	s.setSecurityHeaders(c)
	p := s.errorView(c, err)
	c.Response().ResetBody() // from a page that failed half-way
	if p.Status == fiber.StatusUnauthorized && toSignIn(c) {
		return nil
	}
	if htmx(c) {
		return render(c, p.Status, views.ErrorFragment(p))
	}
	if c.Locals(requestIDLocal) == nil {
		return render(c, p.Status, views.ErrorPage(nil, p))
	}
	// otherwise made-up URLs would yield an unlimited number of cached pages
	if a, err := s.actor(c); err == nil && (route(c) != "none" || s.rateLimit(c, s.changes, a) == nil) {
		if layout, err := s.layout(c, a); err == nil {
			return render(c, p.Status, views.ErrorPage(&layout, p))
		}
	}
	return render(c, p.Status, views.ErrorPage(nil, p))
}

// toSignIn redirects a signed-out user to sign in, and back afterwards. A plain form is not redirected: its page says
// that nothing was done, and Back still has the text.
func toSignIn(c *fiber.Ctx) bool {
	switch {
	case htmx(c):
		here := "/"
		if u, err := url.Parse(c.Get("HX-Current-URL")); err == nil {
			here = u.RequestURI()
		}
		c.Status(fiber.StatusUnauthorized).Set("HX-Redirect", signInURL(here))
	case c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead:
		c.Status(fiber.StatusSeeOther).Set(fiber.HeaderLocation, signInURL(strings.Clone(c.OriginalURL())))
	default:
		return false
	}
	return true
}

func signInURL(next string) string {
	if next = localPath(next); next == "/" {
		return "/signin"
	}
	return "/signin?next=" + url.QueryEscape(next)
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errNotFound
	}
	return err
}
