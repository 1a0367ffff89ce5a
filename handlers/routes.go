package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// routes lists all routes, by feature; nouns.go has the types of their handlers. get, search and post are for signed-in
// users; each post counts as a change. form is post for a handler with a limit of its own: a stricter one, or one that
// re-renders the form with its text. file is get for content that one page requests a hundred times at once.
func (s *Server) routes() {
	live, signIns, settings := liveHandlers{s}, signInHandlers{s}, settingsHandlers{s}
	channels, messages, users, admin := channelHandlers{s}, messageHandlers{s}, userHandlers{s}, adminHandlers{s}

	type handler = func(*fiber.Ctx, chat.Actor) error
	get := func(path string, h handler) { s.app.Get(path, s.withUser(h)) }
	search := func(path string, h handler) { get(path, s.searching(h)) }
	post := func(path string, h handler) { s.app.Post(path, s.withUser(s.changing(h))) }
	form := func(path string, h handler) { s.app.Post(path, s.withUser(h)) }
	file := func(path string, h handler) { s.app.Get(path, s.withFile(h)) }

	s.app.Use(s.logRequests, s.checkOrigin)

	// Addresses of earlier versions, for links that were given out, bookmarks, and open forms.
	old := func(path string, segment int, now string) {
		s.app.Get(path, renamed(segment, now))
		s.app.Post(path, renamed(segment, now))
	}
	old("/signin/second", 2, "two-factor")
	old("/me/second", 2, "two-factor")
	old("/recover/:token", 1, "reset")
	old("/admin/recovery", 2, "reset-access")
	old("/c/:slug/people", 3, "members")
	old("/c/:slug/mine", 3, "preferences")

	// The program.
	s.app.Get("/healthz", healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/assets/*", serveAsset)
	s.app.Get("/favicon.ico", serveFavicon)
	s.app.Get("/manifest.json", s.serveManifest)
	s.app.Get("/", s.showHome)
	s.app.Get(livePath, live.serveLive)

	// Sign in and out.
	s.app.Get("/signin", signIns.showSignIn)
	s.app.Post("/signin", signIns.signIn)
	s.app.Get("/signin/two-factor", signIns.showTwoFactorSignIn)
	s.app.Post("/signin/two-factor", signIns.finishSignIn)
	s.app.Post("/signin/two-factor/passkey", signIns.beginTwoFactorPasskey)
	s.app.Post("/signin/passkey", signIns.beginPasskeySignIn)
	s.app.Post("/signin/passkey/finish", signIns.finishPasskeySignIn)
	get("/signout", signIns.showSignOut)
	s.app.Post("/signout", signIns.signOut)

	// Links that sign in or invite.
	s.app.Get("/owner/:token", signIns.showSetup)
	s.app.Post("/owner/:token", signIns.claimWorkspace)
	s.app.Get("/link/:token", signIns.showDeviceLink)
	s.app.Post("/link/:token", signIns.useDeviceLink)
	s.app.Get("/reset/:token", signIns.showPasswordReset)
	s.app.Post("/reset/:token", signIns.resetPassword)
	s.app.Get("/i/:token", signIns.showInvitation)
	s.app.Post("/i/:token", signIns.acceptInvitation)

	// My settings.
	get("/me", settings.showMe)
	form("/me", settings.updateName)
	post("/me/theme", settings.updateTheme)
	get("/keys", settings.showKeys)
	post("/me/keys", settings.updateKeys)
	file("/me/:id.css", serveOwnCSS)
	get("/me/profile", settings.showMyProfile)
	form("/me/profile", settings.updateProfile)
	form("/me/status", settings.updateStatus)
	form("/me/avatar", settings.updateAvatar)
	form("/me/avatar/remove", settings.deleteAvatar)
	get("/me/password", settings.showPassword)
	form("/me/password", settings.updatePassword)
	get("/me/two-factor", settings.showTwoFactor)
	form("/me/two-factor/start", settings.twoFactorForm(settings.startTwoFactor))
	form("/me/two-factor/confirm", settings.twoFactorForm(settings.confirmTwoFactor))
	form("/me/two-factor/codes", settings.twoFactorForm(settings.createRecoveryCodes))
	form("/me/two-factor/off", settings.twoFactorForm(settings.disableTwoFactor))
	get("/me/passkeys", settings.showPasskeys)
	form("/me/passkeys", settings.passkeyForm(settings.createPasskey))
	form("/me/passkeys/new", settings.passkeyForm(settings.beginPasskey))
	form("/me/passkeys/remove", settings.passkeyForm(settings.deletePasskey))
	form("/me/passkeys/require", settings.passkeyForm(settings.requirePasskey))
	get("/me/link", settings.showDeviceLinks)
	form("/me/link", settings.createDeviceLink)
	get("/me/sessions", settings.showSessions)
	post("/me/sessions/end", settings.endOtherSessions)
	post("/me/sessions/:id/end", settings.endSession)

	// Channels.
	search("/c", channels.showChannels)
	form("/c", channels.createChannel)
	search("/switch", channels.showSwitch)
	get("/c/:slug", s.moved(channels.showChannel))
	get("/c/:slug/days", s.moved(channels.showCalendar))
	search("/c/:slug/members", s.moved(channels.showMembers))
	form("/c/:slug/members", channels.addMember)
	post("/c/:slug/members/:id/remove", channels.removeMember)
	form("/c/:slug/bans", channels.banMember)
	post("/c/:slug/bans/:id/lift", channels.unbanMember)
	post("/c/:slug/join", channels.joinChannel)
	post("/c/:slug/leave", channels.leaveChannel)
	post("/c/:slug/preferences", channels.updatePreferences)
	post("/c/:slug/hide", channels.hideChannel)
	get("/c/:slug/settings", s.moved(channels.showChannelSettings))
	form("/c/:slug/settings", channels.updateChannel)
	post("/c/:slug/archive", channels.archiveChannel)
	post("/c/:slug/restore", channels.restoreChannel)
	get("/c/:slug/delete", s.moved(channels.showDeleteChannel))
	post("/c/:slug/delete", channels.deleteChannel)

	// Messages.
	form("/c/:slug/messages", messages.createMessage)
	post("/c/:slug/preview", messages.previewMessage)
	form("/c/:slug/draft", messages.saveDraft)
	get("/drafts", messages.showDrafts)
	post("/paste", messages.convertPaste)
	form("/c/:slug/files", messages.createFile)
	search("/c/:slug/files", s.moved(messages.showChannelFiles))
	search("/files", messages.showFiles)
	search("/search", messages.showSearch)
	get("/unreads", messages.showUnreads)
	post("/read", messages.markRead)
	post("/read/undo", messages.undoRead)
	get("/saved", messages.showSaved)
	search("/mentions", messages.showMentions)
	post("/c/:slug/:seq/save", messages.saveMessage)
	post("/c/:slug/:seq/unsave", messages.unsaveMessage)
	get("/c/:slug/pins", s.moved(messages.showPins))
	post("/c/:slug/:seq/pin", messages.pinMessage)
	post("/c/:slug/:seq/unpin", messages.unpinMessage)
	get("/c/:slug/:seq", s.moved(messages.showMessage))
	get("/c/:slug/:seq/actions", s.moved(messages.showMenu))
	get("/c/:slug/:seq/history", s.moved(messages.showVersions))
	get("/c/:slug/:seq/edit", messages.showEdit)
	form("/c/:slug/:seq/edit", messages.updateMessage)
	get("/c/:slug/:seq/delete", messages.showDelete)
	form("/c/:slug/:seq/delete", messages.deleteMessage)
	search("/emoji", messages.showEmoji)
	file("/emoji/:id", messages.serveEmoji)
	search("/complete", messages.showCompletions)
	form("/c/:slug/:seq/reactions", messages.createReaction)
	form("/c/:slug/:seq/reactions/remove", messages.deleteReaction)
	file("/c/:slug/:seq/link-previews/:number", messages.serveLinkPreviewPicture)
	post("/c/:slug/:seq/link-previews/remove", messages.deleteLinkPreview)
	get("/c/:slug/:seq/report", messages.showReport)
	form("/c/:slug/:seq/report", messages.createReport)
	post("/c/:slug/:seq/unread", messages.markUnread)
	get("/c/:slug/:seq/quote", messages.showQuote)
	get("/c/:slug/:seq/forward", messages.showForward)
	form("/c/:slug/:seq/forward", messages.forwardMessage)

	// Threads: what is below a message of a channel is below a reply too.
	get("/threads", messages.showThreads)
	get("/c/:slug/:seq/thread", s.moved(messages.showThread))
	post("/c/:slug/:seq/follow", messages.followThread)
	post("/c/:slug/:seq/unfollow", messages.unfollowThread)
	get("/c/:slug/:seq/thread/:n", s.moved(messages.showMessage))
	get("/c/:slug/:seq/thread/:n/actions", s.moved(messages.showMenu))
	get("/c/:slug/:seq/thread/:n/history", s.moved(messages.showVersions))
	get("/c/:slug/:seq/thread/:n/edit", messages.showEdit)
	form("/c/:slug/:seq/thread/:n/edit", messages.updateMessage)
	get("/c/:slug/:seq/thread/:n/delete", messages.showDelete)
	form("/c/:slug/:seq/thread/:n/delete", messages.deleteMessage)
	form("/c/:slug/:seq/thread/:n/reactions", messages.createReaction)
	form("/c/:slug/:seq/thread/:n/reactions/remove", messages.deleteReaction)
	file("/c/:slug/:seq/thread/:n/link-previews/:number", messages.serveLinkPreviewPicture)
	post("/c/:slug/:seq/thread/:n/link-previews/remove", messages.deleteLinkPreview)
	get("/c/:slug/:seq/thread/:n/quote", messages.showQuote)
	get("/c/:slug/:seq/thread/:n/forward", messages.showForward)
	form("/c/:slug/:seq/thread/:n/forward", messages.forwardMessage)
	post("/c/:slug/:seq/thread/:n/save", messages.saveMessage)
	post("/c/:slug/:seq/thread/:n/unsave", messages.unsaveMessage)
	get("/c/:slug/:seq/thread/:n/report", messages.showReport)
	form("/c/:slug/:seq/thread/:n/report", messages.createReport)

	// Files.
	file("/f/:id/thumb", messages.serveThumb)
	file("/f/:id/:name", messages.serveFile)

	// Users and direct messages.
	get("/u/:id", users.showProfile)
	file("/u/:id/avatar/:picture", users.serveAvatar)
	search("/d", users.showDirect)
	form("/d", users.createDirect)
	get("/me/blocks", users.showBlocks)
	form("/me/blocks", users.createBlock)
	post("/me/blocks/:id/remove", users.deleteBlock)

	// Administration.
	search("/admin/people", admin.showUsers)
	post("/admin/people/:id/role", admin.updateRole)
	post("/admin/people/:id/deactivate", admin.deactivateUser)
	post("/admin/people/:id/reactivate", admin.reactivateUser)
	post("/admin/people/:id/remove", admin.deleteUser)
	post("/admin/people/:id/signout", admin.endUserSessions)
	get("/admin/roles", admin.showRoles)
	get("/admin/reset-access", admin.showResetAccess)
	form("/admin/reset-access", admin.createPasswordReset)
	search("/admin/invitations", admin.showInvitations)
	form("/admin/invitations", admin.createInvitation)
	post("/admin/invitations/:id/revoke", admin.revokeInvitation)
	search("/admin/channels", admin.showChannelTable)
	search("/admin/sessions", admin.showSessionTable)
	post("/admin/sessions/:id/end", admin.endUserSession)
	search("/admin/storage", admin.showStorage)
	search("/admin/storage/people", admin.showStorageByUser)
	post("/admin/storage/people/:id/pending", admin.deletePendingFiles)
	search("/admin/bans", admin.showBans)
	form("/admin/bans", admin.createBan)
	post("/admin/bans/:id/lift", admin.deleteBan)
	search("/admin/reports", admin.showReports(false))
	search("/admin/reports/closed", admin.showReports(true))
	get("/admin/reports/:id", admin.showReported)
	post("/admin/reports/:id/close", admin.closeReport)
	post("/admin/reports/:id/remove", admin.deleteReported)
	search("/admin/emoji", admin.showCustomEmoji)
	form("/admin/emoji", admin.createEmoji)
	get("/admin/emoji/:id/remove", admin.showRemoveEmoji)
	post("/admin/emoji/:id/remove", admin.deleteEmoji)
	search("/admin/audit", admin.showAudit)
	search("/admin/audit.jsonl", admin.exportAudit)
	get("/admin/settings", admin.showWorkspace)
	form("/admin/settings", admin.updateWorkspace)
}
