package chat

import (
	"context"
	"math"
	"time"
)

// What the log keeps. Nobody takes entries out of it by hand: a log that can be cleared proves nothing. Somebody who
// repeats an act 300 times a minute does not bury the others: what is the same is counted, and what is too much is
// theirs.
const (
	AuditLifetime = 400 * 24 * time.Hour // a year, and time to look back at it
	// entries, of some 200 bytes each; beyond it the oldest of whoever has most go first
	MaxAudit = 1_000_000

	// within which the same act by the same person from the same address is counted, and not noted anew
	auditJoin   = time.Minute
	auditJoined = 20 // newest entries of a person among which that one is looked for
)

// AuditEntry is one line of the log: who did what to whom or where, when, and from which address. Entries are only ever
// added, and end by themselves. The same act again within a minute counts as one, but for decisions about others:
// nothing of it is lost but the moments between the first and the last.
type AuditEntry struct {
	ID        ID
	At        time.Time
	ActorID   ID
	Actor     string // the name of that time
	Address   string
	Action    string
	UserID    ID
	User      string // the name of today, or of that time when they are not here any more; "" when nobody was concerned
	ChannelID ID
	Channel   string // the name of today; "" when the reader does not see the channel
	Detail    string // "" when the reader does not see the channel
	Times     int
	Last      time.Time // when it was done last; zero when it was done once
}

// AuditFilter says which entries are asked for. Empty fields ask for all.
type AuditFilter struct {
	Action string
	Name   string // of who did it, or to whom
	From   time.Time
	To     time.Time // not included
}

// AuditPage is how many entries one page has.
const AuditPage = 50

// Audit returns the newest entries that fit, or those before one (0: none). more: there are others before them.
// Of what happened in channels that the actor does not see, only the act itself is told.
func (c Admin) Audit(ctx context.Context, a Actor, f AuditFilter, before ID) (list []AuditEntry, more bool, err error) {
	if !a.Role.May(MayReadAudit) {
		return nil, false, errNotFound
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	if list, err = selectAudit(ctx, c.db, f, before, AuditPage+1); err != nil {
		return nil, false, err
	}
	if len(list) > AuditPage {
		list, more = list[:AuditPage], true
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

// AuditActions returns every kind of thing that is in the log, sorted.
func (c Admin) AuditActions(ctx context.Context, a Actor) ([]string, error) {
	if !a.Role.May(MayReadAudit) {
		return nil, errNotFound
	}
	return auditActions(ctx, c.db)
}
