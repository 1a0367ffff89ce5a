package handlers

import (
	"hash/maphash"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// limiter counts what each key does in the current window. All keys reset together, so that forgetting them costs
// nothing and needs no goroutine. (Fiber's limiter starts a goroutine that never ends, and must run before the handler:
// it would refuse a form before its text was read, and lose it.)
type limiter struct {
	most   int
	window int64 // its length in seconds
	now    func() time.Time

	mu     sync.Mutex
	minute int64
	counts map[uint64]int // by the key's hash: a client may choose a key of any length
}

// maxCounted bounds how many keys a limiter counts at once; further keys share crowdedKeys counters. A client with that
// many addresses must not fill the memory.
const (
	maxCounted  = 200_000
	crowdedKeys = 1024
)

// limitSeed seeds the hashes of keys: clients cannot find two keys that collide.
var limitSeed = maphash.MakeSeed()

// limitClock is the clock of new limiters: a variable, so that no minute ends within a test.
var limitClock = time.Now

// newLimiter returns a limiter of so many a minute; 0 is no limit.
func newLimiter(most int) *limiter { return newLimiterOf(most, time.Minute) }

// newLimiterOf returns a limiter of so many in a window of whole seconds.
func newLimiterOf(most int, window time.Duration) *limiter {
	return &limiter{most: most, window: int64(window / time.Second), now: limitClock}
}

// take counts one event, and refuses it when the window's limit is reached.
func (l *limiter) take(c *fiber.Ctx, key string) error {
	if l.most <= 0 {
		return nil
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	hash := l.counter(key, now)
	if l.counts[hash] >= l.most {
		wait := l.window - now.Unix()%l.window
		c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(wait, 10))
		return chat.Errorf(chat.CodeTooOften, "You do that too often. Wait %d seconds and try again.", wait)
	}
	l.counts[hash]++
	return nil
}

// counter returns the counter of a key; a new window resets all. The caller holds mu.
func (l *limiter) counter(key string, now time.Time) uint64 {
	if minute := now.Unix() / l.window; minute != l.minute {
		l.minute, l.counts = minute, make(map[uint64]int)
	}
	hash := maphash.String(limitSeed, key)
	if _, counted := l.counts[hash]; !counted && len(l.counts) >= maxCounted {
		hash %= crowdedKeys
	}
	return hash
}

// perAddressFactor is how many busy users may share one address: an office or a class behind one router.
const perAddressFactor = 50

// userAndIPLimiter limits each user, and each address at perAddressFactor times as much.
type userAndIPLimiter struct{ user, ip *limiter }

// newUserAndIPLimiter returns limits of so many a minute per user; 0 is no limit.
func newUserAndIPLimiter(most int) userAndIPLimiter {
	return userAndIPLimiter{newLimiter(most), newLimiter(perAddressFactor * most)}
}

// rateLimit counts one event for the actor and their address, and refuses it when either limit is reached.
func (s *Server) rateLimit(c *fiber.Ctx, d userAndIPLimiter, a chat.Actor) error {
	if err := d.user.take(c, a.ID.String()); err != nil {
		return err
	}
	return d.ip.take(c, network(s.address(c)))
}

// limitSignIns counts an attempt to sign in from the request's address. Every way to sign in calls it.
func (s *Server) limitSignIns(c *fiber.Ctx) error { return s.signIns.take(c, network(s.address(c))) }

// limitPasswords counts a password that the actor enters, for their session only: strangers at the same address cannot
// use up the limit, and one session's attempts are few.
func (s *Server) limitPasswords(c *fiber.Ctx, a chat.Actor) error {
	return s.passwords.own.take(c, "session "+a.Session.String())
}

// network returns the key of an address: for IPv6 its /64, which one subscriber has.
func network(addr netip.Addr) string {
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
