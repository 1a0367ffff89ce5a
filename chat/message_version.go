package chat

import (
	"context"
	"math"
	"time"
)

// Version is what a message said before an edit. Only its author edits a message, so every version is theirs.
type Version struct {
	Rev       int64 // the message's rev when it said so
	Body      string
	Formatted           // of Body, as it was shown
	WrittenAt time.Time // when it was posted, or edited to say so
}

const (
	// MaxVersions is the number of versions kept of a message; the oldest are deleted. So a message that is edited all
	// day takes the space of a hundred messages at most.
	MaxVersions = 100

	versionsOnPage = 20 // so that a page of the longest texts costs less than one of the history
)

// VersionPage is a page of a message's versions, newest first.
type VersionPage struct {
	Message  Message // as it is now
	Versions []Version
	Older    int64 // the rev before which the next page begins; 0: there is none
}

// errNoVersions is for those who see the message.
var errNoVersions = Errorf(CodeNotFound, "Earlier versions of messages are not shown in this workspace.")

// Versions returns what a message said before each edit, for an actor who sees the message. before is 0, or the Older
// of the page before. It fails with CodeNotFound for a deleted message, which has none, and where the workspace hides
// them all.
func (c Messages) Versions(ctx context.Context, a Actor, slug string, seq, before int64) (VersionPage, error) {
	m, err := c.Get(ctx, a, slug, seq)
	if err != nil {
		return VersionPage{}, err
	}
	if m.Deleted() {
		return VersionPage{}, errNotFound
	}
	if c.workspace.Load().HideVersions {
		return VersionPage{}, errNoVersions
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	p := VersionPage{Message: m}
	of, n := m.ChannelID, seq
	if m.Broadcast.Root != 0 {
		of, n = m.Broadcast.thread, m.Broadcast.Seq
	}
	p.Versions, err = selectVersions(ctx, c.db, of, n, before, versionsOnPage+1)
	if len(p.Versions) > versionsOnPage {
		p.Versions = p.Versions[:versionsOnPage]
		p.Older = p.Versions[versionsOnPage-1].Rev
	}
	for i := range p.Versions {
		p.Versions[i].Formatted = c.hub.showChannels(m.In(), p.Versions[i].Formatted)
	}
	return p, err
}

// versionOf returns the version that an edit of the message makes of it.
func versionOf(m *Message) Version {
	written := m.EditedAt
	if !m.Edited() {
		written = m.CreatedAt
	}
	return Version{Rev: m.Rev, Body: m.Body, Formatted: m.Formatted, WrittenAt: written}
}
