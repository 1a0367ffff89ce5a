package handlers

import (
	"sync"
	"time"
)

// maxRecent bounds what one recent remembers. Beyond it the oldest is forgotten, and its form counts as a new one.
const maxRecent = 10_000

// maxKeyed is the length in bytes from which a name is not worth a key: it is refused anyhow.
const maxKeyed = 1024

// idempotencyCache remembers for a while what forms have made, so that one that comes twice (the button pressed twice,
// an answer that was lost) gets the same answer. Only what was made is remembered, and only in memory.
type idempotencyCache[T any] struct {
	lifetime time.Duration

	mu    sync.Mutex
	forms map[string]*idempotentResult[T]
	order []expiringResult[T] // oldest first
}

// idempotentResult is what one form has made. Whoever entered it has it alone until they leave it.
type idempotentResult[T any] struct {
	key    string
	single sync.Mutex
	users  int       // guarded by recent.mu
	at     time.Time // guarded by recent.mu; zero while nothing was made
	value  T
}

type expiringResult[T any] struct {
	form *idempotentResult[T]
	at   time.Time
}

func newIdempotencyCache[T any](lifetime time.Duration) *idempotencyCache[T] {
	return &idempotencyCache[T]{lifetime: lifetime, forms: make(map[string]*idempotentResult[T])}
}

// enter waits until nobody else handles the form of that key. Whoever called it calls leave. ok reports whether
// the form has made something already: value is what.
func (r *idempotencyCache[T]) enter(key string) (form *idempotentResult[T], value T, ok bool) {
	r.mu.Lock()
	r.forget(time.Now())
	form = r.forms[key]
	if form == nil {
		form = &idempotentResult[T]{key: key}
		r.forms[key] = form
	}
	form.users++
	r.mu.Unlock()

	form.single.Lock()
	r.mu.Lock()
	defer r.mu.Unlock()
	return form, form.value, !form.at.IsZero()
}

// remember says what the form has made. It is for whoever entered it.
func (r *idempotencyCache[T]) remember(form *idempotentResult[T], value T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	form.at, form.value = time.Now(), value
	r.order = append(r.order, expiringResult[T]{form, form.at})
}

func (r *idempotencyCache[T]) leave(form *idempotentResult[T]) {
	form.single.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if form.users--; form.users == 0 && form.at.IsZero() && r.forms[form.key] == form {
		delete(r.forms, form.key)
	}
}

func (r *idempotencyCache[T]) forget(now time.Time) {
	for len(r.order) > 0 && (now.Sub(r.order[0].at) > r.lifetime || len(r.order) > maxRecent) {
		old := r.order[0]
		r.order = r.order[1:]
		if old.form.at.Equal(old.at) && r.forms[old.form.key] == old.form { // it was not made anew since
			delete(r.forms, old.form.key)
		}
	}
}
