package chat

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"chitchat/chat/sqlite"
)

// Limits of a channel's texts, in characters.
const (
	MaxTopicLen       = 250
	MaxDescriptionLen = 2000
)

// ChannelSettings holds what those who manage a channel can change.
type ChannelSettings struct {
	Name        string
	Topic       string // one line, shown beside the name
	Description string // what the channel is for
	Private     bool
	Announce    bool // only those who manage the channel may post
	SlowSeconds int  // minimum time between two messages of other members: one of SlowSteps
}

// cleanText cleans a topic or a description. Only a text of several lines keeps its line breaks.
func cleanText(field, what, s string, limit int, lines bool) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", Invalid(field, "The %s is not valid text (UTF-8).", what)
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return "", Invalid(field, "The %s is too long: %d characters, and at most %d fit.", what, n, limit)
	}
	if overMarked(s) {
		return "", Invalid(field, "There are too many accents on one letter of the %s. At most %d fit.", what, maxLineMarks)
	}
	if blank(s) {
		return "", nil
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		}
		return inLine(r)
	}, s), nil
}

func cleanTopic(s string) (string, error) { return cleanText("topic", "topic", s, MaxTopicLen, false) }

// Update changes a channel's settings. When its slug changes, the old slug leads to it. When it becomes private, the
// sockets in it of all non-members close.
func (c Channels) Update(ctx context.Context, a Actor, slug string, s ChannelSettings) (Channel, error) {
	return c.update(ctx, a, slug, func(acc Access) (err error) {
		if s.Name, err = cleanChannelName(s.Name); err != nil {
			return err
		}
		if s.Topic, err = cleanTopic(s.Topic); err != nil {
			return err
		}
		if s.Description, err = cleanText("description", "description", s.Description, MaxDescriptionLen, true); err != nil {
			return err
		}
		if err := cleanSlow(s.SlowSeconds); err != nil {
			return err
		}
		if s.Private && acc.General {
			return Invalid("private", "%s is everyone's: it cannot be private.", acc.Channel.Name)
		}
		return nil
	}, func(ch *Channel) {
		ch.Name, ch.Topic, ch.Description = s.Name, s.Topic, s.Description
		ch.Announce, ch.SlowSeconds, ch.Kind = s.Announce, s.SlowSeconds, Public
		if s.Private {
			ch.Kind = Private
		}
	})
}

// SetTopic is Update for the topic alone: what others change at the same time stays.
func (c Channels) SetTopic(ctx context.Context, a Actor, slug, topic string) (Channel, error) {
	return c.update(ctx, a, slug, func(Access) (err error) {
		topic, err = cleanTopic(topic)
		return err
	}, func(ch *Channel) { ch.Topic = topic })
}

// Rename is Update for the name alone: what others change at the same time stays.
func (c Channels) Rename(ctx context.Context, a Actor, slug, name string) (Channel, error) {
	return c.update(ctx, a, slug, func(Access) (err error) {
		name, err = cleanChannelName(name)
		return err
	}, func(ch *Channel) { ch.Name = name })
}

// update changes a channel's settings by set, if clean finds no fault with the new ones.
func (c Channels) update(ctx context.Context, a Actor, slug string, clean func(Access) error,
	set func(*Channel)) (Channel, error) {
	acc, err := c.manage(ctx, a, slug)
	if err != nil {
		return Channel{}, err
	}
	if !acc.CanEditSettings() {
		return Channel{}, errArchived
	}
	if err := clean(acc); err != nil {
		return Channel{}, err
	}
	return c.editChannel(ctx, a, acc.cached, func(ctx context.Context, tx *sqlite.Tx, ch *Channel) (string, error) {
		before := *ch
		set(ch)
		ch.key = NameKey(ch.Name)
		if err := claimChannelName(ctx, tx, *ch, before); err != nil {
			return "", err
		}
		if ch.Kind != before.Kind || slugify(ch.Name) != slugify(before.Name) {
			slug, err := freeSlug(ctx, tx, *ch)
			if err != nil {
				return "", err
			}
			if err := moveSlug(ctx, tx, ch.ID, before.version, before.Slug, slug); err != nil {
				return "", err
			}
			ch.Slug = slug
		}
		return changes(before, *ch), nil
	})
}

// openName returns a channel's name for the audit log, whose readers may not see the channel: "" unless it is public.
func openName(ch *Channel) string {
	if ch.Kind == Public {
		return ch.Name
	}
	return ""
}

// changes describes a change of settings in words, for the audit log.
func changes(before, now Channel) string {
	var list []string
	add := func(changed bool, text string) {
		if changed {
			list = append(list, text)
		}
	}
	if before.Kind == Public && now.Kind == Public {
		add(before.Name != now.Name, "renamed from “"+before.Name+"” to “"+now.Name+"”")
	} else {
		add(before.Name != now.Name, "renamed")
	}
	add(before.Kind != now.Kind, "made "+string(now.Kind))
	add(before.Topic != now.Topic, "new topic")
	add(before.Description != now.Description, "new description")
	add(before.Announce != now.Announce && now.Announce, "for announcements only")
	add(before.Announce != now.Announce && !now.Announce, "open to all who are in it")
	add(before.SlowSeconds != now.SlowSeconds &&
		now.SlowSeconds > 0, "slow mode, one message "+FormatInterval(time.Duration(now.SlowSeconds)*time.Second))
	add(before.SlowSeconds != now.SlowSeconds && now.SlowSeconds == 0, "no slow mode")
	return strings.Join(list, ", ")
}

// Archive makes a channel read-only until Restore. General Talk cannot be archived.
func (c Channels) Archive(ctx context.Context, a Actor, slug string) (Channel, error) {
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return Channel{}, err
	}
	if refusal := acc.ArchiveRefusal(); refusal != nil {
		return Channel{}, refusal
	}
	return c.editChannel(ctx, a, acc.cached, func(_ context.Context, tx *sqlite.Tx, ch *Channel) (string, error) {
		if ch.Archived() {
			return "", nil
		}
		ch.ArchivedAt = tx.Now
		return "archived", nil
	})
}

// Restore makes an archived channel active again.
func (c Channels) Restore(ctx context.Context, a Actor, slug string) (Channel, error) {
	acc, err := c.manage(ctx, a, slug)
	if err != nil {
		return Channel{}, err
	}
	return c.editChannel(ctx, a, acc.cached, func(ctx context.Context, tx *sqlite.Tx, ch *Channel) (string, error) {
		if !ch.Archived() {
			return "", nil
		}
		if err := mayMakeAnother(ctx, tx, a); err != nil {
			return "", err
		}
		if err := mayReturn(ctx, tx, *ch); err != nil {
			return "", err
		}
		if err := markReadForNewUsers(ctx, tx, ch.ID); err != nil {
			return "", err
		}
		ch.ArchivedAt = fromMillis(0)
		return "restored", nil
	})
}

// Delete deletes a channel with all its messages, for good. It returns the IDs of the files, for the caller to remove
// from the file store. General Talk cannot be deleted.
func (c Channels) Delete(ctx context.Context, a Actor, slug string) ([]ID, error) {
	acc, err := c.manage(ctx, a, slug)
	if err != nil {
		return nil, err
	}
	if acc.General {
		return nil, Errorf(CodeForbidden, "%s is everyone's: it cannot be deleted.", acc.Channel.Name)
	}
	gone, err := actAsManagerValue(ctx, c.core, a, acc.cached,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (gone deletedChannel, err error) {
			ch, err := channelByID(ctx, tx, acc.cached.ID)
			if err != nil {
				return gone, err
			}
			if err := c.audit(ctx, tx, a, "channel.deleted", 0, ch.ID, openName(&ch)); err != nil {
				return gone, err
			}
			gone.channel, gone.files, err = deleteChannel(ctx, tx, ch)
			return gone, err
		}, func(gone deletedChannel) {
			c.hub.channelChanged(gone.channel)
			c.goroutines.Go("removing the messages of a deleted channel", func() { c.purge(c.background) })
		})
	return gone.files, err
}

// deletedChannel is a channel that was deleted, and the files to remove from the file store.
type deletedChannel struct {
	channel Channel
	files   []ID
}

// purge deletes the messages of deleted channels in batches, so that nobody waits for it.
func (c *core) purge(ctx context.Context) {
	for again := true; again && ctx.Err() == nil; {
		var err error
		if again, err = updateValue(ctx, c.writer, purgeSome, nil); err != nil {
			if ctx.Err() == nil {
				c.options.Log.Error("removing the messages of a deleted channel", "error", err)
			}
			return
		}
	}
}

// editChannel changes a channel by fn, which returns what it did, or "" when there is nothing to do.
func (c *core) editChannel(ctx context.Context, a Actor, state *cachedChannel,
	fn func(context.Context, *sqlite.Tx, *Channel) (string, error)) (Channel, error) {
	return actAsManagerValue(ctx, c, a, state,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, _ Access) (Channel, error) {
			ch, err := channelByID(ctx, tx, state.ID)
			if err != nil {
				return Channel{}, err
			}
			did, err := fn(ctx, tx, &ch)
			if err != nil || did == "" {
				return ch, err
			}
			if ch.version, err = updateChannel(ctx, tx, ch); err != nil {
				return Channel{}, err
			}
			return ch, c.audit(ctx, tx, a, "channel.changed", 0, ch.ID, did)
		}, func(ch Channel) { c.hub.channelChanged(ch) })
}

// ResolveSlug returns the current slug of the channel that had this slug earlier; "" when a channel has it now, or none
// ever had it. It fails with CodeNotFound when the actor does not see the channel. It authorizes once, as the caller's
// next step does for a slug that never existed, so that both take the same time.
func (c Channels) ResolveSlug(ctx context.Context, a Actor, slug string) (now string, err error) {
	if ch := c.hub.channels.bySlug(slug); ch == nil || ch.slug() == slug {
		return "", nil
	}
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return "", err
	}
	return ch.slug(), nil
}
