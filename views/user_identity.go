package views

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"chitchat/chat"
)

func userURL(u chat.User) string { return "/u/" + u.ID.String() }

// avatarURL is the address of a picture: another picture has another one.
func avatarURL(u chat.User) string { return userURL(u) + "/avatar/" + u.Avatar.String() }

// hues is the number of colours that avatars come in: the style sheet has one rule for each.
const hues = 24

// hue is the same for a person everywhere and for ever, whatever their name.
func hue(id chat.ID) string { return strconv.Itoa(int(id % hues)) }

// initial is what an avatar shows of a name: its first letter or digit, for a sign may stand before them.
func initial(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Lm, r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	r, _ := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r))
}

func handle(u chat.User) string {
	if u.Handle == "" {
		return ""
	}
	return "@" + u.Handle
}
