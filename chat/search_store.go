package chat

import (
	"context"
	"strings"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// searchBlock is a block of the index without its content: it covers the numbers from first to last.
type searchBlock struct {
	id                         ID
	first, last, entries, size int64
}

// selectBlocks returns the blocks of the index, the newest first.
func selectBlocks(ctx context.Context, q sqlite.Querier) ([]searchBlock, error) {
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (b searchBlock, err error) {
		err = row.Scan(&b.id, &b.first, &b.last, &b.entries, &b.size)
		return b, err
	}, `SELECT id, first, last, entries, size FROM search_blocks ORDER BY first DESC`)
}

// replaceBlocks replaces the blocks that cover the numbers from first to last by others, and forgets the stale numbers
// that were left out of these.
func replaceBlocks(ctx context.Context, tx *sqlite.Tx, first, last int64, blocks []builtBlock, stale []int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM search_blocks WHERE first >= $1 AND first <= $2`, first,
		last); err != nil {
		return err
	}
	for _, b := range blocks {
		if _, err := tx.ExecContext(ctx, `INSERT INTO search_blocks (id, first, last, entries, size, words, lists, columns,
				file_words, file_lists, file_columns) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			NewID(), b.first, b.last, b.entries, b.size, b.content.Words, b.content.Lists, b.content.Columns,
			b.files.Words, b.files.Lists, b.files.Columns); err != nil {
			return err
		}
	}
	return sqlite.InBatches(stale, func(stale []int64) error {
		args := make([]any, len(stale))
		for i, number := range stale {
			args[i] = number
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM search_stale WHERE number IN `+sqlite.InList(1, len(args)), args...)
		return err
	})
}

// selectStale returns the numbers from first to last that no message has any more, sorted.
func selectStale(ctx context.Context, q sqlite.Querier, first, last int64) ([]int64, error) {
	return sqlite.Collect(ctx, q, sqlite.Single[int64],
		`SELECT number FROM search_stale WHERE number >= $1 AND number <= $2 ORDER BY number`, first, last)
}

// Facts by which messages are found besides their words. Those with an ID end with it.
const (
	factAuthor    = "a"
	factMentioned = "m"
	factFile      = "file"
	factImage     = "image"
	factDocument  = "document"
	factOtherFile = "otherfile"
	factLink      = "link"
	factReaction  = "reaction"
	factThread    = "thread"
	factReply     = "reply"
	factEdited    = "edited"
	factPin       = "pin"
)

// selectEntries calls add with what is indexed of the messages whose numbers are greater than after, up to last, in the
// order of the numbers, and at most so many.
func selectEntries(ctx context.Context, q sqlite.Querier, after, last int64, most int,
	add func(search.Entry)) error {
	type found struct {
		search.Entry
		feed, author ID
		text         string
	}
	list, err := sqlite.Collect(ctx, q, func(row sqlite.Scanner) (e found, err error) {
		var body, html string
		var created, files, reactions, edited int64
		var replies bool
		err = row.Scan(&e.Number, &e.feed, &e.Channel, &e.author, &body, &html, &created, &files, &reactions, &replies,
			&edited)
		e.text = findableText(body, html)
		e.Seconds = created / 1000
		e.Facts = append(make([]string, 0, 4), factAuthor+e.author.String())
		for name, holds := range map[string]bool{
			factFile: files > 0, factReaction: reactions > 0, factThread: replies, factEdited: edited > 0,
			factReply: e.feed != ID(e.Channel), factLink: mayLink(body),
		} {
			if holds {
				e.Facts = append(e.Facts, name)
			}
		}
		return e, err
	}, `SELECT m.number, m.channel_id, COALESCE(t.channel_id, m.channel_id), m.user_id, m.body, m.html, m.created_at,
			m.files, m.reactions, m.replies <> '', m.edited_at
		FROM messages m LEFT JOIN threads t ON t.id = m.channel_id
		WHERE m.number > $1 AND m.number <= $2 ORDER BY m.number LIMIT $3`, after, last, most)
	if err != nil || len(list) == 0 {
		return err
	}
	at := make(map[int64]*found, len(list))
	for i := range list {
		at[list[i].Number] = &list[i]
	}
	last = list[len(list)-1].Number
	if err := addFacts(ctx, q, after, last, func(number int64, text string, facts ...string) {
		if e := at[number]; e != nil {
			e.text += text
			e.Facts = append(e.Facts, facts...)
		}
	}); err != nil {
		return err
	}
	for i := range list {
		list[i].Text = search.Fold(list[i].text)
		add(list[i].Entry)
		list[i] = found{}
	}
	return nil
}

// addFacts calls add with what other tables say of the messages with those numbers. Names of files are text.
func addFacts(ctx context.Context, q sqlite.Querier, after, last int64,
	add func(number int64, text string, facts ...string)) error {
	const numbers = ` AND m.number > $1 AND m.number <= $2`
	args := []any{after, last}
	if err := sqlite.Each(ctx, q, `SELECT m.number, f.name, f.type FROM messages m
		CROSS JOIN attachments f WHERE f.channel_id = m.channel_id AND f.seq = m.seq AND m.files > 0`+numbers+
		` ORDER BY m.number, f.position`, args, func(row sqlite.Scanner) error {
		var number int64
		var name, kind string
		if err := row.Scan(&number, &name, &kind); err != nil {
			return err
		}
		add(number, "\n"+name, factOfKind[kindOf(name, kind)])
		return nil
	}); err != nil {
		return err
	}
	if err := sqlite.Each(ctx, q, `SELECT m.number, o.user_id FROM messages m
		CROSS JOIN mentions o WHERE o.channel_id = m.channel_id AND o.seq = m.seq`+numbers, args,
		func(row sqlite.Scanner) error {
			number, user, err := sqlite.Pair[int64, ID](row)
			add(number, "", factMentioned+user.String())
			return err
		}); err != nil {
		return err
	}
	return sqlite.Each(ctx, q, `SELECT m.number FROM messages m
		CROSS JOIN pins p WHERE p.channel_id = m.channel_id AND p.seq = m.seq`+numbers, args,
		func(row sqlite.Scanner) error {
			number, err := sqlite.Single[int64](row)
			add(number, "", factPin)
			return err
		})
}

// foundPlace is a hit with the place of its message.
type foundPlace struct {
	search.Hit
	place
}

// placesOf returns where the messages of the hits are, in their order. It must read in the snapshot in which they were
// found: a message can get another number at any time, as when the text of its file is there.
func placesOf(ctx context.Context, q sqlite.Querier, hits []search.Hit) ([]foundPlace, error) {
	at := make(map[int64]place, len(hits))
	err := sqlite.InBatches(hits, func(hits []search.Hit) error {
		args := make([]any, len(hits))
		for i, h := range hits {
			args[i] = h.Number
		}
		return sqlite.Each(ctx, q, `SELECT number, channel_id, seq FROM messages WHERE number IN `+
			sqlite.InList(1, len(args)), args, func(row sqlite.Scanner) error {
			var number int64
			var p place
			err := row.Scan(&number, &p.feed, &p.seq)
			at[number] = p
			return err
		})
	})
	found := make([]foundPlace, 0, len(hits))
	for _, h := range hits {
		if place, there := at[h.Number]; there {
			found = append(found, foundPlace{h, place})
		}
	}
	return found, err
}

// textsOf returns the folded texts of the messages with the given numbers, as they are indexed.
func textsOf(ctx context.Context, q sqlite.Querier, numbers []int64) (map[int64]string, error) {
	texts := make(map[int64]string, len(numbers))
	err := sqlite.InBatches(numbers, func(numbers []int64) error {
		args := make([]any, len(numbers))
		for i, n := range numbers {
			args[i] = n
		}
		in := sqlite.InList(1, len(args))
		var files bool
		if err := sqlite.Each(ctx, q, `SELECT number, body, html, files > 0 FROM messages WHERE number IN `+in, args,
			func(row sqlite.Scanner) error {
				var number int64
				var body, html string
				var has bool
				err := row.Scan(&number, &body, &html, &has)
				texts[number], files = findableText(body, html), files || has
				return err
			}); err != nil || !files {
			return err
		}
		return sqlite.Each(ctx, q, `SELECT m.number, f.name FROM messages m
			JOIN attachments f ON f.channel_id = m.channel_id AND f.seq = m.seq
			WHERE m.number IN `+in+` ORDER BY m.number, f.position`, args, func(row sqlite.Scanner) error {
			number, name, err := sqlite.Pair[int64, string](row)
			texts[number] += "\n" + name
			return err
		})
	})
	for number, text := range texts {
		texts[number] = search.Fold(text)
	}
	return texts, err
}

// findableText returns the text by which a message is found: as it was typed, and as it is shown where that is not a
// part of it, so that **tam**arind is found by both.
func findableText(body, stored string) string {
	shown := strings.TrimSpace(search.Text(shownHTML(stored)))
	if strings.Contains(body, shown) {
		return body
	}
	return body + "\n" + shown
}
