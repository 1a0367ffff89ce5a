package handlers

import (
	"errors"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// limiter counts what each key did in the running minute, or whatever its window is. All keys start anew together: forgetting them costs
// nothing, and needs no goroutine. (Fiber's limiter starts one that never ends, and must stand before the handler:
// a form would be refused before its text was read, and lost.)
type limiter struct {
	most   int
	window int64 // seconds that it counts for

	mu     sync.Mutex
	minute int64
	counts map[string]int
}

// newLimiter makes a limiter of so many a minute; 0 is no limit.
func newLimiter(most int) *limiter { return &limiter{most: most, window: 60} }

// take counts one more, and refuses it when the minute is used up.
func (l *limiter) take(c *fiber.Ctx, key string) error {
	if l.most <= 0 {
		return nil
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Unix() / l.window; minute != l.minute {
		l.minute, l.counts = minute, make(map[string]int)
	}
	if l.counts[key] >= l.most {
		wait := l.window - now.Unix()%l.window
		c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(wait, 10))
		return chat.Errorf(chat.CodeTooOften, "That was too often. Wait %d seconds and try again.", wait)
	}
	l.counts[key]++
	return nil
}

// network is the key of an address: an IPv6 subscriber has a whole /64.
func network(addr netip.Addr) string {
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// faulty says with which status and sentence a form comes back, still filled in: what it holds is at fault, or it
// came too often. Every other error has a page of its own.
func faulty(err error) (status int, sentence string, ok bool) {
	e, ok := errors.AsType[*chat.Error](err)
	if !ok || e.Code != chat.CodeInvalid && e.Code != chat.CodeTooOften {
		return 0, "", false
	}
	return statuses[e.Code], e.Message, true
}
