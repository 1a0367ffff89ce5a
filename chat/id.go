package chat

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"chitchat/chat/sqlite"
)

// ID identifies a user, channel, session or attachment. The program generates it, not the database, so that several
// nodes can: 41 bits of milliseconds since 2026, then 22 random bits. It is never zero or negative.
type ID int64

// idEpoch is the earliest time of an ID.
var idEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const idRandomBits = 22

var lastID struct {
	sync.Mutex
	id ID
}

// NewID returns an ID larger than all earlier ones of this process. It is safe for concurrent use.
func NewID() ID {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	id := ID(time.Since(idEpoch).Milliseconds()<<idRandomBits | int64(binary.NativeEndian.Uint32(b[:])>>(32-idRandomBits)))
	lastID.Lock()
	defer lastID.Unlock()
	if id <= lastID.id { // a burst, or a clock that went back, or is set before 2026
		id = lastID.id + 1 + id&(1<<idRandomBits-1)
	}
	lastID.id = id
	return id
}

// noID keeps NewID from returning id or a smaller one.
func noID(id ID) {
	lastID.Lock()
	defer lastID.Unlock()
	lastID.id = max(lastID.id, id)
}

// passIDs keeps NewID from returning an ID that is in the database: the clock may have been ahead when it was made, or
// may be behind now.
func passIDs(ctx context.Context, q sqlite.Querier) error {
	var newest ID
	err := q.QueryRowContext(ctx, `SELECT COALESCE(max(id), 0) FROM (
		SELECT max(id) AS id FROM users UNION ALL SELECT max(id) FROM sessions UNION ALL SELECT max(id) FROM channels
		UNION ALL SELECT max(id) FROM attachments UNION ALL SELECT max(avatar) FROM users UNION ALL SELECT max(id)
			FROM invitations
		UNION ALL SELECT max(id) FROM bans UNION ALL SELECT max(id) FROM reports UNION ALL SELECT max(id)
			FROM audit
		UNION ALL SELECT max(id) FROM emoji UNION ALL SELECT max(id) FROM link_previews
		UNION ALL SELECT max(id) FROM sections
		UNION ALL SELECT max(picture) FROM link_previews WHERE picture > 0) AS newest`).Scan(&newest)
	noID(newest)
	return err
}

// String returns the ID in base 36, as URLs and element ids show it.
func (id ID) String() string { return strconv.FormatInt(int64(id), 36) }

// LogValue returns the ID as pages show it, for logs of every format.
func (id ID) LogValue() slog.Value { return slog.StringValue(id.String()) }

// Append appends the ID in the format of String.
func (id ID) Append(b []byte) []byte { return strconv.AppendInt(b, int64(id), 36) }

// scanID reads a row of one ID.
func scanID(row sqlite.Scanner) (ID, error) { return sqlite.Single[ID](row) }

// ParseID parses what String returns, and nothing else: no sign, no capitals, no leading zero.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 36, 64)
	if err != nil || n <= 0 || ID(n).String() != s {
		return 0, errors.New("chat: not an ID")
	}
	return ID(n), nil
}
