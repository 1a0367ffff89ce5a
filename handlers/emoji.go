package handlers

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/assets"
	"chitchat/chat"
	"chitchat/views"
)

// messagePathPattern matches the path of a message: nothing else may become the action of a form.
var messagePathPattern = regexp.MustCompile(`^/c/[^/?#\\]+/[1-9][0-9]{0,18}(/thread/[1-9][0-9]{0,18})?$`)

// maxFoundCustom is the number of custom emoji that a search shows.
const maxFoundCustom = 40

// showEmoji shows the emoji with which one can react to the message whose path is the parameter for. It reads no
// message: the reaction is decided when it is sent.
func (s messageHandlers) showEmoji(c *fiber.Ctx, a chat.Actor) error {
	p := views.EmojiPicker{For: strings.Clone(c.Query("for")), Query: strings.Clone(sanitizeEcho(c.Query("q")))}
	if !utf8.ValidString(p.For) || !messagePathPattern.MatchString(p.For) {
		return errNotFound
	}
	recent, err := s.Chat.Messages.RecentEmoji(c.UserContext(), a)
	if err != nil {
		return err
	}
	p.Recent, p.Tone = recent, views.EmojiTone(recent)
	p.Custom, p.Found = s.Chat.Messages.CustomEmoji(), s.Chat.Messages.FindEmoji(p.Query, maxFoundCustom)
	if tone, err := strconv.Atoi(c.Query("tone")); err == nil && tone >= 0 && tone <= assets.SkinTones {
		p.Tone = tone
	}
	if group, err := strconv.Atoi(c.Query("group")); err == nil && group >= 0 && group <= len(assets.EmojiGroups()) {
		p.Group = group
	}
	fragment := views.EmojiFragment(p)
	if c.Context().QueryArgs().Has("q") { // the form asks: it stays as it is
		fragment = views.EmojiGrid(p)
	}
	return s.respond(c, a, fiber.StatusOK, fragment, func(l views.Layout) templ.Component { return views.EmojiPage(l, p) })
}

// Shortcode returns the emoji of a shortcode such as tada, without colons; "" if there is none.
func Shortcode(code string) string { return assets.EmojiOfCode(code) }
