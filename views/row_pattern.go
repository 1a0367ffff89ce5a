package views

import (
	"bytes"
	"sync/atomic"
	"time"

	"chitchat/chat"
)

// pattern is a shape's row: texts, each followed by a value. Without pieces it must not be used.
type pattern struct{ pieces []rowPiece }

type rowPiece struct {
	text  string
	value rowValue
}

// append renders each value once, and copies it where it occurs again.
func (p *pattern) append(b []byte, m *chat.Message) []byte {
	var at [lastValue + 1]struct{ from, to int }
	for i := range p.pieces {
		piece := &p.pieces[i]
		b = append(b, piece.text...)
		if a := at[piece.value]; a.to > a.from {
			b = append(b, b[a.from:a.to]...)
			continue
		}
		from := len(b)
		b = piece.value.append(b, m)
		at[piece.value].from, at[piece.value].to = from, len(b)
	}
	return b
}

var patterns [shapes]atomic.Pointer[pattern]

// The stand-ins for values: none occurs in the markup, nor in another one. The author's hue is 19.
const (
	standInID      = chat.ID(24*1_000_000_007 + 19)
	standInChannel = chat.ID(7_999_999_993)
	standInPicture = chat.ID(8_888_888_887)
	standInSeq     = 6_660_666_066
	standInRev     = 5_550_555_055
	standInRoot    = 4_440_444_044
	standInCount   = 3_330_333_033
)

var standInTime = time.Date(2046, 10, 28, 17, 53, 47, 0, time.UTC)

// standIn returns a message of a shape whose values can be found in the markup.
func standIn(s shape) chat.Message {
	m := chat.Message{
		ChannelID: standInChannel, ChannelSlug: "qqslug", Seq: standInSeq, Rev: standInRev, Continued: s&isContinued != 0,
		Author: chat.User{ID: standInID, Name: "\u03a9name"}, CreatedAt: standInTime,
	}
	if s&hasPicture != 0 {
		m.Author.Avatar = standInPicture
	}
	if s&hasEmoji != 0 {
		m.Author.Status.Emoji = "qqemoji"
	}
	if s&hasStatus != 0 {
		m.Author.Status.Text = "qqstatus"
	}
	if s&isDeleted != 0 {
		m.DeletedAt = standInTime
	}
	if s&isRemoved != 0 {
		m.RemovedBy = standInID
	}
	if s&isEdited != 0 {
		m.EditedAt = standInTime
	}
	if s&(hasReactions|isDeleted) == hasReactions {
		m.Reactions = []chat.Reaction{{Emoji: "qqreaction", Count: 1, People: []chat.User{{ID: 1, Name: "qqperson"}}}}
	}
	switch {
	case s&isReply != 0:
		m.Thread = chat.ThreadRef{Channel: 1, Root: standInRoot}
	case s&hasReplies != 0:
		m.Replies = chat.Replies{Count: standInCount, LastAt: standInTime.Add(time.Hour),
			People: []chat.User{{ID: 1, Name: "qqreplier"}}}
	}
	switch {
	case s&isBig != 0:
		m.Body = "\u26c4\u26c4"
	case s&hasBody != 0:
		m.Body = "qqbody"
	}
	if s&isBlocks != 0 {
		m.Formatted = chat.Formatted{HTML: "qqbody", Blocks: true}
	}
	return m
}

// another returns a message of the same shape as a stand-in, with other values.
func another(m chat.Message) chat.Message {
	m.ChannelID, m.ChannelSlug, m.Seq, m.Rev, m.CreatedAt = 1, "a&b", 2, 3, standInTime.Add(-99*time.Hour-7*time.Minute)
	m.Author.ID, m.Author.Name = 4, "<e> 'f'"
	if m.Author.Avatar != 0 {
		m.Author.Avatar = 5
	}
	if m.Author.Status.Emoji != "" {
		m.Author.Status.Emoji = "\"g\""
	}
	if m.Author.Status.Text != "" {
		m.Author.Status.Text = "h & i"
	}
	if m.Thread.Root != 0 {
		m.Thread.Root = 9
	}
	if m.Replies.Count > 0 {
		m.Replies = chat.Replies{Count: 1, LastAt: standInTime, People: []chat.User{{ID: 8, Name: "<r>", Avatar: 3}, {ID: 9}}}
	}
	if len(m.Reactions) > 0 {
		m.Reactions = []chat.Reaction{{Emoji: "\U0001f389", Count: 2,
			People: []chat.User{{ID: 6, Name: "p"}, {ID: 7, Name: "<q>"}}}}
	}
	if m.Body != "" {
		if chat.BigEmoji(m.Body) {
			m.Body = "\U0001f600"
		} else {
			m.Body = "j <k> https://l.example/?m&n"
		}
		if m.Blocks {
			m.HTML = "<ul><li>o</li></ul>"
		}
	}
	return m
}

// newPattern renders a row of the shape and cuts it. It has no pieces if it does not reproduce what Row renders for
// another message.
func newPattern(s shape) *pattern {
	m := standIn(s)
	var values []rowValue
	var texts [][]byte
	for v := noValue + 1; v <= lastValue; v++ {
		if text := v.append(nil, &m); len(text) > 0 {
			values, texts = append(values, v), append(texts, text)
		}
	}
	p := new(pattern)
	html, at := rowOf(m), 0
	for i := 0; i < len(html); i++ {
		longest := -1
		for k, text := range texts {
			if bytes.HasPrefix(html[i:], text) && (longest < 0 || len(text) > len(texts[longest])) {
				longest = k
			}
		}
		if longest >= 0 {
			p.pieces = append(p.pieces, rowPiece{string(html[at:i]), values[longest]})
			at = i + len(texts[longest])
			i = at - 1
		}
	}
	p.pieces = append(p.pieces, rowPiece{string(html[at:]), noValue})
	if other := another(m); shapeOf(&other) != s || !bytes.Equal(p.append(nil, &other), rowOf(other)) {
		return new(pattern)
	}
	return p
}
