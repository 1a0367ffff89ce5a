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

// limiter counts what each key did in the running minute, or whatever its window is. All keys start anew together:
// forgetting them costs nothing, and needs no goroutine. (Fiber's limiter starts one that never ends, and must stand
// before the handler: a form would be refused before its text was read, and lost.)
type limiter struct {
	most   int
	window int64 // seconds that it counts for
	now    func() time.Time

	mu     sync.Mutex
	minute int64
	counts map[uint64]int // by the key's hash: what is counted may be as long as whoever is counted likes
}

// maxCounted bounds how many keys a limiter counts at once; further ones share crowdedKeys counters. Whoever has so
// many addresses shall not fill the memory.
const (
	maxCounted  = 200_000
	crowdedKeys = 1024
)

// limitSeed makes the hashes of keys: nobody can find two that share one.
var limitSeed = maphash.MakeSeed()

// limitClock is the clock of new limiters: a variable so that a minute does not end within a test.
var limitClock = time.Now

// newLimiter makes a limiter of so many a minute; 0 is no limit.
func newLimiter(most int) *limiter { return newLimiterOf(most, time.Minute) }

// newLimiterOf makes a limiter of so many in a window of whole seconds.
func newLimiterOf(most int, window time.Duration) *limiter {
	return &limiter{most: most, window: int64(window / time.Second), now: limitClock}
}

// take counts one more, and refuses it when the minute is used up.
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
		return chat.Errorf(chat.CodeTooOften, "That was too often. Wait %d seconds and try again.", wait)
	}
	l.counts[hash]++
	return nil
}

// counter is where a key is counted now; in a new window all begin anew. The caller holds mu.
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

// perAddressFactor is how many busy people one address may stand for: an office or a class behind one router.
const perAddressFactor = 50

// userAndIPLimiter limits what one person does, and besides, whoever they are, what comes from one address:
// perAddressFactor times as much.
type userAndIPLimiter struct{ user, ip *limiter }

// newUserAndIPLimiter makes limits of so many a minute for a person; 0 is no limit.
func newUserAndIPLimiter(most int) userAndIPLimiter {
	return userAndIPLimiter{newLimiter(most), newLimiter(perAddressFactor * most)}
}

// rateLimit counts one more for the actor and for their address, and refuses it when either's minute is used up.
func (s *Server) rateLimit(c *fiber.Ctx, d userAndIPLimiter, a chat.Actor) error {
	if err := d.user.take(c, a.ID.String()); err != nil {
		return err
	}
	return d.ip.take(c, network(s.address(c)))
}

// limitSignIns counts one more try to come in from the address of the request. Every way in asks it.
func (s *Server) limitSignIns(c *fiber.Ctx) error { return s.signIns.take(c, network(s.address(c))) }

// limitPasswords counts one more password that the actor gives, for their session alone: strangers at the same address
// use up nothing of it, and what one session tries is little.
func (s *Server) limitPasswords(c *fiber.Ctx, a chat.Actor) error {
	return s.passwords.own.take(c, "session "+a.Session.String())
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
