package chat

import (
	"context"
	"unicode/utf8"

	"chitchat/chat/sqlite"
)

// JoinPolicy is who may join the workspace.
type JoinPolicy string

// The join policies.
const (
	JoinOpen         JoinPolicy = "open"   // a display name is enough
	JoinByInvitation JoinPolicy = "invite" // an account is needed
)

// Valid reports whether a is a join policy.
func (a JoinPolicy) Valid() bool { return a == JoinOpen || a == JoinByInvitation }

// Workspace holds the settings of the workspace, as its owner set them.
type Workspace struct {
	Name       string
	JoinPolicy JoinPolicy
	FileTypes  FileTypes

	// HideVersions: nobody reads what messages said before they were edited, and what an edit replaces is not kept: who
	// edits under this rule is not to be read after it has changed. What was kept before stays, unread.
	HideVersions bool

	// HideLinkPreviews: the pages behind the links of messages are not fetched, and what was fetched of them before is not
	// shown.
	HideLinkPreviews bool
}

// defaultWorkspace is the workspace before it has an owner.
var defaultWorkspace = Workspace{Name: "Chit-Chat", JoinPolicy: JoinOpen}

// MaxWorkspaceNameLen is the maximum length of a workspace's name, in characters.
const MaxWorkspaceNameLen = 40

// Workspace returns the workspace's settings, without a query.
func (c Admin) Workspace() Workspace { return *c.workspace.Load() }

// setWorkspace takes over the settings, of this node or another one. Options.JoinPolicy overrides the join policy.
func (c *core) setWorkspace(p Workspace) {
	if c.options.JoinPolicy.Valid() {
		p.JoinPolicy = c.options.JoinPolicy
	}
	if before := c.workspace.Swap(&p); before != nil && before.HideLinkPreviews != p.HideLinkPreviews {
		c.hub.renderAnew()
	}
}

// JoinPolicyFixed reports whether Options.JoinPolicy fixes the join policy, so that the owner cannot change it.
func (c Admin) JoinPolicyFixed() bool { return c.options.JoinPolicy.Valid() }

// UpdateWorkspace changes the workspace's settings. Users who are signed in stay so.
func (c Admin) UpdateWorkspace(ctx context.Context, a Actor, p Workspace) error {
	if !a.Role.May(MayManageWorkspace) {
		return errNotFound
	}
	if c.JoinPolicyFixed() {
		p.JoinPolicy = c.Workspace().JoinPolicy
	}
	p, err := cleanWorkspace(p)
	if err != nil {
		return err
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if !a.Role.May(MayManageWorkspace) {
			return errNotFound
		}
		if err := upsertWorkspace(ctx, tx, p, !c.JoinPolicyFixed()); err != nil {
			return err
		}
		detail := p.Name + " " + string(p.JoinPolicy) + ", " + p.FileTypes.inWords()
		if p.HideVersions || c.Workspace().HideVersions {
			detail += ", earlier versions for " + p.versions()
		}
		if p.HideLinkPreviews || c.Workspace().HideLinkPreviews {
			detail += ", link previews " + p.linkPreviews()
		}
		return c.audit(ctx, tx, a, "workspace.changed", 0, 0, detail)
	}, func() {
		c.setWorkspace(p)
		c.hub.publish(Event{List: true})
	})
}

// loadWorkspace reads the settings from the database.
func (c *core) loadWorkspace(ctx context.Context) error {
	p := defaultWorkspace
	settings, err := sqlite.CollectMap(ctx, c.db, sqlite.Pair[string, string], `SELECT key, value FROM settings`)
	if err != nil {
		return err
	}
	if name, ok := settings["place_name"]; ok {
		p.Name = name
	}
	if policy, ok := settings["access"]; ok {
		p.JoinPolicy = JoinPolicy(policy)
	}
	p.FileTypes = FileTypes(settings["file_types"])
	p.HideVersions = settings["versions"] == versionsForNobody
	p.HideLinkPreviews = settings["link_previews"] == linkPreviewsHidden
	c.setWorkspace(p)
	return nil
}

// upsertWorkspace stores the settings; the join policy only if access is set, which means that it is not fixed.
func upsertWorkspace(ctx context.Context, tx *sqlite.Tx, p Workspace, access bool) error {
	const upsert = `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE
		SET value = excluded.value`
	rows := map[string]string{"place_name": p.Name, "file_types": string(p.FileTypes), "versions": p.versions(),
		"link_previews": p.linkPreviews()}
	if access {
		rows["access"] = string(p.JoinPolicy)
	}
	for key, value := range rows {
		if _, err := tx.ExecContext(ctx, upsert, key, value); err != nil {
			return err
		}
	}
	return nil
}

// The values of the settings, which the database and the audit log have.
const (
	versionsForAll    = "everyone"
	versionsForNobody = "nobody"

	linkPreviewsShown  = "shown"
	linkPreviewsHidden = "hidden"
)

// versions returns who reads the earlier versions of messages.
func (p Workspace) versions() string {
	if p.HideVersions {
		return versionsForNobody
	}
	return versionsForAll
}

// linkPreviews returns what becomes of the previews of links.
func (p Workspace) linkPreviews() string {
	if p.HideLinkPreviews {
		return linkPreviewsHidden
	}
	return linkPreviewsShown
}

// cleanWorkspace returns the settings as they are stored. The errors are for the fields "workspace", "access"
// and "extensions".
func cleanWorkspace(p Workspace) (Workspace, error) {
	name, err := cleanChannelName(p.Name)
	switch {
	case err != nil:
		return p, Invalid("workspace", "Please give the workspace a name: letters, digits, spaces and signs, in one line.")
	case utf8.RuneCountInString(name) > MaxWorkspaceNameLen:
		return p, Invalid("workspace", "The name of the workspace is too long: at most %d characters fit.",
			MaxWorkspaceNameLen)
	case !p.JoinPolicy.Valid():
		return p, Invalid("access", "Please choose who may come in.")
	}
	p.Name = name
	if p.FileTypes != "" {
		p.FileTypes, err = ParseFileTypes(string(p.FileTypes))
	}
	return p, err
}
