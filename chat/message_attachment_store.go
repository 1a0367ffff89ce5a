package chat

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

const attachmentColumns = `id, name, type, size, width, height, thumb, moves`

// scanAttachment reads attachmentColumns.
func scanAttachment(row sqlite.Scanner) (Attachment, error) { return scanAttachmentAfter(row) }

// scanAttachmentAfter reads other columns into first, and then attachmentColumns.
func scanAttachmentAfter(row sqlite.Scanner, first ...any) (Attachment, error) {
	var f Attachment
	err := row.Scan(append(first, &f.ID, &f.Name, &f.Type, &f.Size, &f.Width, &f.Height, &f.Thumb, &f.Moves)...)
	return f, err
}

// placedAttachment is an attachment with its channel and message.
type placedAttachment struct {
	Attachment
	channel, user ID
	seq           int64 // 0: pending
}

func attachmentByID(ctx context.Context, q sqlite.Querier, id ID) (placedAttachment, error) {
	var p placedAttachment
	row := q.QueryRowContext(ctx,
		`SELECT COALESCE((SELECT t.channel_id FROM threads t WHERE t.id = attachments.channel_id),
		channel_id), user_id, seq, `+attachmentColumns+` FROM attachments WHERE id = $1`, id)
	var err error
	p.Attachment, err = scanAttachmentAfter(row, &p.channel, &p.user, &p.seq)
	if errors.Is(err, sql.ErrNoRows) {
		return p, errNotFound
	}
	return p, err
}

func pendingFiles(ctx context.Context, q sqlite.Querier, channel, user ID, ids []ID) ([]Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ids = ids[:min(len(ids), MaxAttachments+1)]
	args := []any{channel, user}
	for _, id := range ids {
		args = append(args, id)
	}
	files, err := sqlite.Collect(ctx, q, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments
		WHERE channel_id = $1 AND user_id = $2 AND seq = 0 AND id IN `+sqlite.InList(3, len(ids)), args...)
	slices.SortFunc(files, func(x, y Attachment) int { return slices.Index(ids, x.ID) - slices.Index(ids, y.ID) })
	return files, err
}

func knownFiles(ctx context.Context, q sqlite.Querier, ids []ID) (map[ID]bool, error) {
	known := make(map[ID]bool, len(ids))
	for chunk := range slices.Chunk(ids, 500) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		some, err := idSet(ctx, q, `SELECT id FROM attachments WHERE id IN `+sqlite.InList(1, len(args))+`
			UNION SELECT avatar FROM users WHERE avatar > 0 AND avatar IN `+sqlite.InList(1, len(args))+`
			UNION SELECT id FROM emoji WHERE id IN `+sqlite.InList(1, len(args))+`
			UNION SELECT picture FROM link_previews WHERE picture > 0 AND picture IN `+sqlite.InList(1, len(args)), args...)
		if err != nil {
			return nil, err
		}
		maps.Copy(known, some)
	}
	return known, nil
}

func insertAttachment(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64, position int, user ID,
	f Attachment) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO attachments
		(channel_id, id, seq, position, user_id, name, type, size, width, height, thumb, moves, created_at,
			text_state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		channel, f.ID, seq, position, user, f.Name, f.Type, f.Size, f.Width, f.Height, f.Thumb, f.Moves,
		tx.Now.UnixMilli(), textStateOf(f.Type))
	return err
}

// renewPending makes files pending from now on.
func renewPending(ctx context.Context, tx *sqlite.Tx, channel, user ID, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	args := []any{tx.Now.UnixMilli(), channel, user}
	for _, id := range ids[:min(len(ids), MaxAttachments)] {
		args = append(args, id)
	}
	_, err := tx.ExecContext(ctx, `UPDATE attachments SET created_at = $1
		WHERE channel_id = $2 AND user_id = $3 AND seq = 0 AND id IN `+sqlite.InList(4, len(args)-3), args...)
	return err
}

// deleteWaiting deletes a user's pending files, except the given number of newest ones, and returns them.
func deleteWaiting(ctx context.Context, tx *sqlite.Tx, user ID, but int) ([]ID, error) {
	set, err := idSet(ctx, tx, `DELETE FROM attachments WHERE user_id = $1 AND seq = 0 AND id NOT IN (
			SELECT id FROM attachments WHERE user_id = $1 AND seq = 0 ORDER BY created_at DESC, id DESC LIMIT $2)
		RETURNING id`, user, but)
	return slices.Collect(maps.Keys(set)), err
}

// deleteOverdue deletes the files that have been pending since before the given time, and returns them.
func deleteOverdue(ctx context.Context, tx *sqlite.Tx, before time.Time) ([]ID, error) {
	set, err := idSet(ctx, tx, `DELETE FROM attachments WHERE seq = 0 AND created_at <= $1 RETURNING id`,
		before.UnixMilli())
	return slices.Collect(maps.Keys(set)), err
}

// attachPending adds their pending files to posts, before their new ones. A post with a file that is not pending (any
// more) is refused: it would lack something that its author meant to send.
func attachPending(ctx context.Context, tx *sqlite.Tx, channel ID, posts []*post) ([]*post, error) {
	claimed := make(map[ID]bool)
	accepted := posts[:0:0]
	for _, p := range posts {
		waiting, err := pendingFiles(ctx, tx, channel, p.message.Author.ID, p.pending)
		if err != nil {
			return nil, err
		}
		waiting = slices.DeleteFunc(waiting, func(f Attachment) bool { return claimed[f.ID] })
		if len(waiting) != len(p.pending) {
			p.refusal = Invalid("file",
				"A file of this message has waited too long, or was sent already. Please attach it again.")
			continue
		}
		for _, f := range waiting {
			claimed[f.ID] = true
		}
		p.message.Attachments = append(waiting, p.files...)
		accepted = append(accepted, p)
	}
	return accepted, nil
}

// insertAttachments writes the files of a new message: those in kept exist and are only moved to it.
func insertAttachments(ctx context.Context, tx *sqlite.Tx, m *Message, kept []ID) error {
	for i, f := range m.Attachments {
		if !slices.Contains(kept, f.ID) {
			if err := insertAttachment(ctx, tx, m.ChannelID, m.Seq, i, m.Author.ID, f); err != nil {
				return err
			}
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE attachments SET channel_id = $1, seq = $2, position = $3
			WHERE channel_id = $4 AND id = $5`, m.ChannelID, m.Seq, i, m.In(), f.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
