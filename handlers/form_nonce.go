package handlers

import (
	"crypto/rand"
	"crypto/subtle"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// formLifetime is how long a browser keeps the nonce of a form.
const formLifetime = time.Hour

// newFormNonce sets a cookie with a secret for one sign-in form, and returns it for the form: both must be sent back. A
// form shown again with faults keeps its nonce.
func (s signInHandlers) newFormNonce(c *fiber.Ctx, nonce string) string {
	if nonce == "" {
		nonce = rand.Text()
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-form"), Value: nonce, Path: "/", MaxAge: int(formLifetime.Seconds()),
		Expires: time.Now().Add(formLifetime),
		Secure:  s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return nonce
}

// formNonce returns the nonce of a sign-in form, or "": other programs need not send one.
func (s signInHandlers) formNonce(c *fiber.Ctx, values url.Values) string {
	nonce := values.Get("form")
	if len(nonce) != len(rand.Text()) ||
		subtle.ConstantTimeCompare([]byte(nonce), []byte(c.Cookies(s.cookie("-form")))) == 0 {
		return ""
	}
	return nonce
}

// keepsCookies refuses a form whose page set a cookie that was not sent back: the user would be signed out at once, and
// lose their name or use up the link. A form without the nonce comes from another program. The error is for no field.
func (s signInHandlers) keepsCookies(c *fiber.Ctx, values url.Values) error {
	if values.Get("form") == "" || c.Cookies(s.cookie("-form")) != "" {
		return nil
	}
	do := "allow cookies for this address"
	if s.PublicURL != "" {
		do = "open " + s.PublicURL + " in place of this address, and allow cookies there"
	}
	return chat.Errorf(chat.CodeInvalid,
		"Nothing was done: this page was open for too long, or your browser keeps no cookies here, and would forget you at "+
			"once. Try once more. If this comes again, %s.", do)
}
