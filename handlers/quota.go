package handlers

import (
	"io"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/uploads"
)

// newQuota returns limits of so many bytes a day per user, and perAddressFactor times as many per address; 0 is no
// limit.
func newQuota(most int64) userAndIPLimiter {
	return userAndIPLimiter{newLimiterOf(int(most), 24*time.Hour), newLimiterOf(int(perAddressFactor*most), 24*time.Hour)}
}

// maxTextOfDay bounds the bytes of messages and edits per user and day: forty novels. Files have a quota, but files are
// not the only way to fill the disk.
const maxTextOfDay = 200 << 20

// muchText counts a message's bytes, and refuses it when the limit is reached.
func (s *Server) muchText(c *fiber.Ctx, a chat.Actor, text string) error {
	if s.texts.user.within(a.ID.String(), len(text)) && s.texts.ip.within(network(s.address(c)), len(text)) {
		return nil
	}
	return chat.Errorf(chat.CodeTooOften,
		"That is more than one person may write in a day. Try again tomorrow: nothing of it was sent, and it is "+
			"still in the box.")
}

// within counts n more, and reports whether they are within the limit.
func (l *limiter) within(key string, n int) bool {
	if l.most <= 0 {
		return true
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	hash := l.counter(key, now)
	if l.counts[hash] >= l.most {
		return false
	}
	l.counts[hash] += n
	return true
}

// metered is a file being received. Reading fails with a Refusal once its sender's daily quota is used up. Files
// refused for other reasons count too: they were written to the disk.
type metered struct {
	io.Reader
	c             *fiber.Ctx
	quota         userAndIPLimiter
	user, address string
}

func (s *Server) meter(c *fiber.Ctx, a chat.Actor, r io.Reader) io.Reader {
	return &metered{Reader: r, c: c, quota: s.volume, user: a.ID.String(), address: network(s.address(c))}
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if n == 0 || m.quota.user.within(m.user, n) && m.quota.ip.within(m.address, n) {
		return n, err
	}
	wait := m.quota.user.window - m.quota.user.now().Unix()%m.quota.user.window
	m.c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(wait, 10))
	return 0, &uploads.Refusal{
		Kind: uploads.TooOften,
		Reason: "It was not taken: with it, there would be more files than may be sent in one day. Try again tomorrow. " +
			"Messages can be sent all the same.",
	}
}
