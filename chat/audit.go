package chat

import (
	"cmp"
	"context"
	"math"
	"time"
)

// Limits of the audit log. No user can delete entries: a log that can be cleared proves nothing. A user who repeats an
// act 300 times a minute cannot push out the entries of others: equal acts are counted in one entry, and a full log
// drops that user's own entries.
const (
	AuditLifetime = 400 * 24 * time.Hour // a year, and time to look back at it
	// entries, of some 200 bytes each; beyond it the oldest ones of the user with the most go first
	MaxAudit = 1_000_000

	// within which the same act by the same user from the same address is counted, not added
	auditJoin   = time.Minute
	auditJoined = 20 // newest entries of a user among which that entry is looked for
)

// AuditEntry is an entry of the audit log: who did what to whom or where, when, and from which address. Entries are
// only added, and expire. The same act again within a minute is counted in one entry, unless it is a decision about
// others: only the times between the first and the last are lost.
type AuditEntry struct {
	ID        ID
	At        time.Time
	ActorID   ID
	Actor     string // the name at that time
	Address   string
	Action    string
	UserID    ID
	User      string // the current name, or the logged one for a deleted user; "" when the action concerned no user
	ChannelID ID
	Channel   string // the current name; "" when the reader does not see the channel
	Detail    string // "" when the reader does not see the channel
	Times     int
	Last      time.Time // the time of the last one; zero when the action was done once
}

// AuditFilter selects entries. Empty fields select all.
type AuditFilter struct {
	Action string
	Name   string // of the actor or of the user concerned
	From   time.Time
	To     time.Time // exclusive
	Limit  int       // entries; 0: AuditPage
}

// AuditPage is the number of entries on a page.
const AuditPage = 50

// Audit returns the newest entries that match, or those before the given one (0: none). more reports that older ones
// exist. For channels that the actor does not see, entries name only the act.
func (c Admin) Audit(ctx context.Context, a Actor, f AuditFilter, before ID) (list []AuditEntry, more bool, err error) {
	if !a.Role.May(MayReadAudit) {
		return nil, false, errNotFound
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	limit := cmp.Or(f.Limit, AuditPage)
	if list, err = selectAudit(ctx, c.db, f, before, limit+1); err != nil {
		return nil, false, err
	}
	if len(list) > limit {
		list, more = list[:limit], true
	}
	var channels []ID
	for _, e := range list {
		if e.ChannelID != 0 {
			channels = append(channels, e.ChannelID)
		}
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	if err != nil {
		return nil, false, err
	}
	for i := range list {
		e := &list[i]
		if ch := seen[e.ChannelID]; ch != nil {
			e.Channel = ch.info.Load().Name
		} else if e.ChannelID != 0 {
			e.Detail = ""
		}
	}
	return list, more, nil
}

// AuditActions returns all actions that occur in the log, sorted.
func (c Admin) AuditActions(ctx context.Context, a Actor) ([]string, error) {
	if !a.Role.May(MayReadAudit) {
		return nil, errNotFound
	}
	return auditActions(ctx, c.db)
}
