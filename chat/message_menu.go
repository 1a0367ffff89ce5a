package chat

import "context"

// MessageState is a message as one reader has it: what they may do with it, and what was done.
type MessageState struct {
	Message Message
	Access  Access // to its channel, or to its thread
	Saved   bool   // on the reader's list, to do or done
	Pinned  bool   // to its channel
}

// State returns a message that the actor sees, with what they may do with it now. A reply that is shown in its channel
// is saved or not whichever of its rows is meant. It fails with CodeNotFound for a deleted message and for a line, with
// which nobody can do anything.
func (c Messages) State(ctx context.Context, a Actor, address string, seq int64) (MessageState, error) {
	acc, err := c.accessFeed(ctx, a, address)
	if err != nil {
		return MessageState{}, err
	}
	s := MessageState{Access: acc}
	if s.Message, err = c.message(ctx, acc.cached, seq); err != nil {
		return MessageState{}, err
	}
	if s.Message.Deleted() || s.Message.Pins != 0 {
		return MessageState{}, errNotFound
	}
	s.Message.Continued = false // it stands alone on its page
	of, n := s.Message.ChannelID, seq
	if s.Message.Broadcast.Root != 0 {
		of, n = s.Message.Broadcast.thread, s.Message.Broadcast.Seq
	}
	if s.Saved, _, err = isSaved(ctx, c.db, of, n, a.ID); err != nil {
		return MessageState{}, err
	}
	if acc.Root() == 0 {
		s.Pinned, err = isPinned(ctx, c.db, s.Message.ChannelID, seq)
	}
	return s, err
}
