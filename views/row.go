package views

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"chitchat/chat"
)

// Most of the cost of an older page is its rows. So the component Row, which has the only markup, is rendered once for
// each shape of row, and cut around its values: AppendRow joins a message's values and these texts in a tenth of the
// time. It uses Row itself for messages with files or link previews, and for shapes whose pattern does not reproduce
// exactly what Row renders for another message.

// AppendRow appends the bytes that Row renders. Safe for concurrent use.
func AppendRow(b []byte, m chat.Message) []byte {
	if len(m.Attachments)+len(m.LinkPreviews) == 0 {
		s := shapeOf(&m)
		p := patterns[s].Load()
		if p == nil {
			p = newPattern(s)
			patterns[s].Store(p)
		}
		if len(p.pieces) > 0 {
			return p.append(b, &m)
		}
	}
	return append(b, rowOf(m)...)
}

// shape is what determines the elements and classes of a message's row.
type shape uint16

const (
	isContinued shape = 1 << iota
	isDeleted
	isRemoved
	isEdited
	hasBody
	isBig
	hasPicture
	hasEmoji
	hasStatus
	isBlocks
	hasReactions
	shapes = 1 << iota
)

func shapeOf(m *chat.Message) (s shape) {
	set := func(is bool, bit shape) {
		if is {
			s |= bit
		}
	}
	set(m.Continued, isContinued)
	if !m.Continued {
		set(m.Author.Avatar != 0, hasPicture)
		set(m.Author.Status.Emoji != "", hasEmoji)
		set(s&hasEmoji != 0 && m.Author.Status.Text != "", hasStatus)
	}
	if m.Deleted() {
		set(true, isDeleted)
		set(m.RemovedBy != 0, isRemoved)
		return s
	}
	set(len(m.Reactions) > 0, hasReactions)
	if m.Body != "" {
		set(true, hasBody)
		set(m.Edited(), isEdited)
		set(m.Blocks, isBlocks)
		set(m.Big(m.Body), isBig)
	}
	return s
}

// rowValue is a value that differs between rows of one shape.
type rowValue uint8

const (
	noValue rowValue = iota
	channelValue
	slugValue
	seqValue
	revValue
	authorValue
	hueValue
	nameValue
	initialValue
	pictureValue
	emojiValue
	statusValue
	dateValue
	clockValue
	bodyValue
	reactionsValue
	lastValue = reactionsValue
)

// append appends the value as rows show it.
func (v rowValue) append(b []byte, m *chat.Message) []byte {
	switch v {
	case channelValue:
		return strconv.AppendInt(b, int64(m.ChannelID), 36)
	case slugValue:
		return appendEscaped(b, m.ChannelSlug)
	case seqValue:
		return strconv.AppendInt(b, m.Seq, 10)
	case revValue:
		return strconv.AppendInt(b, m.Rev, 10)
	case authorValue:
		return strconv.AppendInt(b, int64(m.Author.ID), 36)
	case hueValue:
		return append(b, hue(m.Author.ID)...)
	case nameValue:
		return appendEscaped(b, m.Author.Name)
	case initialValue:
		return appendEscaped(b, initial(m.Author.Name))
	case pictureValue:
		return strconv.AppendInt(b, int64(m.Author.Avatar), 36)
	case emojiValue:
		return appendEscaped(b, m.Author.Status.Emoji)
	case statusValue:
		return appendEscaped(b, m.Author.Status.Text)
	case dateValue:
		return m.CreatedAt.UTC().AppendFormat(b, time.RFC3339)
	case clockValue:
		return m.CreatedAt.UTC().AppendFormat(b, "15:04")
	case bodyValue:
		return appendBody(b, m)
	case reactionsValue:
		return appendReactions(b, m)
	case noValue:
	}
	return b
}

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

func rowOf(m chat.Message) []byte {
	var b bytes.Buffer
	_ = Row(m).Render(context.Background(), &b) // a buffer never fails, and a row does nothing else that could
	return b.Bytes()
}

// appendEscaped appends a text escaped for HTML, as templ escapes it.
func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var escaped string
		switch s[i] {
		case '&':
			escaped = "&amp;"
		case '\'':
			escaped = "&#39;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '"':
			escaped = "&#34;"
		default:
			continue
		}
		if from < i {
			b = append(b, s[from:i]...)
		}
		if cap(b)-len(b) < len(escaped) {
			b = slices.Grow(b, max(len(b), len(s)-i)) // a text of only such characters would grow in many steps
		}
		b = append(b, escaped...)
		from = i + 1
	}
	return append(b, s[from:]...)
}
