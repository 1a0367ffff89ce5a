package views

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"chitchat/chat"
)

func userURL(u chat.User) string { return "/u/" + u.ID.String() }

// avatarURL returns the URL of a picture: each picture has its own.
func avatarURL(u chat.User) string { return userURL(u) + "/avatar/" + u.Avatar.String() }

// hues is the number of avatar colours: the style sheet has one rule for each.
const hues = 24

// hue returns a user's colour. It is permanent and independent of the name.
func hue(id chat.ID) string { return strconv.Itoa(int(id % hues)) }

// initial returns an avatar's character: the name's first letter or digit, because a sign may precede them.
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
