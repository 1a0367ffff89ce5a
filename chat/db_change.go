package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// A change to the database is a function that the writer runs in a transaction, and runs again, in one of its own, when
// that of others has failed. What comes of it is its result, and nothing that it leaves in variables from outside: the
// result of the run that was committed goes to committed, and then to the caller. A caller whose ctx ended, and to whom
// the change may still happen, gets the zero value.
//
// update, act, actIn and actAsManager are for changes without a result; those called Value are for changes with one.

// act makes a change in the actor's name. Verbs ask who may do what before it, and it may have to wait: whoever was
// signed out, banned, deactivated or got another role in the meantime is seen to be that in the transaction. apply is
// given the actor as they are by then, and asks what their role decides once more. CodeSignedOut: their session has
// ended.
func (c *core) act(ctx context.Context, a Actor, apply func(context.Context, *sqlite.Tx, Actor) error,
	committed func()) error {
	_, err := actValue(ctx, c, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (struct{}, error) {
		return struct{}{}, apply(ctx, tx, a)
	}, withoutResult(committed))
	return err
}

// actIn is act in a channel: apply is given what the actor may do in it by then. CodeNotFound: they do not see it any
// more.
func (c *core) actIn(ctx context.Context, a Actor, ch *cachedChannel,
	apply func(context.Context, *sqlite.Tx, Actor, Access) error, committed func()) error {
	_, err := actInValue(ctx, c, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (struct{}, error) {
		return struct{}{}, apply(ctx, tx, a, acc)
	}, withoutResult(committed))
	return err
}

// actAsManager is actIn for those who change the channel itself.
func (c *core) actAsManager(ctx context.Context, a Actor, ch *cachedChannel,
	apply func(context.Context, *sqlite.Tx, Actor, Access) error, committed func()) error {
	_, err := actAsManagerValue(ctx, c, a, ch,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (struct{}, error) {
			return struct{}{}, apply(ctx, tx, a, acc)
		}, withoutResult(committed))
	return err
}

// withoutResult is what follows a commit, for a change that has no result; nil stays nil.
func withoutResult(committed func()) func(struct{}) {
	if committed == nil {
		return nil
	}
	return func(struct{}) { committed() }
}

// stillActor is the actor as the transaction finds them.
func stillActor(ctx context.Context, tx *sqlite.Tx, a Actor) (Actor, error) {
	role, err := roleOf(ctx, tx, a.ID, a.Session)
	a.Role = role
	return a, err
}

// updateValue is writer.update for a change that has a result.
func updateValue[T any](ctx context.Context, w *writer, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) (T, error) {
	return submitValue(ctx, w, new(job), apply, committed)
}

// updateQuietlyValue is writer.updateQuietly for a change that has a result.
func updateQuietlyValue[T any](ctx context.Context, w *writer, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) (T, error) {
	return submitValue(ctx, w, &job{quiet: true}, apply, committed)
}

// submitValue has the writer do a job, which is to make a change.
func submitValue[T any](ctx context.Context, w *writer, j *job, apply func(context.Context, *sqlite.Tx) (T, error),
	committed func(T)) (T, error) {
	var result T // the writer's, until it has answered
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

// actValue is act for a change that has a result.
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

// actInValue is actIn for a change that has a result.
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

// actAsManagerValue is actAsManager for a change that has a result.
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
