package chat

import (
	"context"
	"math"
	"slices"
	"time"

	"chitchat/chat/feed"
	"chitchat/chat/sqlite"
)

// Pin is a message that is pinned to its channel.
type Pin struct {
	Row Row // as it is now
	By  User
	At  time.Time

	seq, place int64
}

// PinPage is a page of a channel's pins, newest first.
type PinPage struct {
	Channel Channel
	Access  Access
	Pins    []Pin
	Older   int64 // the place before which the next page begins; 0: there is none
}

// Pins returns a page of a channel's pins for an actor who sees it. before is 0, or the Older of the page before. Most
// channels have one page: only very long messages make more.
func (c Messages) Pins(ctx context.Context, a Actor, slug string, before int64) (PinPage, error) {
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return PinPage{}, err
	}
	p := PinPage{Access: acc}
	if p.Channel, err = c.channelFor(ctx, a, acc.cached); err != nil {
		return PinPage{}, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	var list []Message
	c.hub.messageQueries.Add(1)
	err = c.db.Snapshot(ctx, func(q sqlite.Querier) (err error) {
		if p.Pins, err = selectPins(ctx, q, acc.cached.ID); err != nil || len(p.Pins) == 0 {
			return err
		}
		list, err = messages(ctx, q, acc.cached, pinnedMessages, 0, MaxPins)
		return err
	})
	if err != nil {
		return PinPage{}, err
	}
	p.Pins = slices.DeleteFunc(p.Pins, func(pin Pin) bool { return pin.place >= before })
	c.hub.renderPins(&p, list)
	return p, nil
}

// renderPins renders as many of the pinned messages as fit on the page.
func (h *hub) renderPins(p *PinPage, list []Message) {
	bySeq := make(map[int64]Message, len(list))
	for _, m := range list {
		bySeq[m.Seq] = m
	}
	ordered := make([]Message, len(p.Pins))
	for i, pin := range p.Pins {
		ordered[i] = bySeq[pin.seq]
		ordered[i].Continued = false // it stands alone here
	}
	ordered, _ = h.fitMessages(ordered, 0)
	rows := feed.FitRows(h.renderAll(ordered), 0)
	if len(rows) > 0 && len(rows) < len(p.Pins) {
		p.Older = p.Pins[len(rows)-1].place
	}
	p.Pins = p.Pins[:len(rows)]
	for i := range p.Pins {
		p.Pins[i].Row, p.Pins[i].By = rows[i], h.profiles.latest(p.Pins[i].By)
	}
}
