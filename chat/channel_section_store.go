package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// selectSidebar returns a user's sections and HideRead.
func selectSidebar(ctx context.Context, q sqlite.Querier, user ID) (s Sidebar, err error) {
	err = sqlite.Each(ctx, q, `SELECT u.hide_read, COALESCE(s.id, 0), COALESCE(s.name, ''), COALESCE(s.folded, FALSE),
			COALESCE(s.sort, '') FROM users u LEFT JOIN sections s ON s.user_id = u.id WHERE u.id = $1 ORDER BY s.position`,
		[]any{user}, func(row sqlite.Scanner) error {
			var of Section
			err := row.Scan(&s.HideRead, &of.ID, &of.Name, &of.Folded, &of.Sort)
			if err == nil && of.ID != 0 {
				s.Sections = append(s.Sections, of)
			}
			return err
		})
	if len(s.Sections) == 0 {
		s.Sections = slices.Clone(builtInSections)
	}
	return s, err
}

// saveSections replaces a user's sections.
func saveSections(ctx context.Context, tx *sqlite.Tx, user ID, list []Section) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM sections WHERE user_id = $1`, user); err != nil {
		return err
	}
	for i, s := range list {
		_, err := tx.ExecContext(ctx, `INSERT INTO sections (user_id, id, name, position, folded, sort)
			VALUES ($1, $2, $3, $4, $5, $6)`, user, s.ID, s.Name, i, s.Folded, s.Sort)
		if err != nil {
			return err
		}
	}
	return nil
}

// emptySection puts a section's conversations back into the sections of their kinds. Call hub.membersChanged after the
// commit.
func emptySection(ctx context.Context, tx *sqlite.Tx, user, section ID) error {
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE memberships SET section = 0, rev = $1 WHERE user_id = $2 AND section = $3`,
		rev, user, section)
	return err
}

// putInto stores which section a conversation stands in: Favourites, or an own one, or 0 for that of its kind.
func putInto(ctx context.Context, tx *sqlite.Tx, channel, user, section ID) error {
	if err := noteUnread(ctx, tx, channel, user); err != nil {
		return err
	}
	if section == SectionFavourites {
		return updateMembership(ctx, tx, channel, user, `favourite = TRUE`)
	}
	return updateMembership(ctx, tx, channel, user, `favourite = FALSE, section = $2`, section)
}
