package handlers

import (
	"io"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// draftsPerMinute is how many drafts a user may save in a minute: one every two seconds while typing, twice over.
const draftsPerMinute = 60

func (s messageHandlers) showDrafts(c *fiber.Ctx, a chat.Actor) error {
	list, err := s.Chat.Drafts.List(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component { return views.DraftsPage(l, list) })
}

// saveDraft saves the text of a channel's composer as a draft, or with thread={seq} that of a thread's; without a text
// it deletes the draft. A page that saves while its user types gets an answer without content. A plain form leads to
// the conversation, or after a deletion to the other drafts.
func (s messageHandlers) saveDraft(c *fiber.Ctx, a chat.Actor) error {
	address := param(c, "slug")
	limited := s.rateLimit(c, s.drafts, a)
	values, err := readForm(c, maxMessageForm, maxMessageForm, func(string, io.Reader) error { return nil })
	if err != nil {
		return err
	}
	if root := values.Get("thread"); root != "" {
		seq, err := parseSeq(root)
		if err != nil {
			return err
		}
		address = chat.ThreadAddress(address, seq)
	}
	body := values.Get("body")
	if err = limited; err == nil {
		err = s.Chat.Drafts.Save(c.UserContext(), a, address, body, values.Get("client_id"))
	}
	if fault, ok := formFault(err); ok && !htmx(c) {
		return s.refuseDraft(c, a, address, values, fault)
	}
	if err != nil {
		return err
	}
	c.Vary("HX-Request")
	switch {
	case htmx(c):
		return c.SendStatus(fiber.StatusNoContent)
	case body == "":
		return c.Redirect("/drafts", fiber.StatusSeeOther)
	}
	return c.Redirect(feedPath(address), fiber.StatusSeeOther)
}

// refuseDraft shows the channel or the thread again, with the text that was not saved and the reason.
func (s messageHandlers) refuseDraft(c *fiber.Ctx, a chat.Actor, address string, values url.Values,
	fault views.Fault) error {
	p, err := s.Chat.Messages.Peek(c.UserContext(), a, address)
	if err != nil {
		return err
	}
	form := s.composer(p.Channel)
	form.Body, form.Error = sanitizeEcho(values.Get("body")), fault.Message
	form.Saved = echoedDraft(values)
	if p.Thread != nil {
		return s.renderThread(c, a, fault.Status, views.ThreadView{Page: p, Composer: form})
	}
	return s.renderChannel(c, a, fault.Status, nil, p, views.ChannelView{Composer: form})
}

// echoedDraft returns which draft a form was filled with, to be shown again in it.
func echoedDraft(values url.Values) string {
	if id := sanitizeEcho(values.Get("draft")); len(id) <= chat.MaxClientIDLen {
		return id
	}
	return ""
}

// composerWith returns the composer of a channel, or of the thread there with this ID, filled with the reader's draft.
func (s *Server) composerWith(c *fiber.Ctx, a chat.Actor, ch chat.Channel, feed chat.ID) (views.Composer, error) {
	form := s.composer(ch)
	d, err := s.Chat.Drafts.Draft(c.UserContext(), a, feed)
	form.Body, form.Saved = d.Body, d.ClientID
	return form, err
}

// discardDraft deletes the draft that became a command: the command is done, whether that works or not.
func (s messageHandlers) discardDraft(c *fiber.Ctx, a chat.Actor, acc chat.Access, values url.Values) {
	err := s.Chat.Drafts.Discard(c.UserContext(), a, acc.Address(), chat.Draft{
		Body: values.Get("body"), ClientID: values.Get("client_id"), Saved: values.Get("draft"),
	})
	if err != nil && chat.ErrorCode(err) == chat.CodeInternal {
		s.Log.Error("a draft was not discarded", "error", err)
	}
}
