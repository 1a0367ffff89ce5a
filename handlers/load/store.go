//go:build linux

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver that chat uses

	"chitchat/chat"
	"chitchat/handlers"
)

// dsn returns the data source name that the program uses: a commit waits for the disk.
func dsn(path string) string {
	return "file:" + path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_txlock=immediate"
}

// fill creates a data folder whose channel has so many messages by ten users, and returns the channel's slug. It writes
// into the tables directly: posting a million messages would take minutes.
func fill(dir string, messages, size int) (slug string, err error) {
	ctx := context.Background()
	path := filepath.Join(dir, "chat.db")
	c, err := chat.Open(ctx, chat.Options{Path: path, RenderRow: handlers.RenderRow})
	if err != nil {
		return "", err
	}
	users := make([]any, 10)
	var ch chat.Channel
	for i := range users {
		a, err := c.Accounts.SignIn(ctx, fmt.Sprintf("writer %d", i))
		if err != nil {
			return "", errors.Join(err, c.Close())
		}
		users[i] = int64(a.ID)
		if i == 0 {
			if ch, err = c.Channels.Create(ctx, a, "Filled", chat.Public); err != nil {
				return "", errors.Join(err, c.Close())
			}
		}
	}
	if err := c.Close(); err != nil {
		return "", err
	}
	db, err := sql.Open("sqlite", dsn(path)+"&_pragma=cache_size(-200000)")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer tx.Rollback() // does nothing after the commit
	begun := time.Now().Add(-time.Duration(messages) * time.Second).UnixMilli()
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`
		WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < $1),
		people(k, id) AS (VALUES %s)
		INSERT INTO messages (channel_id, seq, rev, user_id, client_id, body, continued, files, created_at, edited_at,
			deleted_at)
		SELECT $2, seq, seq, people.id, 'filled-' || seq, 'message ' || seq || $3, FALSE, 0, $4 + seq * 1000, 0, 0
		FROM n JOIN people ON people.k = seq %% 10 ORDER BY seq`, people(len(users))),
		append([]any{messages, int64(ch.ID), strings.Repeat(" words of a message,", 1+size/20)[:max(0, size-15)], begun},
			users...)...)
	if err != nil {
		return "", err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE channels SET last_seq = $1, last_rev = $1 WHERE id = $2`, messages,
		int64(ch.ID)); err != nil {
		return "", err
	}
	return ch.Slug, tx.Commit()
}

func people(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(%d, $%d)", i, i+5)
	}
	return b.String()
}

// bareStore is a loop over SQLite, in this process, that writes what the program writes for posts: one transaction
// raises the channel's counters, looks for retries, inserts the rows, and moves the authors' read marks.
type bareStore struct {
	db      *sql.DB
	channel int64
	authors []int64
	sent    int64
	last    int64
}

func openBareStore(dir string, authors int) (*bareStore, error) {
	ctx := context.Background()
	path := filepath.Join(dir, "chat.db")
	if _, err := fill(dir, 1, 100); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &bareStore{db: db, last: 1}
	if err := db.QueryRowContext(ctx, `SELECT id FROM channels WHERE last_seq = 1`).Scan(&s.channel); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	for i := range authors {
		s.authors = append(s.authors, int64(chat.NewID()))
		_, err := db.ExecContext(ctx,
			`INSERT INTO memberships (channel_id, user_id, read_seq, joined_at) VALUES ($1, $2, 0, 0)`, s.channel, s.authors[i])
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return s, nil
}

// post commits one transaction of so many messages, by as many authors.
func (s *bareStore) post(n int, body string) error {
	ctx := context.Background()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	ids := make([]string, n)
	looked := []any{s.channel}
	for i := range ids {
		s.sent++
		ids[i] = fmt.Sprintf("bare-%d", s.sent)
		looked = append(looked, s.authors[i%len(s.authors)], ids[i])
	}
	var again int
	if err := tx.QueryRowContext(ctx,
		`SELECT count(*) FROM messages WHERE channel_id = $1 AND (user_id, client_id) IN (VALUES `+
			placeholders(2, n, 2)+`)`, looked...).Scan(&again); err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx,
		`UPDATE channels SET last_seq = last_seq + $1, last_rev = last_rev + $1 WHERE id = $2 RETURNING last_seq`,
		n, s.channel).Scan(&s.last)
	if err != nil {
		return err
	}
	now := time.Now().UnixMilli()
	var rows, reads []any
	for i, id := range ids {
		seq, author := s.last-int64(n-1-i), s.authors[i%len(s.authors)]
		rows = append(rows, s.channel, seq, seq, author, id, body, false, 0, now, 0, 0)
		if i < len(s.authors) {
			reads = append(reads, s.channel, author, seq, now)
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO messages
		(channel_id, seq, rev, user_id, client_id, body, continued, files, created_at, edited_at, deleted_at)
			VALUES `+placeholders(1, n, 11), rows...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO memberships (channel_id, user_id, read_seq, joined_at) VALUES `+placeholders(1, len(reads)/4, 4)+`
		ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq`, reads...)
	if err != nil {
		return err
	}
	return tx.Commit()
}

// placeholders returns "($1, $2), ($3, $4)": so many rows of so many parameters, numbered from first.
func placeholders(first, rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String() + ")"
}
