// Package chat is the domain of a team chat: users, channels, messages, read positions, subscriptions and presence. It
// does not depend on HTTP or HTML. Its methods are grouped by noun, in the fields of Chat, and each takes the actor on
// whose behalf it runs. LIVE.md describes how a change reaches every open page. Files are named by the part that they
// belong to: see parts_test.go.
//
// One word means one thing, here, in the other packages and on the screen:
//
//   - workspace: everything in one installation. Its users have a role: owner (one or more), admin, member or guest.
//   - user: a person with a name. Actor: the user who makes a request, with their session. Session: one device on which
//     a user is signed in.
//   - channel: public, private, or a direct conversation. Member: a user who has joined it. Membership: a user's
//     relation to it, and what they have read. Channel owner: a member who manages it.
//   - message: a text posted in a channel. seq: its number there, without gaps. rev: the channel's change counter; a
//     message has the rev of its last change. Row: a message as HTML, the same for all readers. Draft: a message that
//     is not posted yet; what was typed of it is saved, and the same on all of its author's devices.
//   - thread: the replies to a message, its root. Feed: a channel or a thread, which has seqs and revs of its own.
//     Follower: a user whose unread replies in it are counted. Broadcast: the row of a channel that shows a reply.
//     Address: the slug of a channel, or with a root's seq that of a thread.
//   - switcher: finds where to go by some letters of its name. Destination: what it finds.
//   - saved message: one that a user keeps on a list of their own, to do or done. Pin: a message that a channel keeps
//     on a page of its own. Line: a message without a text that says what was done. Quote: what a message shows of
//     another one to which it links.
//   - link preview: what the page behind a link of a message says of itself, fetched after the message was posted.
//   - attachment: a file of a message. Pending file: an uploaded file whose message is not posted yet.
//   - subscription: an open page that gets updates, through its subscriber. Cursor: what the page knows already.
//     Update: what it gets. Resync: rendering a page anew that is too far behind. Epoch: names a history; cursors are
//     valid within one.
//   - hub: presence, and the rooms. Room: a channel in memory: the ring of its newest rows, its latest changes, its
//     fan-out. Cold channels have none. Bus: carries events between nodes. Writer: the only goroutine that writes to
//     the database; it groups changes into transactions.
//   - profile: a user's name, handle, picture and status. Profile rev: their change counter. Presence: who is online.
//   - ban: keeps a user out of the workspace or of a channel. Block: keeps a user from writing to another one directly.
//   - invitation, device link, password reset, setup link: secrets that let a user in, once, or up to a given number of
//     times.
//   - two-factor authentication: a code of an app or a passkey, after the password. Recovery code: replaces it once.
//   - name key: the form of a name that is compared. Likeness: what a name looks like. Slug: a channel's name in URLs.
//     Session key: the secret that opens a session; only its hash is stored.
package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"chitchat/chat/sqlite"
)

// Options configures Open. Path and RenderRow are required.
type Options struct {
	Path string // the database file; created if missing
	// appends a row, the same for every reader; must be safe for concurrent use
	RenderRow func(b []byte, m Message) []byte
	// joins rows into a frame for a Subscriber; nil: concatenates them; must be safe for concurrent use
	Frame           func([]Row) []byte
	WarmChannels    int           // rooms kept in memory without subscriptions; 0: 100
	SessionLifetime time.Duration // a session ends when unused for this long; 0: DefaultSessionLifetime
	// a session ends this long after it began, even when used; 0: never
	SessionMaxAge time.Duration
	JoinPolicy    JoinPolicy // who may join; empty: as the owner has set it
	Bus           Bus        // carries events between nodes; nil: this is the only node
	Beside        bool       // another process serves this database: leave its schema as it is
	// called with pending files that have expired, to remove them; may be nil
	Dropped func(files []ID)
	// called with every query, and with BEGIN for each change, before it runs; may be nil; must be safe for concurrent use
	Trace func(query string)
	// returns the emoji of a shortcode, without colons, or ""; nil: shortcodes are text; must be safe for concurrent use
	Shortcode func(code string) string
	Links     LinkFetcher      // fetches the pages behind the links of messages; nil: none are fetched
	FileTexts FileTexts        // takes the text out of files; nil: files are found by their names only
	Now       func() time.Time // nil: time.Now
	Log       *slog.Logger     // nil: discards
}

// DefaultSessionLifetime is how long a session lasts unused, unless Options.SessionLifetime is set.
const DefaultSessionLifetime = 90 * 24 * time.Hour

// Chat is a running chat. Its methods are grouped by what they act on. It is safe for concurrent use.
type Chat struct {
	Accounts   Accounts
	Users      Users
	Channels   Channels
	Messages   Messages
	Threads    Threads
	Drafts     Drafts
	Moderation Moderation
	Admin      Admin
	Live       Live

	*core
}

// Open opens the database, brings its schema up to date, and starts the writer.
func Open(ctx context.Context, o Options) (*Chat, error) {
	if o.RenderRow == nil {
		return nil, errors.New("chat: Options.RenderRow is missing")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Frame == nil {
		o.Frame = func(rows []Row) (frame []byte) {
			for _, row := range rows {
				frame = append(frame, row.HTML...)
			}
			return frame
		}
	}
	if o.WarmChannels <= 0 {
		o.WarmChannels = 100
	}
	if o.SessionLifetime <= 0 {
		o.SessionLifetime = DefaultSessionLifetime
	}
	found := stateOf(o.Path)
	db, err := openDatabase(ctx, o)
	if err != nil {
		return nil, err
	}
	c := newChat(&core{options: o, db: db, hasher: newHasher(),
		caches: newCaches(db.OutsideVersion), unindexed: newUnindexed()})
	c.goroutines.Log = o.Log
	c.background, c.end = context.WithCancel(context.Background())
	c.hub = newHub(c.core)
	if err := c.start(ctx, found); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// start initializes a new database, loads the list of channels, and starts the background work. found is the state of
// the file before it was opened.
func (c *core) start(ctx context.Context, found fileState) error {
	if err := passIDs(ctx, c.db); err != nil {
		return err
	}
	if c.options.FileTexts != nil {
		c.texts = newTextTaking(c.options.FileTexts) // which the writer wakes
	}
	c.writer = startWriter(c.db, c.hub)
	if err := c.writer.update(ctx, c.firstRun, nil); err != nil {
		return err
	}
	if !c.options.Beside {
		if err := c.writer.update(ctx, refreshNames, nil); err != nil {
			return err
		}
	}
	if err := c.detectRestore(ctx, found); err != nil {
		return err
	}
	err := c.db.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, "epoch").Scan(&c.epoch)
	if err != nil {
		return err
	}
	if err := c.db.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, "device_key").
		Scan(&c.deviceKey); err != nil {
		return err
	}
	err = c.db.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = $1`, "memberships").Scan(&c.hub.membersRev)
	if err != nil {
		return err
	}
	if err := c.hub.loadGuests(ctx); err != nil { // after membersRev: what changes in between is read again
		return err
	}
	if err := c.loadWorkspace(ctx); err != nil {
		return err
	}
	if err := c.hub.loadProfiles(ctx); err != nil {
		return err
	}
	if err := c.hub.load(ctx); err != nil {
		return err
	}
	if err := c.hub.startDeletions(ctx); err != nil {
		return err
	}
	if c.options.Beside {
		return nil // background work is done by the other process
	}
	if c.options.Bus != nil {
		c.hub.subscribe(c.options.Bus)
		c.goroutines.Go("comparing counters with the database", c.hub.reconcileLoop)
	}
	c.goroutines.Go("removing what has expired", c.expire)
	c.goroutines.Go("ending statuses", c.endStatuses)
	c.goroutines.Go("indexing messages for search", c.index)
	if c.options.Links != nil {
		c.startFetchingLinks(c.options.Links)
	}
	if c.texts != nil {
		c.goroutines.Go("taking texts out of files", c.takeTexts)
	}
	return nil
}

// DefaultChannel is the name of the channel that exists from the start.
const DefaultChannel = "General Talk"

// firstRun gives a new database its epoch and its first channel. Idempotent.
func (c *core) firstRun(ctx context.Context, tx *sqlite.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, "epoch",
		rand.Text())
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		"device_key", rand.Text()); err != nil {
		return err
	}
	var channels int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM channels`).Scan(&channels); err != nil || channels > 0 {
		return err
	}
	_, err = insertChannel(ctx, tx, Channel{Name: DefaultChannel, Kind: Public, CreatedAt: tx.Now, general: true}, 0, "")
	return err
}

// now returns the time with the precision of the database: UTC, whole milliseconds.
func (c *core) now() time.Time { return c.options.Now().UTC().Truncate(time.Millisecond) }

// Epoch identifies this database's history. It changes when the database is replaced or restored from a backup.
func (c *Chat) Epoch() string { return c.epoch }

// Ready reports whether the chat can read and write. It changes a value, since SQLite does not touch the disk for an
// unchanged one.
func (c *Chat) Ready(ctx context.Context) error {
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO counters (name, value) VALUES ($1, 1)
			ON CONFLICT (name) DO UPDATE SET value = counters.value + 1`, "ready")
		return err
	}, nil)
}

// Disconnect ends every subscription with CloseRestart and refuses new ones. All other methods still work: it is the
// first step of a shutdown, before the web server finishes its requests.
func (c Live) Disconnect() { c.hub.disconnect() }

// Close finishes the submitted writes and closes the database. Every method fails after it.
func (c *Chat) Close() error {
	c.end()
	c.hub.disconnect()
	if c.writer != nil {
		c.writer.stop()
	}
	c.hub.stop()
	c.goroutines.Wait()
	return c.closeDatabase()
}

// ReleaseMemory frees memory that only busy times need: some megabytes.
func (c *Chat) ReleaseMemory() {
	c.blocks.keep(nil)
	c.files.keep(nil)
	if err := c.db.Shrink(c.background); err != nil && c.background.Err() == nil {
		c.options.Log.Error("releasing memory", "error", err)
	}
}

// Stats counts work, for tests of what a warm channel costs.
type Stats struct {
	RowsRendered   int64
	MessageQueries int64
}

// Stats returns the counters since Open.
func (c *Chat) Stats() Stats {
	return Stats{RowsRendered: c.hub.rendered.Load(), MessageQueries: c.hub.messageQueries.Load()}
}

// millis returns a time as the database stores it: milliseconds, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
