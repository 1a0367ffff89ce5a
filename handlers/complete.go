package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"chitchat/assets"
	"chitchat/chat"
	"chitchat/views"
)

// maxCompletions is the number of completions that are offered at once: they fit above the text without scrolling.
const maxCompletions = 8

// completionKinds are what can be completed, by the parameter kind.
var completionKinds = map[string]struct {
	title string
	find  func(*Server, *fiber.Ctx, chat.Actor, chat.Access, string) ([]views.Completion, error)
}{
	"user":    {"People", completeUser},
	"channel": {"Channels", completeChannel},
	"emoji":   {"Emoji", completeEmoji},
	"command": {"Commands", completeCommand},
}

// showCompletions answers how a text in a channel can go on from what was typed: the parameter q, with or without the
// sign before it. It shows what the user could find elsewhere. Its answer has no page of its own.
func (s messageHandlers) showCompletions(c *fiber.Ctx, a chat.Actor) error {
	kind, known := completionKinds[c.Query("kind")]
	if !known {
		return errNotFound
	}
	acc, err := s.Chat.Channels.Access(c.UserContext(), a, strings.Clone(c.Query("channel")))
	if err != nil {
		return err
	}
	list, err := kind.find(s.Server, c, a, acc, sanitizeEcho(strings.Clone(c.Query("q"))))
	if err != nil {
		return err
	}
	return render(c, fiber.StatusOK, views.Completions(kind.title, list))
}

// callCompletions are the words that mention many. They stand behind the people: whoever chooses the first completion
// unseen calls nobody else.
var callCompletions = []views.Completion{
	{Insert: "@channel ", Sign: "@", Name: "@channel", Note: "Everyone in this channel"},
	{Insert: "@here ", Sign: "@", Name: "@here", Note: "Everyone in this channel who is online"},
	{Insert: "@everyone ", Sign: "@", Name: "@everyone", Note: "Everyone in this channel"},
}

func completeUser(s *Server, c *fiber.Ctx, a chat.Actor, acc chat.Access,
	q string) (list []views.Completion, err error) {
	q = strings.TrimPrefix(q, "@")
	var calls []views.Completion
	for _, call := range callCompletions {
		if q != "" && a.Role.May(chat.MayMentionAll) && strings.HasPrefix(call.Name[1:], strings.ToLower(q)) {
			calls = append(calls, call)
		}
	}
	people, err := s.Chat.Users.CompleteName(c.UserContext(), a, acc, q, maxCompletions-len(calls))
	if err != nil {
		return nil, err
	}
	for i := range people {
		p := &people[i]
		note := ""
		if p.Handle != "" {
			note = "@" + p.Handle
		}
		list = append(list, views.Completion{Insert: "@" + p.Name + " ", Name: p.Name, Note: note, User: p})
	}
	return append(list, calls...), nil
}

func completeChannel(s *Server, c *fiber.Ctx, a chat.Actor, _ chat.Access,
	q string) (list []views.Completion, err error) {
	found, err := s.Chat.Channels.CompleteName(c.UserContext(), a, strings.TrimPrefix(q, "#"), maxCompletions)
	for _, ch := range found {
		list = append(list, views.Completion{Insert: "#" + ch.Name + " ", Sign: "#", Name: ch.Name, Note: ch.Topic})
	}
	return list, err
}

func completeEmoji(s *Server, c *fiber.Ctx, a chat.Actor, _ chat.Access,
	q string) (list []views.Completion, err error) {
	for _, e := range s.Chat.Messages.FindEmoji(q, maxCompletions) {
		list = append(list, views.Completion{Insert: e.Text() + " ", Picture: e.ID, Name: e.Name, Note: e.Text()})
	}
	found := assets.FindEmoji(q, maxCompletions-len(list))
	if len(found) == 0 {
		return list, nil
	}
	recent, err := s.Chat.Messages.RecentEmoji(c.UserContext(), a)
	tone := views.EmojiTone(recent)
	for _, e := range found {
		text := e.Toned(tone)
		note := ""
		if len(e.Codes) > 0 {
			note = ":" + e.Codes[0] + ":"
		}
		list = append(list, views.Completion{Insert: text + " ", Sign: text, Name: e.Name, Note: note})
	}
	return list, err
}

func completeCommand(_ *Server, _ *fiber.Ctx, _ chat.Actor, _ chat.Access,
	q string) (list []views.Completion, err error) {
	q = strings.ToLower(strings.TrimPrefix(q, "/"))
	for _, cmd := range slashCommands {
		if !strings.HasPrefix(cmd.Name, q) {
			continue
		}
		if len(list) == maxCompletions-1 && cmd.Name != "help" {
			continue // the last one tells of the others
		}
		name := "/" + cmd.Name
		list = append(list, views.Completion{Insert: name + " ", Name: strings.TrimSpace(name + " " + cmd.Args),
			Note: cmd.Help})
	}
	return list, nil
}
