package handlers

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// maxFoundPeople is the number of people that a search shows.
const maxFoundPeople = 50

// showSearch shows what a search finds: messages, or with ?type= files, channels or people; for htmx only the results.
func (s messageHandlers) showSearch(c *fiber.Ctx, a chat.Actor) error {
	v := views.Search{Query: sanitizeEcho(c.Query("q")), Type: c.Query("type", views.SearchTypes[0])}
	if v.Type == "files" { // they have a page of their own, for the files of a channel too
		return redirect(c, "/files?"+url.Values{"q": {v.Query}}.Encode())
	}
	if !slices.Contains(views.SearchTypes, v.Type) {
		return errNotFound
	}
	page, err := strconv.Atoi(c.Query("page", "1"))
	if err != nil || page < 1 {
		return errNotFound
	}
	ctx := c.UserContext()
	switch v.Type {
	case "channels":
		v.Channels, v.More, err = s.Chat.Channels.Search(ctx, a, v.Query, false)
	case "people":
		v.People, err = s.Chat.Users.Search(ctx, a, v.Query, maxFoundPeople)
		v.More = len(v.People) == maxFoundPeople
	default:
		zone, zoneErr := s.zone(c, a)
		if zoneErr != nil {
			return zoneErr
		}
		if v.Found, err = s.Chat.Messages.Search(ctx, a, chat.SearchQuery{Text: v.Query, Page: page - 1,
			Zone: zone}); err == nil {
			v.Suggestions, err = s.Chat.Messages.SuggestTerms(ctx, a, v.Query)
		}
	}
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, views.SearchResults(v),
		func(l views.Layout) templ.Component { return views.SearchPage(l, v) })
}
