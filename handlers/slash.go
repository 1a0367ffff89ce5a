package handlers

import (
	"cmp"
	"crypto/sha256"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// A message that begins with a slash and a letter is a command. It is sent as any message is, and is never posted when
// it is unknown or wrong: its form comes back with the text. Two slashes at the beginning send the text, with one.
// Commands are only a way to write what the rest of the program can do: each calls a verb of chat, which decides who
// may do it. An edit is always text.

// slashCommand is a command, and what it does: one of text and run is set.
type slashCommand struct {
	views.SlashCommand
	alone string                             // what is wrong with it without arguments, if there is more to say
	text  func(args string) string           // returns the message to post
	limit func(*Server) userAndIPLimiter     // that run counts in, besides the limit of messages; nil: run counts itself
	run   func(slashCall) (slashDone, error) // does something else
}

// slashCall is a command that was sent.
type slashCall struct {
	messageHandlers
	c        *fiber.Ctx
	a        chat.Actor
	slug     string // of the channel where it was sent
	args     string // what was written after it, trimmed
	clientID string
	confirm  string // see chat.Draft
}

// slashDone is what a command has done: it leads to another page, or it replies.
type slashDone struct {
	to    string // the other page's path
	reply string // the key of slashReplies
	text  string // a more exact reply than that; or ""
}

// slashCommands lists all commands, in the order of the help.
var slashCommands = []slashCommand{
	{SlashCommand: views.SlashCommand{Name: "me", Args: "text", Help: "Sends what you do, in italics."}, text: actionText},
	{SlashCommand: views.SlashCommand{Name: "shrug", Args: "[text]", Help: `Sends the text with ¯\_(ツ)_/¯ after it.`},
		text: shrugText},
	{SlashCommand: views.SlashCommand{Name: "dm", Args: "@name [text]",
		Help: "Opens a direct message to one person or several, and sends the text there."},
		limit: limitNewChannels, run: slashCall.direct},
	{SlashCommand: views.SlashCommand{Name: "invite", Args: "@name…", Help: "Adds people to this channel."},
		run: slashCall.invite},
	{SlashCommand: views.SlashCommand{Name: "join", Args: "#channel", Help: "Joins a channel, and goes there."},
		limit: limitChanges, run: slashCall.join},
	{SlashCommand: views.SlashCommand{Name: "leave", Help: "Leaves this channel."},
		limit: limitChanges, run: slashCall.leave},
	{SlashCommand: views.SlashCommand{Name: "topic", Args: "text", Help: "Changes the topic of this channel."},
		alone: "Nothing was done. The topic is cleared in this channel's settings, and not by accident.",
		limit: limitChanges, run: slashCall.topic},
	{SlashCommand: views.SlashCommand{Name: "rename", Args: "name", Help: "Gives this channel another name."},
		limit: limitChanges, run: slashCall.rename},
	{SlashCommand: views.SlashCommand{Name: "archive", Help: "Leads to where this channel can be archived."},
		run: slashCall.archive},
	{SlashCommand: views.SlashCommand{Name: "mute", Help: "Mutes this conversation, or ends that."},
		limit: limitChanges, run: slashCall.mute},
	{SlashCommand: views.SlashCommand{Name: "away", Help: "Shows you as away, or ends that."},
		limit: limitRenames, run: slashCall.away},
	{SlashCommand: views.SlashCommand{Name: "status", Args: "[emoji] [text]", Help: "Sets your status; alone, clears it."},
		limit: limitRenames, run: slashCall.status},
	{SlashCommand: views.SlashCommand{Name: "help", Help: "Lists the commands, for you alone."}, run: slashCall.help},
}

func limitNewChannels(s *Server) userAndIPLimiter { return s.newChannels }
func limitChanges(s *Server) userAndIPLimiter     { return s.changes }
func limitRenames(s *Server) userAndIPLimiter     { return s.renames }

// slashReplies are what commands reply. Plain forms are redirected to a page with the key in its address.
var slashReplies = map[string]string{
	"added":   "They are in this channel now.",
	"topic":   "Topic changed.",
	"muted":   "This conversation is muted: it counts no unread messages. Send /mute again to end that.",
	"unmuted": "This conversation is not muted any more.",
	"away":    "Others see you as away, until you send /away again.",
	"back":    "You are not shown as away any more.",
	"status":  "Your status is set. Send /status alone to clear it.",
	"cleared": "Your status is cleared.",
	"help":    "",
}

// slashReply returns the reply of that key; nothing for one that does not exist.
func slashReply(key, text string) views.CommandReply {
	r := views.CommandReply{Text: cmp.Or(text, slashReplies[key])}
	if key == "help" {
		for _, cmd := range slashCommands {
			r.Commands = append(r.Commands, cmd.SlashCommand)
		}
	}
	return r
}

// cutSlash splits a text into the name of a command, in lower case, and what is written after it. is reports whether
// the text is a command, known or not. A slash alone is one without a name.
func cutSlash(body string) (name, args string, is bool) {
	rest, is := strings.CutPrefix(body, "/")
	if rest = strings.TrimRightFunc(rest, unicode.IsSpace); !is || rest == "" {
		return "", "", is
	}
	if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(r) {
		return "", "", false
	}
	if end := strings.IndexFunc(rest, unicode.IsSpace); end >= 0 {
		rest, args = rest[:end], strings.TrimSpace(rest[end:])
	}
	return strings.ToLower(rest), args, true
}

// slashless returns a text that is no command as it is sent: of two slashes at its beginning with one.
func slashless(body string) string {
	if strings.HasPrefix(body, "//") {
		return body[1:]
	}
	return body
}

// slash obeys the form's text if it is a command, and otherwise returns it as body, to be posted. Some commands are
// posted too. answer is set once a command has done something else. The error is shown with the form.
func (s messageHandlers) slash(c *fiber.Ctx, a chat.Actor, acc chat.Access, in *incoming,
	files int) (body string, answer func() error, err error) {
	body = in.values.Get("body")
	name, args, is := cutSlash(body)
	if !is {
		return slashless(body), nil, nil
	}
	cmd, err := slashNamed(name, args)
	if err != nil {
		return "", nil, err
	}
	if files+len(in.kept()) > 0 {
		return "", nil, chat.Invalid("body", "A command is sent without files, and nothing was done. Text and files are "+
			"still here: remove the files to send the command, or begin with two slashes to send it as text with them.")
	}
	if cmd.text != nil {
		return cmd.text(args), nil, nil
	}
	done, err := s.slashOnce(cmd, slashCall{s, c, a, acc.Channel.Slug, args, in.values.Get("client_id"),
		in.values.Get("confirm")},
		acc.Channel.ID, body)
	return "", func() error { return answerSlash(c, acc.Address(), done) }, err
}

// slashOnce carries out a command. A retry, when the answer was lost, gets the same answer: it must not end what the
// first one began.
func (s messageHandlers) slashOnce(cmd slashCommand, call slashCall, channel chat.ID, body string) (slashDone, error) {
	key := strings.Join([]string{call.a.ID.String(), channel.String(), cmp.Or(call.clientID, chat.NewID().String()), body},
		"\x00")
	hash := sha256.Sum256([]byte(key))
	form, done, again := s.slashForms.enter(string(hash[:]))
	defer s.slashForms.leave(form)
	if again {
		return done, nil
	}
	if cmd.limit != nil {
		if err := s.rateLimit(call.c, cmd.limit(s.Server), call.a); err != nil {
			return slashDone{}, err
		}
	}
	done, err := cmd.run(call)
	if err == nil {
		s.slashForms.remember(form, done)
	}
	return done, err
}

// answerSlash answers a command: with the page where it leads, or in the composer that sent it.
func answerSlash(c *fiber.Ctx, address string, done slashDone) error {
	switch {
	case done.to != "":
		return redirect(c, done.to)
	case htmx(c):
		return render(c, fiber.StatusOK, views.CommandAnswer(slashReply(done.reply, done.text)))
	}
	return redirect(c, feedPath(address)+"?command="+done.reply)
}
