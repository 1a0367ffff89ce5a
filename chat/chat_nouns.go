package chat

import (
	"context"
	"sync/atomic"

	"chitchat/chat/guard"
	"chitchat/chat/sqlite"
)

// Accounts are how people come in, and prove who they are: names, passwords, passkeys, two-factor authentication,
// sessions, links for other devices and for those who are locked out.
type Accounts struct{ *core }

// Users are people as others see them: names, profiles, pictures, statuses.
type Users struct{ *core }

// Channels are where people talk, direct conversations among them: who is in them, what they are called, what is
// unread.
type Channels struct{ *core }

// Messages are what people say, and its files.
type Messages struct{ *core }

// Moderation is what keeps a workspace civil: reports, removals, bans, blocks.
type Moderation struct{ *core }

// Admin is what those who run the workspace do: users, roles, invitations, sessions, storage, settings, the audit log.
type Admin struct{ *core }

// Live is who is here, and how pages hear what happens.
type Live struct{ *core }

// core is what all of them work on.
type core struct {
	accounts   Accounts
	users      Users
	channels   Channels
	messages   Messages
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

	deviceKey []byte // signs DeviceToken

	background context.Context // ends with Close
	end        context.CancelFunc
	goroutines guard.Group
}

func newChat(c *core) *Chat {
	c.accounts, c.users, c.channels, c.messages = Accounts{c}, Users{c}, Channels{c}, Messages{c}
	c.moderation, c.admin, c.live = Moderation{c}, Admin{c}, Live{c}
	return &Chat{c.accounts, c.users, c.channels, c.messages, c.moderation, c.admin, c.live, c}
}
