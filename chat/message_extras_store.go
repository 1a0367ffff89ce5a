package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// extras are the seqs of a channel's messages that have something in another table, which few have: it is read only for
// those.
type extras struct {
	files, reactions, linkPreviews, broadcasts []any
}

// attach adds to the messages what they have.
func (has extras) attach(ctx context.Context, q sqlite.Querier, channel ID, list []Message) error {
	if len(has.files)+len(has.reactions)+len(has.linkPreviews)+len(has.broadcasts) == 0 {
		return nil
	}
	at := make(map[int64]*Message, len(list))
	for i := range list {
		at[list[i].Seq] = &list[i]
	}
	for _, kind := range []struct {
		seqs   []any
		attach func(ctx context.Context, q sqlite.Querier, channel ID, at map[int64]*Message, seqs []any) error
	}{
		{has.files, attachFiles}, {has.reactions, attachReactions}, {has.linkPreviews, attachLinkPreviews},
		{has.broadcasts, attachBroadcasts},
	} {
		if len(kind.seqs) == 0 {
			continue
		}
		if err := kind.attach(ctx, q, channel, at, kind.seqs); err != nil {
			return err
		}
	}
	return nil
}

// attachTo is attach for one message.
func (has extras) attachTo(ctx context.Context, q sqlite.Querier, m *Message) error {
	list := []Message{*m}
	err := has.attach(ctx, q, m.ChannelID, list)
	*m = list[0]
	return err
}

// attachFiles adds their files to the messages of these seqs.
func attachFiles(ctx context.Context, q sqlite.Querier, channel ID, at map[int64]*Message, seqs []any) error {
	query := `SELECT seq, ` + attachmentColumns + ` FROM attachments
		WHERE channel_id = $1 AND seq IN ` + sqlite.InList(2, len(seqs)) + ` ORDER BY seq, position`
	return sqlite.Each(ctx, q, query, append([]any{channel}, seqs...), func(row sqlite.Scanner) error {
		var seq int64
		file, err := scanAttachmentAfter(row, &seq)
		if m := at[seq]; m != nil {
			m.Attachments = append(m.Attachments, file)
		}
		return err
	})
}
