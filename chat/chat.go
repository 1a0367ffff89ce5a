// Package chat is what chat is: people, channels, messages, who has read what, who listens and who is here. It knows
// nothing of HTTP or HTML. Its verbs stand by their nouns, in the fields of Chat, and each takes the actor who asks.
// LIVE.md tells how what one person does reaches every page. Files are named by the part that they are of: see
// parts_test.go.
//
// One word stands for one thing, here, in the code around it and on the screen:
//
//   - workspace: all that one installation holds. It has one owner at least, and admins, members and guests: a user's
//     role.
//   - user: a person with a name. Actor: the user who asks, by a session. Session: one device on which they are signed
//     in.
//   - channel: public or private, or a direct conversation. Member: a user who has joined it. Membership: what a user
//     is to it, and how far they have read. Channel owner: a member who manages it.
//   - message: what was said in a channel. seq: its number there, without gaps. rev: the channel's counter of changes;
//     every message has the one of its last change. Row: a message as HTML, the same for all readers. Draft: one not
//     yet posted.
//   - attachment: a file of a message. Pending file: one that was sent for a message that was not posted yet.
//   - subscription: a page that is told what happens, by its subscriber. Cursor: how far a page knows. Update: what it
//     is told. Resync: a page made anew, when it is too far behind. Epoch: the name of a history, in which cursors
//     mean something.
//   - hub: who is here, and the rooms. Room: a channel in memory: its ring of newest rows, its latest changes, its
//     fan-out. Cold channels have none. Bus: how other nodes hear. Writer: the only one who writes, many changes in a
//     transaction.
//   - profile: a user's name, handle, picture and status. Profile rev: the counter of their changes. Presence: who is
//     here.
//   - ban: keeps a user out of the workspace or a channel. Block: keeps a user from writing to another directly.
//   - invitation, device link, password reset, setup link: secrets that let somebody in, each once or as often as it
//     says.
//   - two-factor authentication: a code of an app, or a passkey, after the password. Recovery code: in their place,
//     once.
//   - name key: a name as it is compared. Likeness: what it looks like. Slug: a channel's name in URLs. Session key:
//     the secret that opens a session, of which only the hash is kept.
package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"chitchat/chat/sqlite"
)

// Options are what Open needs to know. Path and RenderRow are required.
type Options struct {
	Path string // the database file; made if it is not there
	// appends a row, the same for every reader. Must be safe for concurrent use
	RenderRow func(b []byte, m Message) []byte
	// joins rows into what a Subscriber is sent; nil: one after the other. The same
	Frame           func([]Row) []byte
	WarmChannels    int           // rooms kept in memory while nobody listens; 0: 100
	SessionLifetime time.Duration // a session ends when not used for so long; 0: DefaultSessionLifetime
	// a session ends so long after it began, however much it is used; 0: never
	SessionMaxAge time.Duration
	JoinPolicy    JoinPolicy // who may come in; empty: as the owner has set it
	Bus           Bus        // how other nodes hear of what happens here; nil: there are none
	Beside        bool       // another process serves this database: its schema is left as it is
	// is told of files that waited too long, to remove them; nil: nobody is
	Dropped func(files []ID)
	// is told of every query, and of BEGIN for each change, before it runs; nil: nobody is. Must be safe for concurrent
	// use
	Trace func(query string)
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: discards
}

// DefaultSessionLifetime is how long a session lasts without being used, unless someone who runs the program says
// otherwise.
const DefaultSessionLifetime = 90 * 24 * time.Hour

// Chat is one running chat: what it can do, by what it is done to. Safe for concurrent use.
type Chat struct {
	Accounts   Accounts
	Users      Users
	Channels   Channels
	Messages   Messages
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
	c := newChat(&core{options: o, db: db, hasher: newHasher(), caches: newCaches(db.OutsideVersion)})
	c.goroutines.Log = o.Log
	c.background, c.end = context.WithCancel(context.Background())
	c.hub = newHub(c.core)
	if err := c.start(ctx, found); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// start fills a new database, which was found like that, loads the list of channels, and begins what runs beside the
// verbs.
func (c *core) start(ctx context.Context, found fileState) error {
	if err := passIDs(ctx, c.db); err != nil {
		return err
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
		return nil // what runs in the background is the other process's to do
	}
	if c.options.Bus != nil {
		c.hub.subscribe(c.options.Bus)
		c.goroutines.Go("comparing counters with the database", c.hub.reconcileLoop)
	}
	c.goroutines.Go("removing what has expired", c.expire)
	c.goroutines.Go("ending statuses", c.endStatuses)
	return nil
}

// DefaultChannel is the name of the channel that exists from the start.
const DefaultChannel = "General Talk"

// firstRun gives a new database its epoch and its first channel. Doing it again changes nothing.
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

// now is the time as it is kept: UTC, whole milliseconds.
func (c *core) now() time.Time { return c.options.Now().UTC().Truncate(time.Millisecond) }

// Epoch names this database's history. It changes when a new database takes the place of the old, or a backup is put
// back.
func (c *Chat) Epoch() string { return c.epoch }

// Ready reports whether the chat can read and write. It writes: SQLite leaves the disk alone when a value stays as it
// was.
func (c *Chat) Ready(ctx context.Context) error {
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO counters (name, value) VALUES ($1, 1)
			ON CONFLICT (name) DO UPDATE SET value = counters.value + 1`, "ready")
		return err
	}, nil)
}

// Disconnect ends every subscription with CloseRestart and lets no new one in. Verbs go on working: it is the
// first step of a shutdown, before the web server finishes its requests.
func (c Live) Disconnect() { c.hub.disconnect() }

// Close finishes the writes that were asked for and closes the database. Every verb after it fails.
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

// ReleaseMemory gives memory back that only a busy time needs: some megabytes.
func (c *Chat) ReleaseMemory() {
	if err := c.db.Shrink(c.background); err != nil && c.background.Err() == nil {
		c.options.Log.Error("releasing memory", "error", err)
	}
}

// Stats counts work, for tests that hold what a warm channel costs.
type Stats struct {
	RowsRendered   int64
	MessageQueries int64
}

// Stats returns the counters since Open.
func (c *Chat) Stats() Stats {
	return Stats{RowsRendered: c.hub.rendered.Load(), MessageQueries: c.hub.messageQueries.Load()}
}

// millis is a time as the database holds it: milliseconds, 0 for the zero time.
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
