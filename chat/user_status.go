package chat

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"chitchat/chat/guard"
	"chitchat/chat/sqlite"
)

// Status is a user's current status. The zero Status is none.
//
//   - Emoji is a single emoji: it is shown beside the name, where words could pass for text of the program.
//   - It ends at Until, for everyone at once; the zero time is no end.
type Status struct {
	Emoji string
	Text  string // at most MaxProfileLen characters
	Until time.Time
}

// None reports whether the status is empty.
func (s Status) None() bool { return s.Emoji == "" }

// DefaultStatusEmoji is the emoji of a status without one.
const DefaultStatusEmoji = "💬"

// statusCheck is how often the program looks for statuses that have ended, and so the maximum delay of their end.
const statusCheck = time.Second

// SetStatus sets the actor's status; the zero Status clears it.
func (c Users) SetStatus(ctx context.Context, a Actor, s Status) error {
	var err error
	if s.Text, err = cleanField("status", s.Text, MaxProfileLen); err != nil {
		return err
	}
	s.Emoji = strings.TrimSpace(s.Emoji)
	if s.Emoji == "" && s.Text != "" {
		s.Emoji = DefaultStatusEmoji
	}
	switch {
	case s.None():
		s = Status{}
	case !oneEmoji(s.Emoji):
		return Invalid("emoji", "One emoji fits here, and nothing else.")
	case !s.Until.IsZero() && !s.Until.After(c.now()):
		return Invalid("until", "That is over already. Choose a later end.")
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		return updateStatus(ctx, tx, a.ID, s)
	}, c.hub.profilesChanged)
}

// nextDeadline is the earliest of many times. The zero value has none. It is safe for concurrent use.
type nextDeadline struct{ millis atomic.Int64 }

// add adds a time; the zero time is ignored.
func (e *nextDeadline) add(t time.Time) {
	if t.IsZero() {
		return
	}
	for {
		old := e.millis.Load()
		if old != 0 && old <= t.UnixMilli() || e.millis.CompareAndSwap(old, t.UnixMilli()) {
			return
		}
	}
}

// due reports whether one of its times has come.
func (e *nextDeadline) due(now time.Time) bool {
	next := e.millis.Load()
	return next != 0 && next <= now.UnixMilli()
}

// endStatuses clears each status when it ends, until the chat closes.
func (c *core) endStatuses() {
	tick := time.NewTicker(statusCheck)
	defer tick.Stop()
	c.hub.statusEnds.add(c.now()) // for statuses that ended while nothing ran
	for {
		_ = guard.Run(c.options.Log, "ending statuses", func() { // it runs again in a moment
			if !c.hub.statusEnds.due(c.now()) {
				return
			}
			if err := c.endStatusesNow(c.background); err != nil && c.background.Err() == nil {
				c.options.Log.Error("ending statuses", "error", err)
			}
		})
		select {
		case <-tick.C:
		case <-c.background.Done():
			return
		}
	}
}

func (c *core) endStatusesNow(ctx context.Context) error {
	type statuses struct {
		ended bool
		next  time.Time
	}
	_, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (s statuses, err error) {
		if s.ended, err = deleteEndedStatuses(ctx, tx); err != nil {
			return s, err
		}
		s.next, err = nextStatusEnd(ctx, tx)
		return s, err
	}, func(s statuses) {
		c.hub.statusEnds.millis.Store(0) // statuses set from now on are added again
		c.hub.statusEnds.add(s.next)
		if s.ended {
			c.hub.profilesChanged()
		}
	})
	return err
}
