package chat

import (
	"context"
	"sync/atomic"

	"chitchat/chat/guard"
	"chitchat/chat/sqlite"
)

// Accounts is how users sign in and prove who they are: names, passwords, passkeys, two-factor authentication,
// sessions, device links and password resets.
type Accounts struct{ *core }

// Users is how users appear to others: names, profiles, pictures, statuses.
type Users struct{ *core }

// Channels is the channels, direct conversations included: their members, settings and unread counts.
type Channels struct{ *core }

// Threads is who follows which thread, and has read what of it. Its replies are messages.
type Threads struct{ *core }

// Messages is the messages and their files.
type Messages struct{ *core }

// Drafts is what users have written and not posted yet.
type Drafts struct{ *core }

// Moderation keeps a workspace civil: reports, removals, bans, blocks.
type Moderation struct{ *core }

// Admin is the administration: users, roles, invitations, sessions, storage, settings, the audit log.
type Admin struct{ *core }

// Live is presence, and the subscriptions of open pages.
type Live struct{ *core }

// core is the shared state of all of them.
type core struct {
	accounts   Accounts
	users      Users
	channels   Channels
	messages   Messages
	threads    Threads
	drafts     Drafts
	moderation Moderation
	admin      Admin
	live       Live

	options   Options
	db        *sqlite.DB
	writer    *writer
	hub       *hub
	hasher    *hasher
	workspace atomic.Pointer[Workspace]
	epoch     string
	instance  *instance
	caches    *caches
	links     *linkFetching // nil: links get no previews
	texts     *textTaking   // nil: files are found by their names only
	unindexed *unindexed
	blocks    blockCache
	files     blockCache // of the texts of files

	deviceKey []byte // signs DeviceToken

	background context.Context // ends with Close
	end        context.CancelFunc
	goroutines guard.Group
}

func newChat(c *core) *Chat {
	c.accounts, c.users, c.channels, c.messages = Accounts{c}, Users{c}, Channels{c}, Messages{c}
	c.drafts, c.moderation, c.admin, c.live, c.threads = Drafts{c}, Moderation{c}, Admin{c}, Live{c}, Threads{c}
	return &Chat{c.accounts, c.users, c.channels, c.messages, c.threads, c.drafts, c.moderation, c.admin, c.live, c}
}
