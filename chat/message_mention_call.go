package chat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"chitchat/chat/markdown"
)

// askAbove is the number of other people whom a message may mention by one word without asking its author first.
const askAbove = 5

// mentionCall is what a text mentions by words for many. "@here" is stored as mentions of those who are online when it
// is posted: who comes later has not been called.
type mentionCall struct {
	all     bool   // everyone in the channel
	here    bool   // those who are online
	word    string // the first of the words, as it was typed
	present []ID   // whom here means
}

// call notes a word that mentions many, and its places in the text.
func (m *mentionCall) call(word, body string, places []markdown.Span) {
	if word == callsPresent {
		m.here = true
	} else {
		m.all = true
	}
	if m.word == "" && len(places) > 0 {
		m.word = body[places[0].Start:places[0].End]
	}
}

// The questions before a text notifies many, with their number and the word.
const (
	askBeforePost = "This notifies %d people, and nothing was sent yet. Send it again to do so, or take the %s out."
	askBeforeEdit = "This notifies %d people, and nothing was saved yet. Save it again to do so, or take the %s out."
)

// mayCall finds whom "@here" means, and refuses to notify many people of a text at once unless confirm says yes:
// the refusal asks.
func (c *core) mayCall(ctx context.Context, a Actor, acc Access, m *mentions, body, confirm, ask string) error {
	if !m.all && !m.here {
		return nil
	}
	people, err := c.called(ctx, a, acc, m)
	if err != nil || people <= askAbove || confirmed(confirm, acc.cached.ID, body, people) {
		return err
	}
	refusal := Invalid("body", ask, people, m.word)
	refusal.Confirm = confirmation(acc.cached.ID, body, people)
	return refusal
}

// mayCallByEdit is mayCall for an edit: it asks only when it adds such a word. A message that said "@here" before goes
// on mentioning those who were online then.
func (c *core) mayCallByEdit(ctx context.Context, a Actor, acc Access, seq int64, m *mentions, body,
	confirm string) error {
	if !m.all && !m.here {
		return nil
	}
	old, err := c.message(ctx, acc.cached, seq)
	if err != nil || acc.EditRefusal(old) != nil { // refused where it is decided
		return err
	}
	was, err := c.mentioned(ctx, a, old.Body)
	switch {
	case err != nil || was.all:
		return err
	case was.here && !m.all:
		m.present, err = selectMentions(ctx, c.db, acc.cached.ID, seq)
		m.present = slices.DeleteFunc(m.present, func(id ID) bool { return slices.Contains(was.who, id) })
		return err
	}
	return c.mayCall(ctx, a, acc, m, body, confirm, askBeforeEdit)
}

// called returns the number of the people other than the actor whom the words mention, and sets those who are present.
func (c *core) called(ctx context.Context, a Actor, acc Access, m *mentions) (int, error) {
	if m.all {
		people, err := c.memberCount(ctx, acc.cached)
		if err != nil {
			return 0, err
		}
		memberships, err := c.memberships(ctx, a.ID)
		if memberships[acc.cached.ID].State == Joined {
			people--
		}
		return people, err
	}
	online := slices.DeleteFunc(c.hub.online(0), func(id ID) bool { return id == a.ID })
	var err error
	m.present, err = membersAmong(ctx, c.db, acc.cached.ID, online)
	return len(m.present), err
}

// confirmation is what a form sends to confirm that a text notifies so many people of a channel. It holds for this text
// only, and for up to twice as many people, since some come and go meanwhile. It is no secret: all that it guards is
// its author from a mistake.
func confirmation(channel ID, body string, people int) string {
	sum := sha256.Sum256([]byte(channel.String() + "\n" + body))
	return strconv.Itoa(people) + "." + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// confirmed reports whether a form has confirmed it.
func confirmed(confirm string, channel ID, body string, people int) bool {
	number, _, _ := strings.Cut(confirm, ".")
	asked, err := strconv.Atoi(number)
	return err == nil && people <= 2*asked && confirm == confirmation(channel, body, asked)
}
