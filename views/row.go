package views

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"chitchat/chat"
)

// Most of the cost of an older page is its rows. So the component Row, which has the only markup, is rendered once for
// each shape of row, and cut around its values: AppendRow joins a message's values and these texts in a tenth of the
// time. It uses Row itself for lines, for messages with files or link previews, for rows that show a reply, and for
// shapes whose pattern does not reproduce exactly what Row renders for another message.

// AppendRow appends the bytes that Row renders. Safe for concurrent use.
func AppendRow(b []byte, m chat.Message) []byte {
	if len(m.Attachments)+len(m.LinkPreviews) == 0 && m.Pins == 0 && m.Broadcast.Root == 0 {
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
	isReply
	hasReplies
	shapes = 1 << iota
)

func shapeOf(m *chat.Message) (s shape) {
	set := func(is bool, bit shape) {
		if is {
			s |= bit
		}
	}
	set(m.Thread.Root != 0, isReply)
	set(m.Thread.Root == 0 && m.Replies.Count > 0, hasReplies)
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
	rootValue
	countValue
	repliesValue
	lastValue = repliesValue
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
	case rootValue:
		return strconv.AppendInt(b, m.Thread.Root, 10)
	case countValue:
		return strconv.AppendInt(b, m.Replies.Count, 10)
	case repliesValue:
		return appendReplies(b, m)
	case noValue:
	}
	return b
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
