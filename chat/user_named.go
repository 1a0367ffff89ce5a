package chat

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Named returns the user whom a text names at its beginning, and the text after the name, without the spaces between.
// As in mentions, an @ may precede the name, the longest name wins, and a handle wins over an equal name. It fails with
// CodeInvalid when the actor sees nobody of that name.
func (c Users) Named(ctx context.Context, a Actor, text string) (user User, rest string, err error) {
	text = strings.TrimSpace(text)
	if r, size := utf8.DecodeRuneInString(text); strings.ContainsRune(signs, r) {
		text = text[size:]
	}
	names := namesIn(text)
	slices.Reverse(names)
	keys := nameKeys(names)
	byHandle, byName, err := c.visibleNamed(ctx, a, names, keys)
	if err != nil {
		return User{}, "", err
	}
	for i, name := range names {
		user, known := byHandle[asHandle(name)]
		if !known {
			user, known = byName[keys[i]]
		}
		if known {
			return user, strings.TrimSpace(text[written(text, name):]), nil
		}
	}
	return User{}, "", Invalid("name", "There is nobody called “%s” here.", firstName(text))
}

// visibleNamed returns the users whom the actor sees by handle and by name key, of those that are asked for.
func (c Users) visibleNamed(ctx context.Context, a Actor,
	names, keys []string) (byHandle, byName map[string]User, err error) {
	if len(names) == 0 {
		return nil, nil, nil
	}
	var handles, asked []any
	for i, name := range names {
		asked = append(asked, keys[i])
		if handle := asHandle(name); handle != "" {
			handles = append(handles, handle)
		}
	}
	handleIDs, nameIDs, err := namedPeople(ctx, c.db, handles, asked)
	if err != nil {
		return nil, nil, err
	}
	var ids []ID
	for _, found := range []map[string]ID{handleIDs, nameIDs} {
		for _, id := range found {
			ids = append(ids, id)
		}
	}
	users, err := c.Visible(ctx, a, ids)
	if err != nil {
		return nil, nil, err
	}
	byHandle, byName = make(map[string]User), make(map[string]User)
	for _, u := range users {
		if u.Handle != "" {
			byHandle[u.Handle] = u
		}
		byName[NameKey(u.Name)] = u
	}
	return byHandle, byName, nil
}

// written returns the length of a name at the beginning of a text, where it may be written with decomposed accents.
func written(text, name string) int {
	if strings.HasPrefix(text, name) {
		return len(name)
	}
	for i := range text {
		if i > maxNameBytes {
			break
		}
		if i > 0 && norm.NFC.String(text[:i]) == name {
			return i
		}
	}
	return min(len(text), maxNameBytes)
}

// firstName returns the words of a text up to the next name, as many as a name may have, to be shown in a sentence.
func firstName(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if i := strings.IndexAny(text, signs); i >= 0 {
		text = text[:i]
	}
	text = strings.Map(inLine, strings.ToValidUTF8(text, "\ufffd"))
	if runes := []rune(text); len(runes) > MaxNameLen {
		text = string(runes[:MaxNameLen]) + "…"
	}
	return strings.TrimSpace(text)
}
