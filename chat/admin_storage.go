package chat

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"chitchat/chat/sqlite"
)

// FileUsage is a number of files and their total size in bytes, without thumbnails.
type FileUsage struct{ Files, Bytes int64 }

func (a *FileUsage) add(b FileUsage) { a.Files, a.Bytes = a.Files+b.Files, a.Bytes+b.Bytes }

// Usage is the storage that the whole workspace takes.
type Usage struct {
	Database     int64     // bytes on disk, including the write-ahead log
	Messages     int64     // ever posted in the channels that exist today
	Files        FileUsage // all files, those of Pictures, Emoji and LinkPreviews included
	Pictures     FileUsage // profile pictures
	Emoji        FileUsage // pictures of custom emoji
	LinkPreviews FileUsage // pictures of link previews, those that are kept to be used again included
	Hidden       FileUsage // those in private channels that the actor is not a member of, and in direct conversations
	Indexed      IndexProgress
}

// ChannelUsage is a channel as admins see it.
type ChannelUsage struct {
	Channel
	FileUsage
	Members int  // 0 unless asked for
	General bool // the channel that everyone is in: it cannot be archived or deleted
}

// UserUsage is what a user has uploaded anywhere, profile picture included.
type UserUsage struct {
	User
	FileUsage
	Waiting FileUsage // those that belong to no message yet
}

// Usage returns the workspace's storage use. Conversations hidden from the actor are reported as one total.
func (c Admin) Usage(ctx context.Context, a Actor) (Usage, error) {
	if !a.Role.May(MaySeeStorage) {
		return Usage{}, errNotFound
	}
	u := Usage{}
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(c.options.Path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Usage{}, err
		}
		u.Database += info.Size()
	}
	seen, amounts, err := c.amounts(ctx, a)
	if err != nil {
		return Usage{}, err
	}
	if u.Indexed, err = c.messagesToNumber(ctx); err != nil {
		return Usage{}, err
	}
	if u.Pictures, err = selectPictures(ctx, c.db); err != nil {
		return Usage{}, err
	}
	for _, e := range c.hub.emoji.get().list {
		u.Emoji.add(FileUsage{1, e.Size})
	}
	u.Files = u.Pictures
	if u.LinkPreviews, err = selectLinkPreviewPictures(ctx, c.db); err != nil {
		return Usage{}, err
	}
	u.Files.add(u.Emoji)
	u.Files.add(u.LinkPreviews)
	for _, ch := range c.hub.channels.active() {
		u.Messages += ch.lastSeq.Load()
		u.Files.add(amounts[ch.ID])
		if !seen[ch.ID] {
			u.Hidden.add(amounts[ch.ID])
		}
	}
	return u, nil
}

// UsageByChannel finds channels with files by name, largest first, among those that the actor sees.
func (c Admin) UsageByChannel(ctx context.Context, a Actor, f ListQuery) (List[ChannelUsage], error) {
	if !a.Role.May(MaySeeStorage) {
		return List[ChannelUsage]{}, errNotFound
	}
	f = f.clean()
	find := newFinder(f.Text)
	seen, amounts, err := c.amounts(ctx, a)
	if err != nil {
		return List[ChannelUsage]{}, err
	}
	var found []ChannelUsage
	for _, ch := range c.hub.channels.all() {
		u := ChannelUsage{Channel: ch.snapshot(), FileUsage: amounts[ch.ID]}
		if seen[ch.ID] && u.Files > 0 && find.inKey(u.key) {
			found = append(found, u)
		}
	}
	slices.SortStableFunc(found, func(x, y ChannelUsage) int { return cmp.Compare(y.Bytes, x.Bytes) })
	return paginate(f, found), nil
}

// UsageByUser finds users with files or a profile picture by name, largest first.
func (c Admin) UsageByUser(ctx context.Context, a Actor, f ListQuery) (List[UserUsage], error) {
	if !a.Role.May(MaySeeStorage) {
		return List[UserUsage]{}, errNotFound
	}
	return selectUsageByUser(ctx, c.db, f.clean())
}

// amounts returns the channels that the actor sees, without direct conversations, and the usage of all channels.
func (c *core) amounts(ctx context.Context, a Actor) (seen map[ID]bool, amounts map[ID]FileUsage, err error) {
	list, err := c.visible(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	seen = make(map[ID]bool, len(list))
	for _, ch := range list {
		seen[ch.ID] = true
	}
	amounts, err = selectAmounts(ctx, c.db, nil)
	return seen, amounts, err
}

// visible returns the channels that the actor sees, in the cache's order, without direct conversations.
func (c *core) visible(ctx context.Context, a Actor) ([]*cachedChannel, error) {
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil {
		return nil, err
	}
	var list []*cachedChannel
	for _, ch := range c.hub.channels.all() {
		if canView(ch.info.Load(), a.Role, memberships[ch.ID].State) && !banned[ch.ID] {
			list = append(list, ch)
		}
	}
	return list, nil
}

// DeletePendingFiles deletes a user's pending files from the database, for an actor who manages the workspace. It
// returns them, for the caller to remove from the file store.
func (c Admin) DeletePendingFiles(ctx context.Context, a Actor, user ID) ([]ID, error) {
	if !a.Role.May(MaySeeStorage) {
		return nil, errNotFound
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		if !a.Role.May(MaySeeStorage) {
			return nil, errNotFound
		}
		var there int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM users WHERE id = $1`, user).Scan(&there); err != nil {
			return nil, err
		}
		if there == 0 {
			return nil, errNotFound
		}
		gone, err := deleteWaiting(ctx, tx, user, 0)
		if err != nil || len(gone) == 0 {
			return nil, err
		}
		return gone, c.audit(ctx, tx, a, "user.pending_files_deleted", user, 0, strconv.Itoa(len(gone)))
	}, nil)
}
