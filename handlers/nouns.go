package handlers

// signInHandlers lets users in and out: sign in and out, and the links that sign in or invite.
type signInHandlers struct{ *Server }

// settingsHandlers is what users keep about themselves: name, profile, password, two-factor authentication, passkeys,
// device links, sessions.
type settingsHandlers struct{ *Server }

// channelHandlers is the channels: their members, bans and settings.
type channelHandlers struct{ *Server }

// messageHandlers is the messages and their files, and the form that reports one.
type messageHandlers struct{ *Server }

// userHandlers is how users meet: profiles, pictures, direct conversations, blocks.
type userHandlers struct{ *Server }

// adminHandlers is the administration: users, invitations, bans, reports, storage, settings, the audit log.
type adminHandlers struct{ *Server }

// liveHandlers is the sockets of open pages.
type liveHandlers struct{ *Server }
