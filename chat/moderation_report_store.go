package chat

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"chitchat/chat/sqlite"
)

// hasReported reports whether the user has an open report of the message.
func hasReported(ctx context.Context, q sqlite.Querier, channel ID, seq int64, user ID) (done bool, err error) {
	err = q.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM reports WHERE channel_id = $1 AND seq = $2 AND created_by = $3 AND closed_at = 0)`,
		channel, seq, user).Scan(&done)
	return done, err
}

func insertReport(ctx context.Context, tx *sqlite.Tx, m Message, by ID, reason string) error {
	files := make([]string, len(m.Attachments))
	for i, f := range m.Attachments {
		files[i] = f.Name
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO reports (id, channel_id, seq, author_id, said_at, body, files, created_by, reason, created_at, closed_by,
			closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)`,
		NewID(), m.ChannelID, m.Seq, m.Author.ID, m.CreatedAt.UnixMilli(), m.Body, strings.Join(files,
			"\n"), by, reason, tx.Now.UnixMilli())
	return err
}

// openReport returns the message of an open report, or errNotFound.
func openReport(ctx context.Context, q sqlite.Querier, id ID) (channel, author ID, seq int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT channel_id, author_id, seq FROM reports WHERE id = $1 AND closed_at = 0`, id).
		Scan(&channel, &author, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return channel, author, seq, err
}

// closeReports closes all open reports of a message, and deletes their copies of it.
func closeReports(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64, by ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE reports SET closed_by = $1, closed_at = $2, body = '', files = ''
		WHERE channel_id = $3 AND seq = $4 AND closed_at = 0`, by, tx.Now.UnixMilli(), channel, seq)
	return err
}

const (
	reportColumns = `SELECT r.id, COALESCE(t.channel_id, r.channel_id), COALESCE(t.seq, 0), COALESCE(c.kind, ''), r.seq,
		r.said_at, r.body, r.files,
		COALESCE(m.deleted_at, 1) > 0,
		r.created_at, r.reason, r.closed_at, u.id, u.name, b.id, b.name, COALESCE(d.id, 0), COALESCE(d.name, '')`
	reportTables = ` FROM reports r JOIN users u ON u.id = r.author_id JOIN users b ON b.id = r.created_by
		LEFT JOIN users d ON d.id = r.closed_by LEFT JOIN threads t ON t.id = r.channel_id
		LEFT JOIN channels c ON c.id = COALESCE(t.channel_id, r.channel_id)
		LEFT JOIN messages m ON m.channel_id = r.channel_id AND m.seq = r.seq`
)

// scanReport reads reportColumns.
func scanReport(row sqlite.Scanner) (r Report, err error) {
	var said, at, closedAt int64
	var files string
	err = row.Scan(&r.ID, &r.Channel.ID, &r.Root, &r.Channel.Kind, &r.Seq, &said, &r.Body, &files, &r.Gone,
		&at, &r.Reason, &closedAt, &r.Author.ID, &r.Author.Name, &r.By.ID, &r.By.Name, &r.ClosedBy.ID, &r.ClosedBy.Name)
	r.SaidAt, r.At, r.ClosedAt = fromMillis(said), fromMillis(at), fromMillis(closedAt)
	if files != "" {
		r.Files = strings.Split(files, "\n")
	}
	return r, err
}

// selectReport returns a report, or errNotFound. It sets only the ID and the kind of its channel.
func selectReport(ctx context.Context, q sqlite.Querier, id ID) (Report, error) {
	r, err := scanReport(q.QueryRowContext(ctx, reportColumns+reportTables+` WHERE r.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return r, err
}

// selectReports returns a page of reports. It sets only the IDs and the kinds of their channels.
func selectReports(ctx context.Context, q sqlite.Querier, f ListQuery, closed bool) (t List[Report], err error) {
	const where = ` WHERE (r.closed_at > 0) = $1 AND (lower(r.reason) LIKE $2 ESCAPE '\'
		OR lower(r.body) LIKE $2 ESCAPE '\'
			OR u.name_key LIKE $3 ESCAPE '\' OR b.name_key LIKE $3 ESCAPE '\')`
	t.ListQuery = f
	text, name := like(strings.ToLower(f.Text)), like(NameKey(f.Text))
	if err := q.QueryRowContext(ctx, `SELECT count(*)`+reportTables+where, closed, text, name).Scan(&t.Total); err != nil {
		return t, err
	}
	t.Rows, err = sqlite.Collect(ctx, q, scanReport, reportColumns+reportTables+where+`
		ORDER BY r.id DESC LIMIT $4 OFFSET $5`, closed, text, name, PageSize, f.Page*PageSize)
	return t, err
}
