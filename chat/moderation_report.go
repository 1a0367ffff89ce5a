package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"chitchat/chat/sqlite"
)

// Report is a message that a user has reported to the moderators.
//
//   - Users may pass on what they can see: moderators read the one message, with its author and time, even in a
//     conversation that they do not see. Of the conversation they learn only the kind.
//   - Body and Files are the message as it was when it was reported, whatever its author does later. They are deleted
//     when the report is closed.
//   - A user has one open report of a message. Once it is closed, they can make another: there may be something new.
type Report struct {
	ID       ID
	Channel  Channel // its name and slug only when the reader sees it
	Seen     bool    // the reader sees the channel
	Root     int64   // of a reply: the seq of its thread's root
	Seq      int64
	Author   User
	SaidAt   time.Time
	Body     string
	Files    []string // names
	Gone     bool     // the message was deleted or removed since
	By       User
	At       time.Time
	Reason   string
	ClosedBy User
	ClosedAt time.Time // zero: open
}

// Reportable returns a message that the actor can report. again reports that a report of theirs is open.
func (c Moderation) Reportable(ctx context.Context, a Actor, slug string,
	seq int64) (m Message, again bool, err error) {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return Message{}, false, err
	}
	m, again, err = reportable(ctx, c.db, a, at.ch, at.seq)
	return c.withoutHidden(m), again, err
}

func reportable(ctx context.Context, q sqlite.Querier, a Actor, ch *cachedChannel,
	seq int64) (m Message, again bool, err error) {
	if m, err = messageAt(ctx, q, ch, seq); err != nil {
		return Message{}, false, err
	}
	if m.Deleted() {
		return Message{}, false, errNotFound
	}
	if refusal := reportRefusal(a.Role, a.ID, m); refusal != nil {
		return Message{}, false, refusal
	}
	again, err = hasReported(ctx, q, ch.ID, seq, a.ID)
	return m, again, err
}

// Report reports a message that the actor sees to the moderators. Idempotent while the report is open.
func (c Moderation) Report(ctx context.Context, a Actor, slug string, seq int64, reason string) error {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return err
	}
	if _, _, err := reportable(ctx, c.db, a, at.ch, at.seq); err != nil {
		return err
	}
	if reason, err = cleanReason(reason); err != nil {
		return err
	}
	if reason == "" {
		return Invalid("reason", "Please say what is wrong with it.")
	}
	return c.actIn(ctx, a, at.ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, _ Access) error {
		m, again, err := reportable(ctx, tx, a, at.ch, at.seq)
		if err != nil || again {
			return err
		}
		if err := insertReport(ctx, tx, m, a.ID, reason); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "report.created", m.Author.ID, m.In(), fmt.Sprintf("%s: %s", m.number(), reason))
	}, nil)
}

// Reports finds open or closed reports by their reason, their text, who made them or the message's author, newest
// first.
func (c Moderation) Reports(ctx context.Context, a Actor, f ListQuery, closed bool) (List[Report], error) {
	if !a.Role.May(MayModerate) {
		return List[Report]{}, errNotFound
	}
	t, err := selectReports(ctx, c.db, f.clean(), closed)
	if err != nil {
		return t, err
	}
	return t, c.locate(ctx, a, t.Rows)
}

// ReportOf returns a report, open or closed.
func (c Moderation) ReportOf(ctx context.Context, a Actor, id ID) (Report, error) {
	if !a.Role.May(MayModerate) {
		return Report{}, errNotFound
	}
	r, err := selectReport(ctx, c.db, id)
	if err != nil {
		return Report{}, err
	}
	list := []Report{r}
	err = c.locate(ctx, a, list)
	return list[0], err
}

// locate adds the channels to reports whose messages the actor sees.
func (c *core) locate(ctx context.Context, a Actor, list []Report) error {
	channels := make([]ID, len(list))
	for i, r := range list {
		channels[i] = r.Channel.ID
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	for i := range list {
		if ch := seen[list[i].Channel.ID]; ch != nil {
			list[i].Channel, list[i].Seen = ch.snapshot(), true
		}
	}
	return err
}

// OpenReports returns the number of open reports for a moderator, and 0 for everyone else.
func (c Moderation) OpenReports(ctx context.Context, a Actor) (n int, err error) {
	if a.Role.May(MayModerate) {
		err = c.db.QueryRowContext(ctx, `SELECT count(*) FROM reports WHERE closed_at = 0`).Scan(&n)
	}
	return n, err
}

// CloseReport closes all open reports of a message: nothing is left to do about it.
func (c Moderation) CloseReport(ctx context.Context, a Actor, id ID) error {
	if !a.Role.May(MayModerate) {
		return errNotFound
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if !a.Role.May(MayModerate) {
			return errNotFound
		}
		channel, author, seq, err := openReport(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := closeReports(ctx, tx, channel, seq, a.ID); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "report.closed", author, channel, fmt.Sprintf("message %d", seq))
	}, nil)
}

// RemoveReportedMessage removes the message of an open report, in any conversation, and closes all reports of it:
// reporting it has put it before the moderators. It returns the IDs of the files, for the caller to remove.
func (c Moderation) RemoveReportedMessage(ctx context.Context, a Actor, id ID) ([]ID, error) {
	if !a.Role.May(MayModerate) {
		return nil, errNotFound
	}
	channel, _, seq, err := openReport(ctx, c.db, id)
	if err != nil {
		return nil, err
	}
	ch, err := c.feedByID(ctx, channel)
	if err != nil {
		return nil, err
	}
	if ch == nil {
		return nil, Errorf(CodeForbidden,
			"The channel of this message was deleted, and the message with it. Close the report.")
	}
	removal := messageChange{
		apply: func(tx *sqlite.Tx, acc Access, m *Message) error {
			m.remove(acc.User, tx.Now)
			return nil
		},
		audit: func(ctx context.Context, tx *sqlite.Tx, a Actor, old Message) error {
			if _, _, _, err := openReport(ctx, tx, id); err != nil {
				return err
			}
			return c.auditRemoval(ctx, tx, a, old, "it was reported")
		},
	}
	result, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (*changedMessage, error) {
		if !a.Role.May(MayModerate) {
			return nil, errNotFound
		}
		return removal.in(ctx, tx, a, Access{Channel: ch.gate().info.Load(), Role: a.Role, User: a.ID, cached: ch}, seq)
	}, func(result *changedMessage) { result.publish(c.hub, located{ch: ch}) })
	if err != nil {
		return nil, err
	}
	_, files, err := result.answer()
	return files, err
}

// auditRemoval logs the removal of another user's message, and closes its reports.
func (c *core) auditRemoval(ctx context.Context, tx *sqlite.Tx, a Actor, m Message, reason string) error {
	if m.Author.ID != a.ID {
		detail := strings.TrimSuffix(fmt.Sprintf("%s: %s", m.number(), reason), ": ")
		if err := c.audit(ctx, tx, a, "message.removed", m.Author.ID, m.In(), detail); err != nil {
			return err
		}
	}
	return closeReports(ctx, tx, m.ChannelID, m.Seq, a.ID)
}
