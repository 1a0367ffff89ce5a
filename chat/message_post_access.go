package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// filterAuthorized refuses the posts of sessions that have ended or no longer see the channel, and returns the others,
// with their access set. That includes retries, which are answered with a message.
func filterAuthorized(ctx context.Context, tx *sqlite.Tx, channel ID, posts []*post, known *known) ([]*post, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	asked := make(map[ID]bool, len(posts))
	sessions := make([]ID, 0, len(posts))
	for _, p := range posts {
		p.access = known.access[accessKey{channel, p.session}]
		if p.access == nil && !asked[p.session] {
			asked[p.session] = true
			sessions = append(sessions, p.session)
		}
	}
	found, err := selectAccess(ctx, tx, channel, sessions, posts[0].message.CreatedAt)
	if err != nil {
		return nil, err
	}
	for session, acc := range found {
		if acc.cacheable() {
			known.access[accessKey{channel, session}] = acc
		}
	}
	kept := posts[:0:0]
	for _, p := range posts {
		if p.access == nil {
			p.access = found[p.session]
		}
		if p.refusal = p.access.refusal(p.message.Author.ID); p.refusal == nil {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// filterPermitted refuses posts whose authors may no longer post in the channel, or not with files, and returns the
// others.
func filterPermitted(posts []*post) []*post {
	kept := posts[:0:0]
	for _, p := range posts {
		acc := p.access
		p.refusal = acc.PostRefusal()
		if p.refusal == nil && len(p.files)+len(p.pending) > 0 && !acc.CanUpload() {
			p.refusal = errMayNotUpload
		}
		if p.refusal == nil {
			p.slow, p.mentions = acc.PostDelay(), acc.mention(p.asked)
			kept = append(kept, p)
		}
	}
	return kept
}
