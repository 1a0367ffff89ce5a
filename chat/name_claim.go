package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// claimName checks that the claimer can take the name: it is free, their own, or its holders do not keep it, and the
// same for names that it looks like. A user may change the letters of their name only if it looks like no other names
// than before: while alice exists, aiice may not become aIice. It writes nothing when it refuses.
func claimName(ctx context.Context, tx *sqlite.Tx, name string, claimer ID) error {
	list, err := nameHolders(ctx, tx, NameKey(name))
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(h nameHolder) bool { return h.id == claimer && h.byName }); i >= 0 {
		return mayRewrite(ctx, tx, name, list[i]) // even if it is another user's handle from earlier times
	}
	for _, h := range list {
		switch {
		case h.id == claimer || !h.keeps:
		case !h.byName:
			return Invalid("name", "“%s” is somebody's handle: it would be theirs when someone writes @%s. Please "+
				"choose another name.", name, name)
		case h.name == name:
			return Invalid("name", "The name “%s” is taken. Please choose another one.", name)
		default:
			return tooMuchAlike(name, h)
		}
	}
	alike, err := lookalikesOf(ctx, tx, name)
	if err != nil {
		return err
	}
	for _, h := range alike {
		if h.keeps && h.id != claimer {
			return tooMuchAlike(name, h)
		}
	}
	return freeNames(ctx, tx, append(list, alike...), claimer)
}

// mayRewrite refuses a change of letters that makes a user's name look like another one that it did not look like
// before.
func mayRewrite(ctx context.Context, tx *sqlite.Tx, name string, own nameHolder) error {
	alike, err := lookalikesOf(ctx, tx, name)
	if err != nil || len(alike) == 0 {
		return err
	}
	before, err := lookalikesOf(ctx, tx, own.name)
	if err != nil {
		return err
	}
	for _, h := range alike {
		if h.keeps && h.id != own.id && !slices.ContainsFunc(before, func(b nameHolder) bool { return b.id == h.id }) {
			return tooMuchAlike(name, h)
		}
	}
	return nil
}

func tooMuchAlike(name string, h nameHolder) error {
	if h.looksByName(name) {
		return Invalid("name", "The name “%s” looks too much like “%s”, which is taken. Please choose another one.", name,
			h.name)
	}
	return Invalid("name", "The name “%s” looks too much like @%s, which is somebody's handle. Please choose another one.",
		name, h.handle)
}

// looksByName reports whether the name looks like the holder's name, not only like their handle.
func (h nameHolder) looksByName(name string) bool {
	return h.byName || h.handle == "" || likenessOf(name).alike(likenessOf(h.name))
}

// claimHandle is claimName for a handle that is not the claimer's yet. The user of that name may always have it,
// whatever it looks like: it names them anyway.
func claimHandle(ctx context.Context, tx *sqlite.Tx, handle string, claimer ID) error {
	list, err := nameHolders(ctx, tx, handle)
	if err != nil {
		return err
	}
	own := false
	for _, h := range list {
		switch {
		case h.id == claimer || !h.keeps:
			own = own || h.id == claimer && h.byName
		case h.byName:
			return Invalid("handle", "@%s calls someone of that name. Please choose another handle.", handle)
		default:
			return Invalid("handle", "The handle @%s is taken. Please choose another one.", handle)
		}
	}
	alike, err := lookalikesOf(ctx, tx, handle)
	if err != nil {
		return err
	}
	for _, h := range alike {
		switch {
		case h.id == claimer || !h.keeps || own:
		case h.looksByName(handle):
			return Invalid("handle", "@%s looks too much like “%s”, which is somebody's name. Please choose another handle.",
				handle, h.name)
		default:
			return Invalid("handle", "@%s looks too much like @%s, which is somebody's handle. Please choose another one.",
				handle, h.handle)
		}
	}
	return freeNames(ctx, tx, list, claimer)
}
