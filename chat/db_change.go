package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// A change to the database is a function that the writer runs in a transaction, and runs again, in a transaction of its
// own, when the shared one has failed. It must return its result and not set variables outside: the result of the
// committed run is passed to committed, and then returned to the caller. A caller whose ctx has ended gets the zero
// value; the change may still happen.
//
// update, act, actIn and actAsManager are for changes without a result; their variants named Value are for changes with
// one.

// act makes a change in the actor's name. Methods authorize the actor before it, and the change may wait, so the
// actor's session, bans and role are read again in the transaction. apply gets the actor as read there, and must check
// again what depends on their role. It fails with CodeSignedOut when the session has ended.
func (c *core) act(ctx context.Context, a Actor, apply func(context.Context, *sqlite.Tx, Actor) error,
	committed func()) error {
	_, err := actValue(ctx, c, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (struct{}, error) {
		return struct{}{}, apply(ctx, tx, a)
	}, withoutResult(committed))
	return err
}

// actIn is act in a channel: apply also gets what the actor may do in it, as read in the transaction. It fails with
// CodeNotFound when they no longer see it.
func (c *core) actIn(ctx context.Context, a Actor, ch *cachedChannel,
	apply func(context.Context, *sqlite.Tx, Actor, Access) error, committed func()) error {
	_, err := actInValue(ctx, c, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (struct{}, error) {
		return struct{}{}, apply(ctx, tx, a, acc)
	}, withoutResult(committed))
	return err
}

// actAsManager is actIn for a change of the channel itself.
func (c *core) actAsManager(ctx context.Context, a Actor, ch *cachedChannel,
	apply func(context.Context, *sqlite.Tx, Actor, Access) error, committed func()) error {
	_, err := actAsManagerValue(ctx, c, a, ch,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (struct{}, error) {
			return struct{}{}, apply(ctx, tx, a, acc)
		}, withoutResult(committed))
	return err
}

// withoutResult adapts a committed function to a change without a result; nil stays nil.
func withoutResult(committed func()) func(struct{}) {
	if committed == nil {
		return nil
	}
	return func(struct{}) { committed() }
}

// stillActor returns the actor as read in the transaction.
func stillActor(ctx context.Context, tx *sqlite.Tx, a Actor) (Actor, error) {
	role, err := roleOf(ctx, tx, a.ID, a.Session)
	a.Role = role
	return a, err
}

// updateValue is writer.update for a change with a result.
func updateValue[T any](ctx context.Context, w *writer, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) (T, error) {
	return submitValue(ctx, w, new(job), apply, committed)
}

// updateQuietlyValue is writer.updateQuietly for a change with a result.
func updateQuietlyValue[T any](ctx context.Context, w *writer, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) (T, error) {
	return submitValue(ctx, w, &job{quiet: true}, apply, committed)
}

// bestEffortValue is writer.bestEffort for a change whose result only committed needs.
func bestEffortValue[T any](ctx context.Context, w *writer, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) error {
	_, err := updateQuietlyValue(ctx, w, apply, committed)
	return unlessFull(err)
}

// submitValue submits a job that makes the change.
func submitValue[T any](ctx context.Context, w *writer, j *job, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) (T, error) {
	var result T // owned by the writer until it has answered
	j.apply = func(ctx context.Context, tx *sqlite.Tx) (err error) {
		result, err = apply(ctx, tx)
		return err
	}
	if committed != nil {
		j.committed = func() { committed(result) }
	}
	if err := w.submit(ctx, j); err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// actValue is act for a change with a result.
func actValue[T any](ctx context.Context, c *core, a Actor, apply func(context.Context, *sqlite.Tx, Actor) (T, error),
	committed func(T)) (T, error) {
	return updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (T, error) {
		now, err := stillActor(ctx, tx, a)
		if err != nil {
			var none T
			return none, err
		}
		return apply(ctx, tx, now)
	}, committed)
}

// actInValue is actIn for a change with a result.
func actInValue[T any](ctx context.Context, c *core, a Actor, ch *cachedChannel,
	apply func(context.Context, *sqlite.Tx, Actor, Access) (T, error), committed func(T)) (T, error) {
	return updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (T, error) {
		acc, err := c.stillAccess(ctx, tx, a, ch)
		if err != nil {
			var none T
			return none, err
		}
		a := a
		a.Role = acc.Role
		return apply(ctx, tx, a, acc)
	}, committed)
}

// actAsManagerValue is actAsManager for a change with a result.
func actAsManagerValue[T any](ctx context.Context, c *core, a Actor, ch *cachedChannel,
	apply func(context.Context, *sqlite.Tx, Actor, Access) (T, error), committed func(T)) (T, error) {
	return actInValue(ctx, c, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (T, error) {
		if !acc.CanManage() {
			var none T
			return none, errNotManager
		}
		return apply(ctx, tx, a, acc)
	}, committed)
}
