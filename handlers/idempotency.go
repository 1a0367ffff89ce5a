package handlers

import (
	"sync"
	"time"
)

// maxRecent bounds the results of one cache. Beyond it the oldest is forgotten, and its form counts as new.
const maxRecent = 10_000

// maxKeyed is the length in bytes above which a name gets no key: it is refused anyway.
const maxKeyed = 1024

// idempotencyCache remembers the results of forms for a while, so that a repeated form (pressed twice, or its answer
// lost) gets the same result. Only successes are remembered, in memory.
type idempotencyCache[T any] struct {
	lifetime time.Duration

	mu    sync.Mutex
	forms map[string]*idempotentResult[T]
	order []expiringResult[T] // oldest first
}

// idempotentResult is the result of one form. Between enter and leave, one caller has it exclusively.
type idempotentResult[T any] struct {
	key    string
	single sync.Mutex
	users  int       // guarded by idempotencyCache.mu
	at     time.Time // guarded by idempotencyCache.mu; zero while there is no result
	value  T
}

type expiringResult[T any] struct {
	form *idempotentResult[T]
	at   time.Time
}

func newIdempotencyCache[T any](lifetime time.Duration) *idempotencyCache[T] {
	return &idempotencyCache[T]{lifetime: lifetime, forms: make(map[string]*idempotentResult[T])}
}

// enter waits until no other call handles the form of that key. The caller must call leave. ok reports whether the form
// has a result already, which is value.
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

// remember records the form's result. Call it between enter and leave.
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
		if old.form.at.Equal(old.at) && r.forms[old.form.key] == old.form { // else it has a newer result
			delete(r.forms, old.form.key)
		}
	}
}
