package chat

import (
	"context"
	"errors"
	"sync"

	"chitchat/chat/guard"
	"chitchat/chat/sqlite"
)

// maxBatch is the maximum number of changes that share a transaction, and so one wait for the disk.
const maxBatch = 256

// job is a change to the database: either a post or a function.
type job struct {
	post *post

	// apply makes the change. If it returns an *Error it must not have written anything: the other jobs of the transaction
	// go on. After any other error the whole transaction is rolled back, and each job runs in a transaction of its own, so
	// that it does not fail the others. So apply may run twice: it must return its result, by updateValue, and not set
	// variables outside.
	apply func(context.Context, *sqlite.Tx) error

	// quiet means that nothing that the chat caches has changed, except as committed does.
	quiet bool

	// committed notifies the hub, after the commit and in the order of commits. It may be nil.
	committed func()

	done chan error // buffered: the writer does not wait for the caller
}

// writer groups waiting changes into transactions. Rules:
//
//   - One goroutine (run) changes the database; a second one (notify) tells the hub of commits, in their order, while
//     the next transaction is in progress.
//   - A panic fails only the change in which it happens: its caller gets an error, and the others go on.
//   - A caller is answered after both: acknowledged means durable, and shown to the subscriptions.
//   - stop refuses new jobs, and returns when all accepted ones have been answered.
type writer struct {
	db      *sqlite.DB
	jobs    chan *job
	commits chan []*job
	hub     *hub
	known   known // used by run only

	mu      sync.RWMutex // held for reading while a job is submitted
	stopped bool
	ended   guard.Group
}

func startWriter(db *sqlite.DB, h *hub) *writer {
	w := &writer{db: db, hub: h, known: newKnown(), jobs: make(chan *job, maxBatch), commits: make(chan []*job, 1)}
	w.ended.Log = h.chat.options.Log
	w.ended.Go("writing", w.run)
	w.ended.Go("telling what was written", w.notify)
	return w
}

var errStopping = errors.New("chat: closing")

// submit submits a job and waits for its answer. The job is done even if ctx ends meanwhile.
func (w *writer) submit(ctx context.Context, j *job) error {
	j.done = make(chan error, 1)
	w.mu.RLock()
	if w.stopped {
		w.mu.RUnlock()
		return errStopping
	}
	w.jobs <- j // cannot block for ever: run reads until stop has the lock
	w.mu.RUnlock()
	select {
	case err := <-j.done:
		if sqlite.IsFull(err) {
			return Errorf(CodeNoSpace, "The server's disk is full. Nothing was changed; try again when there is room.")
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// update makes a change; committed may notify the hub afterwards.
func (w *writer) update(ctx context.Context, apply func(context.Context, *sqlite.Tx) error, committed func()) error {
	return w.submit(ctx, &job{apply: apply, committed: committed})
}

// updateQuietly is update for frequent changes that no cache depends on.
func (w *writer) updateQuietly(ctx context.Context, apply func(context.Context, *sqlite.Tx) error,
	committed func()) error {
	return w.submit(ctx, &job{apply: apply, committed: committed, quiet: true})
}

// bestEffort is updateQuietly for side effects of other requests: what users visit and have read. On a full disk it
// does nothing and returns no error, so that the request succeeds.
func (w *writer) bestEffort(ctx context.Context, apply func(context.Context, *sqlite.Tx) error,
	committed func()) error {
	return unlessFull(w.updateQuietly(ctx, apply, committed))
}

// unlessFull returns an error unless it says that the disk is full.
func unlessFull(err error) error {
	if ErrorCode(err) == CodeNoSpace {
		return nil
	}
	return err
}

func (w *writer) stop() {
	w.mu.Lock()
	if !w.stopped {
		w.stopped = true
		close(w.jobs)
	}
	w.mu.Unlock()
	w.ended.Wait()
}

func (w *writer) run() {
	defer close(w.commits)
	for first := range w.jobs {
		batch := w.drainQueue(first)
		if err := guard.Run(w.ended.Log, "writing", func() { w.commit(batch) }); err != nil {
			for _, j := range batch {
				j.answer(err) // those that were not answered
			}
		}
	}
}

// answer returns the result of the job to its caller. Only the first answer counts.
func (j *job) answer(err error) {
	select {
	case j.done <- err:
	default:
	}
}

// drainQueue returns first and all other waiting jobs.
func (w *writer) drainQueue(first *job) []*job {
	batch := []*job{first}
	for len(batch) < maxBatch {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one transaction, or else each job in its own.
func (w *writer) commit(batch []*job) {
	done, err := w.transact(batch)
	if errors.Is(err, errRepeated) {
		w.known.careful = true
		done, err = w.transact(batch)
		w.known.careful = false
	}
	switch {
	case err == nil:
		if len(done) > 0 {
			w.commits <- done
		}
	case len(batch) == 1:
		batch[0].answer(err)
	default:
		for _, j := range batch {
			w.commit([]*job{j})
		}
	}
}

// transact returns the jobs that were done, after answering those that were refused.
func (w *writer) transact(batch []*job) (done []*job, err error) {
	// A caller who gives up must not cancel the transaction of 255 others.
	ctx := context.Background()
	w.dropStale()
	tx, err := w.db.Begin(ctx, w.hub.chat.now())
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // err, the first error, is the one to return
			w.known.forget()
		}
	}()
	var refused map[*job]error
	var news []ID
	if failure := guard.Run(w.ended.Log, "changing the database",
		func() { done, refused, news, err = w.apply(ctx, tx, batch) }); failure != nil {
		err = failure
	}
	if err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	for _, id := range news {
		w.known.posted[id] = struct{}{}
	}
	for j, e := range refused {
		j.answer(e)
	}
	return done, nil
}

// apply makes the changes of a batch. It returns the jobs that succeeded, and the errors of the others.
func (w *writer) apply(ctx context.Context, tx *sqlite.Tx,
	batch []*job) (done []*job, refused map[*job]error, news []ID, err error) {
	refused = make(map[*job]error)
	var posts []*post
	for _, j := range batch {
		if j.post != nil {
			j.post.refusal = nil
			posts = append(posts, j.post)
		}
	}
	news, err = insertPosts(ctx, tx, posts, &w.known)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, j := range batch {
		e := error(nil)
		if j.post != nil {
			if j.post.refusal != nil {
				e = j.post.refusal
			}
		} else {
			e = j.apply(ctx, tx)
			if !j.quiet {
				clear(w.known.access)
			}
		}
		if refusal, ok := errors.AsType[*Error](e); ok {
			refused[j] = refusal
		} else if e != nil {
			return nil, nil, nil, e
		} else {
			done = append(done, j)
		}
	}
	return done, refused, news, nil
}

func (w *writer) notify() {
	for batch := range w.commits {
		var posts []*post
		for _, j := range batch {
			if j.post != nil {
				posts = append(posts, j.post)
			} else if !j.quiet {
				w.hub.chat.caches.forget()
			}
		}
		failure := guard.Run(w.ended.Log, "telling of messages", func() { w.hub.posted(posts) })
		for _, j := range batch {
			if j.post != nil && failure != nil {
				j.post.untold = true
			}
			err := error(nil)
			if j.committed != nil {
				err = guard.Run(w.ended.Log, "telling what was written", j.committed)
			}
			j.answer(err)
		}
	}
}
