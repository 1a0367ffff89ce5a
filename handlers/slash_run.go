package handlers

import (
	"cmp"
	"errors"
	"strings"

	"chitchat/chat"
)

// people returns the users whom the arguments name, one after the other, and the text after the last. Each has an @
// before it; before the first it may be left out.
func (l slashCall) people(most int) (people []chat.User, text string, err error) {
	for text = l.args; len(people) == 0 || strings.HasPrefix(text, "@"); {
		if len(people) == most {
			return nil, "", chat.Invalid("body", "Nothing was done: at most %d people fit in one command.", most)
		}
		var user chat.User
		if user, text, err = l.Chat.Users.Named(l.c.UserContext(), l.a, text); err != nil {
			return nil, "", err
		}
		people = append(people, user)
		text = strings.TrimSpace(strings.TrimLeft(text, ",:"))
	}
	return people, text, nil
}

func (l slashCall) direct() (slashDone, error) {
	people, text, err := l.people(chat.MaxDirect + 1) // with one too many, chat says why not
	if err != nil {
		return slashDone{}, err
	}
	ids := make([]chat.ID, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	ch, err := l.Chat.Channels.CreateDirect(l.c.UserContext(), l.a, ids)
	if err == nil && text != "" {
		_, _, err = l.Chat.Messages.Post(l.c.UserContext(), l.a, ch.Slug, chat.Draft{Body: text, ClientID: l.clientID,
			Confirm: l.confirm})
	}
	return slashDone{to: channelPath(ch.Slug)}, err
}

// maxInvited bounds the people of one command: each is a change that all members' pages hear of.
const maxInvited = 20

// invite adds nobody unless all the people exist. What fails after that is said together with what was done.
func (l slashCall) invite() (slashDone, error) {
	people, text, err := l.people(maxInvited)
	if err != nil {
		return slashDone{}, err
	}
	if text != "" {
		return slashDone{}, chat.Invalid("body", "Nobody was added: there is an @ before each name, "+
			"and nothing else. It is used like this: /invite @Ada @Bob")
	}
	var added []string
	for _, u := range people {
		err := l.rateLimit(l.c, l.invites, l.a)
		if err == nil {
			_, err = l.Chat.Channels.AddMember(l.c.UserContext(), l.a, l.slug, u.Name)
		}
		if e, ok := errors.AsType[*chat.Error](err); ok && len(added) > 0 {
			with := *e
			with.Message = addedText(added) + " " + e.Message
			return slashDone{}, &with
		}
		if err != nil {
			return slashDone{}, err
		}
		added = append(added, u.Name)
	}
	return slashDone{reply: "added", text: addedText(added)}, nil
}

func addedText(names []string) string {
	if len(names) == 1 {
		return names[0] + " is in this channel now."
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " are in this channel now."
}

// join says the same of channels that do not exist and of those that the user does not see.
func (l slashCall) join() (slashDone, error) {
	ch, err := l.Chat.Channels.Named(l.c.UserContext(), l.a, l.args)
	if err == nil {
		err = l.Chat.Channels.Join(l.c.UserContext(), l.a, ch.Slug)
	}
	if chat.ErrorCode(err) == chat.CodeNotFound {
		err = chat.Invalid("body", "There is no channel of that name, or it is not yours to see. Nothing was done. "+
			"“All channels”, in the sidebar, lists those that you can join.")
	}
	return slashDone{to: channelPath(ch.Slug)}, err
}

func (l slashCall) leave() (slashDone, error) {
	return slashDone{to: "/c"}, l.Chat.Channels.Leave(l.c.UserContext(), l.a, l.slug)
}

func (l slashCall) topic() (slashDone, error) {
	_, err := l.Chat.Channels.SetTopic(l.c.UserContext(), l.a, l.slug, l.args)
	return slashDone{reply: "topic"}, err
}

func (l slashCall) rename() (slashDone, error) {
	ch, err := l.Chat.Channels.Rename(l.c.UserContext(), l.a, l.slug, l.args)
	return slashDone{to: channelPath(ch.Slug)}, err
}

// archive leads to the form that says what archiving means: it changes nothing by itself.
func (l slashCall) archive() (slashDone, error) {
	acc, err := l.Chat.Channels.Access(l.c.UserContext(), l.a, l.slug)
	if err != nil {
		return slashDone{}, err
	}
	if refusal := acc.ArchiveRefusal(); refusal != nil {
		return slashDone{}, refusal
	}
	return slashDone{to: channelPath(acc.Channel.Slug) + "/settings#archive"}, nil
}

func (l slashCall) mute() (slashDone, error) {
	acc, err := l.Chat.Channels.Access(l.c.UserContext(), l.a, l.slug)
	if err != nil {
		return slashDone{}, err
	}
	m := acc.Membership
	err = l.Chat.Channels.SetPreferences(l.c.UserContext(), l.a, l.slug, m.Favourite, !m.Muted,
		cmp.Or(m.Notify, chat.NotifyAll), m.Section)
	if m.Muted {
		return slashDone{reply: "unmuted"}, err
	}
	return slashDone{reply: "muted"}, err
}

func (l slashCall) away() (slashDone, error) {
	away, err := l.Chat.Users.ToggleAway(l.c.UserContext(), l.a)
	if away {
		return slashDone{reply: "away"}, err
	}
	return slashDone{reply: "back"}, err
}

// status sets a status without an end. Its emoji may be a shortcode. As in other chats, "clear" clears it, too.
func (l slashCall) status() (slashDone, error) {
	var status chat.Status
	words := strings.Fields(l.args)
	if len(words) > 0 {
		code, opened := strings.CutPrefix(words[0], ":")
		code, closed := strings.CutSuffix(code, ":")
		if emoji := Shortcode(strings.ToLower(code)); opened && closed && emoji != "" {
			words[0] = emoji
		}
	}
	switch {
	case strings.EqualFold(l.args, "clear"):
	case len(words) > 0 && chat.BigEmoji(words[0]):
		status = chat.Status{Emoji: words[0], Text: strings.Join(words[1:], " ")}
	default:
		status.Text = l.args
	}
	err := l.Chat.Users.SetStatus(l.c.UserContext(), l.a, status)
	if status == (chat.Status{}) {
		return slashDone{reply: "cleared"}, err
	}
	return slashDone{reply: "status"}, err
}

func (l slashCall) help() (slashDone, error) { return slashDone{reply: "help"}, nil }
