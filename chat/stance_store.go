package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// stance is how a session stands to a channel by what the transaction finds: who may write was asked before it, and
// much can be decided while that waits. Signed out, removed, blocked, made a guest or archived by then counts.
type stance struct {
	user     ID
	role     Role
	ch       *Channel // its rules; of an ordinary one ID and Kind alone
	ordinary bool     // the channel is public, in use, and open to all at any time
	mine     Membership
	banned   bool
}

// lasts reports whether the stance stays what it is until somebody changes it: a ban ends by itself, and where there are
// rules or few people all is asked each time.
func (s *stance) lasts() bool { return s.ordinary && !s.banned }

// stances returns how sessions stand to a channel, by their IDs. One that has ended, or whose person is deactivated, has
// no stance. Of most channels, the ordinary ones, everything is known by one query.
func stances(ctx context.Context, tx *sql.Tx, channel ID, sessions []ID, now time.Time) (map[ID]*stance, error) {
	found := make(map[ID]*stance, len(sessions))
	ch, ordinary := &Channel{ID: channel, Kind: Public}, true
	err := inBatches(sessions, func(piece []ID) error {
		args := []any{channel, channelOwner, Public, now.UnixMilli()}
		for _, id := range piece {
			args = append(args, id)
		}
		rows, err := tx.QueryContext(ctx, `SELECT s.id, u.id, u.role, COALESCE(m.state, ''), COALESCE(m.role = $2, FALSE),
				ch.kind = $3 AND ch.archived_at = 0 AND NOT ch.announce_only AND ch.slow_seconds = 0 AND ch.deleted_at = 0,
				EXISTS (SELECT 1 FROM bans b WHERE b.user_id = u.id AND b.channel_id IN (0, ch.id)
					AND b.lifted_at = 0 AND (b.until = 0 OR b.until > $4))
			FROM sessions s JOIN users u ON u.id = s.user_id JOIN channels ch ON ch.id = $1
			LEFT JOIN memberships m ON m.channel_id = ch.id AND m.user_id = u.id
			WHERE u.deactivated_at = 0 AND s.id IN `+inList(5, len(piece)), args...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // read to its end, or given up
		for rows.Next() {
			var session ID
			s := &stance{ch: ch}
			if err := rows.Scan(&session, &s.user, &s.role, &s.mine.State, &s.mine.Owner, &ordinary, &s.banned); err != nil {
				return err
			}
			s.ordinary = ordinary
			found[session] = s
		}
		return rows.Err()
	})
	if err != nil || ordinary {
		return found, err
	}
	*ch, err = scanChannel(tx.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channels WHERE id = $1`, channel))
	return found, err
}

// actor is who the session acts for, as they are by now.
func (s *stance) actor() Actor { return Actor{User: User{ID: s.user}, Role: s.role} }

// sees is the gate once more, for a session and the person whose it was.
func (s *stance) sees(person ID) *Error {
	switch {
	case s == nil || s.user != person:
		return errSignedOut
	case s.banned || !sees(s.ch, s.role, s.mine.State):
		return errNotFound
	}
	return nil
}

// writes is mayPost once more, of a session that sees the channel. An error that is no *Error is the database's.
func (s *stance) writes(ctx context.Context, tx *sql.Tx) error {
	if refusal := writes(s.actor(), s.ch, s.mine); refusal != nil {
		return refusal
	}
	if s.ch.Kind == Direct {
		return mayWriteTo(ctx, tx, s.user, s.ch.ID)
	}
	return nil
}

// mention leaves those of the mentions that the session may make.
func (s *stance) mention(who []ID) []ID {
	if len(who) == 0 || s.role.May(MayMentionAll) {
		return who
	}
	return slices.DeleteFunc(slices.Clone(who), func(id ID) bool { return id == everyone })
}

// stillWrites is mayPost once more, for the actor that act gives.
func (c *Chat) stillWrites(ctx context.Context, tx *sql.Tx, a Actor, ch *cachedChannel) (*stance, error) {
	found, err := stances(ctx, tx, ch.ID, []ID{a.Session}, c.now())
	if err != nil {
		return nil, err
	}
	s := found[a.Session]
	if refusal := s.sees(a.ID); refusal != nil {
		return nil, refusal
	}
	return s, s.writes(ctx, tx)
}

// filterAuthorized refuses the posts of sessions that have ended, or do not see the channel any more, and returns the others
// with how they stand to it: retries too, which are answered with a message.
func filterAuthorized(ctx context.Context, tx *sql.Tx, channel ID, posts []*post, known *known) ([]*post, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	asked := make(map[ID]bool, len(posts))
	sessions := make([]ID, 0, len(posts))
	for _, p := range posts {
		p.stance = known.stances[stanceKey{channel, p.session}]
		if p.stance == nil && !asked[p.session] {
			asked[p.session] = true
			sessions = append(sessions, p.session)
		}
	}
	found, err := stances(ctx, tx, channel, sessions, posts[0].message.CreatedAt)
	if err != nil {
		return nil, err
	}
	for session, s := range found {
		if s.lasts() {
			known.stances[stanceKey{channel, session}] = s
		}
	}
	kept := posts[:0:0]
	for _, p := range posts {
		if p.stance == nil {
			p.stance = found[p.session]
		}
		if p.refusal = p.stance.sees(p.message.Author.ID); p.refusal == nil {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// dropSilenced refuses the posts of those who may not write in the channel any more, or not with files, and returns the
// others with what their authors may do in it by now.
func dropSilenced(ctx context.Context, tx *sql.Tx, posts []*post) ([]*post, error) {
	kept := posts[:0:0]
	for _, p := range posts {
		s := p.stance
		err := s.writes(ctx, tx)
		if refusal, ok := errors.AsType[*Error](err); ok {
			p.refusal = refusal
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(p.files)+len(p.kept) > 0 && !s.role.May(MayUpload) {
			p.refusal = errMayNotUpload
			continue
		}
		p.slow, p.mentions = postDelay(s.actor(), s.ch, s.mine), s.mention(p.mentions)
		kept = append(kept, p)
	}
	return kept, nil
}
