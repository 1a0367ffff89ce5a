package chat

import (
	"context"
	"errors"
	"strings"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// selectFileEntries calls add with what is indexed of the texts of files, of the messages whose numbers are greater
// than after, up to last, in the order of the numbers, and at most so many. They are read one by one: together they
// could be many megabytes.
func selectFileEntries(ctx context.Context, q sqlite.Querier, after, last int64, most int,
	add func(search.Entry)) error {
	var e search.Entry
	n := 0
	end := func() {
		if e.Number > 0 && n < most {
			n++
			add(e)
		}
	}
	err := sqlite.Each(ctx, q, `SELECT m.number, m.created_at, COALESCE(t.channel_id, m.channel_id), f.name, f.type,
			x.text
		FROM messages m LEFT JOIN threads t ON t.id = m.channel_id
		CROSS JOIN file_texts x CROSS JOIN attachments f
		WHERE x.channel_id = m.channel_id AND x.seq = m.seq AND f.channel_id = x.channel_id AND f.id = x.id
			AND m.files > 0 AND m.number > $1 AND m.number <= $2 ORDER BY m.number, f.position`, []any{after, last},
		func(row sqlite.Scanner) error {
			var number, created, channel int64
			var name, kind, text string
			if err := row.Scan(&number, &created, &channel, &name, &kind, &text); err != nil {
				return err
			}
			if number != e.Number {
				end()
				e = search.Entry{Number: number, Seconds: created / 1000, Channel: channel, Facts: []string{factFile}}
			}
			e.Text += "\n" + search.Fold(text)
			e.Facts = append(e.Facts, factOfKind[kindOf(name, kind)])
			return nil
		})
	end()
	return err
}

// errFull ends a query whose further rows do not matter.
var errFull = errors.New("the block is full")

// fitFiles returns up to which of the numbers from first to last the texts of files fit into a block. It takes those of
// the first message with some, whatever their size.
func fitFiles(ctx context.Context, q sqlite.Querier, first, last int64) (until int64, err error) {
	size := int64(0)
	until = last
	err = sqlite.Each(ctx, q, `SELECT m.number, x.size FROM messages m CROSS JOIN file_texts x
		WHERE x.channel_id = m.channel_id AND x.seq = m.seq AND m.files > 0 AND m.number >= $1 AND m.number <= $2
		ORDER BY m.number`, []any{first, last}, func(row sqlite.Scanner) error {
		number, bytes, err := sqlite.Pair[int64, int64](row)
		if size += bytes; size >= maxSize && err == nil {
			until, err = number, errFull
		}
		return err
	})
	if errors.Is(err, errFull) {
		err = nil
	}
	return until, err
}

// filesAt returns the files of the messages of the hits, without where they are.
func filesAt(ctx context.Context, q sqlite.Querier, hits []foundPlace) (map[place][]SharedFile, error) {
	files := make(map[place][]SharedFile, len(hits))
	return files, sqlite.InBatches(hits, func(hits []foundPlace) error {
		args := make([]any, 0, 2*len(hits))
		for _, h := range hits {
			args = append(args, h.feed, h.seq)
		}
		return sqlite.Each(ctx, q, `SELECT m.channel_id, m.seq, m.user_id,
			(SELECT u.name FROM users u WHERE u.id = m.user_id), m.created_at, `+fileColumns+`
			FROM messages m CROSS JOIN attachments f
			WHERE f.channel_id = m.channel_id AND f.seq = m.seq AND m.deleted_at = 0
				AND (m.channel_id, m.seq) IN (VALUES `+sqlite.Placeholders(1, len(hits), 2)+`)
			ORDER BY m.channel_id, m.seq, f.position`, args, func(row sqlite.Scanner) error {
			var f SharedFile
			var at place
			var created int64
			var err error
			f.Attachment, err = scanAttachmentAfter(row, &at.feed, &at.seq, &f.By.ID, &f.By.Name, &created)
			f.At = fromMillis(created)
			files[at] = append(files[at], f)
			return err
		})
	})
}

// fileColumns is attachmentColumns of f.
var fileColumns = "f." + strings.ReplaceAll(attachmentColumns, ", ", ", f.")
