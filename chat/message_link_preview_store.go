package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// attachLinkPreviews adds their link previews to the messages of these seqs.
func attachLinkPreviews(ctx context.Context, q sqlite.Querier, channel ID, at map[int64]*Message, seqs []any) error {
	query := `SELECT m.seq, m.url, m.href, m.number, p.title, p.description, p.site, p.picture
		FROM message_link_previews m JOIN link_previews p ON p.id = m.preview_id
		WHERE m.channel_id = $1 AND m.seq IN ` + sqlite.InList(2, len(seqs)) + ` ORDER BY m.seq, m.place`
	return sqlite.Each(ctx, q, query, append([]any{channel}, seqs...), func(row sqlite.Scanner) error {
		var seq int64
		var p LinkPreview
		if err := row.Scan(&seq, &p.URL, &p.Href, &p.Number, &p.Title, &p.Description, &p.Site, &p.Picture); err != nil {
			return err
		}
		at[seq].LinkPreviews = append(at[seq].LinkPreviews, p)
		return nil
	})
}

// knownLinks returns which links of a message have a preview, or had one that was removed.
func knownLinks(ctx context.Context, q sqlite.Querier, m *Message) (map[string]bool, error) {
	return sqlite.CollectMap(ctx, q, sqlite.Pair[string, bool],
		`SELECT url, TRUE FROM message_link_previews WHERE channel_id = $1 AND seq = $2`, m.ChannelID, m.Seq)
}

// insertLinkPreview adds the preview of a link to a message, unless it has been deleted meanwhile, as unused. The
// message must get its next rev in the same transaction: the number of the preview comes from the rev that it has.
func insertLinkPreview(ctx context.Context, tx *sqlite.Tx, m *Message, link previewLink, place int,
	preview ID) (inserted bool, err error) {
	result, err := tx.ExecContext(ctx,
		`INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
		SELECT $1, $2, $3, $4, $5, $6, id FROM link_previews WHERE id = $7 ON CONFLICT DO NOTHING`,
		m.ChannelID, m.Seq, link.url, link.href, place, m.Rev*MaxLinkPreviews+int64(place), preview)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// moveLinkPreviews deletes a message's previews of other links than these, and puts the others in their order.
func moveLinkPreviews(ctx context.Context, tx *sqlite.Tx, m *Message, links []previewLink) error {
	args := []any{m.ChannelID, m.Seq}
	query := `DELETE FROM message_link_previews WHERE channel_id = $1 AND seq = $2`
	if len(links) > 0 {
		for _, link := range links {
			args = append(args, link.url)
		}
		query += ` AND url NOT IN ` + sqlite.InList(3, len(links))
	}
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return err
	}
	for i, link := range links {
		_, err := tx.ExecContext(ctx, `UPDATE message_link_previews SET place = $1, href = $2
			WHERE channel_id = $3 AND seq = $4 AND url = $5`, i, link.href, m.ChannelID, m.Seq, link.url)
		if err != nil {
			return err
		}
	}
	return nil
}

// hideLinkPreview marks the preview of a link as removed.
func hideLinkPreview(ctx context.Context, tx *sqlite.Tx, m *Message, url string) error {
	_, err := tx.ExecContext(ctx,
		`UPDATE message_link_previews SET preview_id = 0 WHERE channel_id = $1 AND seq = $2 AND url = $3`, m.ChannelID, m.Seq,
		url)
	return err
}

// shownPicture returns the picture of the preview of that number in a message, or errNotFound.
func shownPicture(ctx context.Context, q sqlite.Querier, channel ID, seq, number int64) (picture ID, err error) {
	err = q.QueryRowContext(ctx, `SELECT p.picture FROM message_link_previews m
		JOIN link_previews p ON p.id = m.preview_id
		WHERE m.channel_id = $1 AND m.seq = $2 AND m.number = $3 AND p.picture > 0`, channel, seq, number).Scan(&picture)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errNotFound
	}
	return picture, err
}

// fetchedLinkPreview returns the newest preview of a link that is still good to use in a scope; 0 when there is none.
// ok is false when the page could not be fetched then.
func fetchedLinkPreview(ctx context.Context, q sqlite.Querier, link scopedLink, now time.Time) (id ID, ok bool,
	err error) {
	err = q.QueryRowContext(ctx, `SELECT id, title <> '' FROM link_previews WHERE url = $1 AND scope = $2
		AND fetched_at > CASE WHEN title = '' THEN $3 ELSE $4 END ORDER BY fetched_at DESC LIMIT 1`,
		link.url, link.scope, now.Add(-failedPreviewLife).UnixMilli(), now.Add(-linkPreviewLife).UnixMilli()).Scan(&id, &ok)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, ok, err
}

// insertFetchedLink keeps what was fetched; the zero one when that failed.
func insertFetchedLink(ctx context.Context, tx *sqlite.Tx, id ID, link scopedLink, p FetchedLink) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site,
		picture, picture_size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, link.url, link.scope, tx.Now.UnixMilli(),
		p.Title, p.Description, p.Site, p.Picture, p.PictureSize)
	return err
}

const previewUnused = ` NOT EXISTS (SELECT 1 FROM message_link_previews m WHERE m.preview_id = p.id)`

// unusedLinkPreviews returns the previews that no message shows and that are old, or more than most: not more than
// maxUnusedAtOnce.
func unusedLinkPreviews(ctx context.Context, q sqlite.Querier, before time.Time, most int) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID, `SELECT id FROM link_previews AS p WHERE `+previewUnused+`
		AND (fetched_at <= $1 OR id NOT IN (SELECT id FROM link_previews ORDER BY fetched_at DESC, id DESC LIMIT $2))
		LIMIT $3`, before.UnixMilli(), most, maxUnusedAtOnce)
}

// deleteUnusedLinkPreviews deletes those of the given previews that no message shows, and returns their pictures.
func deleteUnusedLinkPreviews(ctx context.Context, tx *sqlite.Tx, ids []ID) ([]ID, error) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	pictures, err := sqlite.Collect(ctx, tx, scanID, `DELETE FROM link_previews AS p
		WHERE id IN `+sqlite.InList(1, len(ids))+` AND `+previewUnused+` RETURNING picture`, args...)
	return slices.DeleteFunc(pictures, func(id ID) bool { return id == 0 }), err
}

// missedLinks returns the messages since a time, the newest first, whose text may have links that were never looked
// at. Of each channel that had a message since then it considers the newest changes.
func missedLinks(ctx context.Context, q sqlite.Querier, since time.Time) ([]linkedMessage, error) {
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (at linkedMessage, err error) {
		return at, row.Scan(&at.channel, &at.seq)
	}, `SELECT m.channel_id, m.seq FROM (
			SELECT id, last_rev FROM channels WHERE last_at > $2 AND deleted_at = 0
			UNION ALL SELECT id, last_rev FROM threads WHERE last_at > $2
		) AS c JOIN messages m ON m.channel_id = c.id AND m.rev > c.last_rev - $1
		WHERE (m.created_at > $2 OR m.edited_at > $2) AND m.link_previews = 0
			AND (m.body LIKE '%://%' OR lower(m.body) LIKE '%www.%')
			AND NOT EXISTS (SELECT 1 FROM message_link_previews p WHERE p.channel_id = m.channel_id AND p.seq = m.seq)
		ORDER BY m.created_at DESC LIMIT $3`, maxLinkQueue, since.UnixMilli(), maxLinkQueue)
}
