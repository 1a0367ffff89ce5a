package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// routes lists all routes, by feature. get, search and post are for signed-in users; each post counts as a change. form
// is post for a handler with a limit of its own: a stricter one, or one that re-renders the form with its text. file is
// get for content that one page requests a hundred times at once.
func (s *Server) routes() {
	type handler = func(*fiber.Ctx, chat.Actor) error
	get := func(path string, h handler) { s.app.Get(path, s.withUser(h)) }
	search := func(path string, h handler) { get(path, s.searching(h)) }
	post := func(path string, h handler) { s.app.Post(path, s.withUser(s.changing(h))) }
	form := func(path string, h handler) { s.app.Post(path, s.withUser(h)) }
	file := func(path string, h handler) { s.app.Get(path, s.withFile(h)) }

	s.app.Use(s.logRequests, s.checkOrigin)

	// What had another name in earlier versions: links that were given out, bookmarks, and forms that are open still.
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
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/assets/*", s.serveAsset)
	s.app.Get("/favicon.ico", s.serveFavicon)
	s.app.Get("/", s.showHome)
	s.app.Get(livePath, s.serveLive)

	// Sign in and out.
	s.app.Get("/signin", s.showSignIn)
	s.app.Post("/signin", s.signIn)
	s.app.Get("/signin/two-factor", s.showTwoFactorSignIn)
	s.app.Post("/signin/two-factor", s.finishSignIn)
	s.app.Post("/signin/two-factor/passkey", s.beginTwoFactorPasskey)
	s.app.Post("/signin/passkey", s.beginPasskeySignIn)
	s.app.Post("/signin/passkey/finish", s.finishPasskeySignIn)
	get("/signout", s.showSignOut)
	s.app.Post("/signout", s.signOut)

	// Links that sign in or invite.
	s.app.Get("/owner/:token", s.showSetup)
	s.app.Post("/owner/:token", s.claimWorkspace)
	s.app.Get("/link/:token", s.showDeviceLink)
	s.app.Post("/link/:token", s.useDeviceLink)
	s.app.Get("/reset/:token", s.showPasswordReset)
	s.app.Post("/reset/:token", s.resetPassword)
	s.app.Get("/i/:token", s.showInvitation)
	s.app.Post("/i/:token", s.acceptInvitation)

	// My settings.
	get("/me", s.showMe)
	form("/me", s.updateName)
	post("/me/theme", s.updateTheme)
	file("/me/:id.css", s.serveOwnCSS)
	get("/me/profile", s.showMyProfile)
	form("/me/profile", s.updateProfile)
	form("/me/status", s.updateStatus)
	form("/me/avatar", s.updateAvatar)
	form("/me/avatar/remove", s.deleteAvatar)
	get("/me/password", s.showPassword)
	form("/me/password", s.updatePassword)
	get("/me/two-factor", s.showTwoFactor)
	form("/me/two-factor/start", s.twoFactorForm(s.startTwoFactor))
	form("/me/two-factor/confirm", s.twoFactorForm(s.confirmTwoFactor))
	form("/me/two-factor/codes", s.twoFactorForm(s.createRecoveryCodes))
	form("/me/two-factor/off", s.twoFactorForm(s.disableTwoFactor))
	get("/me/passkeys", s.showPasskeys)
	form("/me/passkeys", s.passkeyForm(s.createPasskey))
	form("/me/passkeys/new", s.passkeyForm(s.beginPasskey))
	form("/me/passkeys/remove", s.passkeyForm(s.deletePasskey))
	form("/me/passkeys/require", s.passkeyForm(s.requirePasskey))
	get("/me/link", s.showDeviceLinks)
	form("/me/link", s.createDeviceLink)
	get("/me/sessions", s.showSessions)
	post("/me/sessions/end", s.endOtherSessions)
	post("/me/sessions/:id/end", s.endSession)

	// Channels.
	search("/c", s.showChannels)
	form("/c", s.createChannel)
	get("/c/:slug", s.moved(s.showChannel))
	search("/c/:slug/members", s.moved(s.showMembers))
	form("/c/:slug/members", s.addMember)
	post("/c/:slug/members/:id/remove", s.removeMember)
	form("/c/:slug/bans", s.banMember)
	post("/c/:slug/bans/:id/lift", s.unbanMember)
	post("/c/:slug/join", s.joinChannel)
	post("/c/:slug/leave", s.leaveChannel)
	post("/c/:slug/preferences", s.updatePreferences)
	post("/c/:slug/hide", s.hideChannel)
	get("/c/:slug/settings", s.moved(s.showChannelSettings))
	form("/c/:slug/settings", s.updateChannel)
	post("/c/:slug/archive", s.archiveChannel)
	post("/c/:slug/restore", s.restoreChannel)
	get("/c/:slug/delete", s.moved(s.showDeleteChannel))
	post("/c/:slug/delete", s.deleteChannel)

	// Messages.
	form("/c/:slug/messages", s.createMessage)
	get("/c/:slug/:seq", s.moved(s.showMessage))
	get("/c/:slug/:seq/edit", s.showEdit)
	form("/c/:slug/:seq/edit", s.updateMessage)
	get("/c/:slug/:seq/delete", s.showDelete)
	form("/c/:slug/:seq/delete", s.deleteMessage)
	get("/c/:slug/:seq/report", s.showReport)
	form("/c/:slug/:seq/report", s.createReport)
	file("/f/:id/thumb", s.serveThumb)
	file("/f/:id/:name", s.serveFile)

	// Users and direct messages.
	get("/u/:id", s.showProfile)
	file("/u/:id/avatar/:picture", s.serveAvatar)
	search("/d", s.showDirect)
	form("/d", s.createDirect)
	get("/me/blocks", s.showBlocks)
	form("/me/blocks", s.createBlock)
	post("/me/blocks/:id/remove", s.deleteBlock)

	// Administration.
	search("/admin/people", s.showUsers)
	post("/admin/people/:id/role", s.updateRole)
	post("/admin/people/:id/deactivate", s.deactivateUser)
	post("/admin/people/:id/reactivate", s.reactivateUser)
	post("/admin/people/:id/remove", s.deleteUser)
	post("/admin/people/:id/signout", s.endUserSessions)
	get("/admin/roles", s.showRoles)
	get("/admin/reset-access", s.showResetAccess)
	form("/admin/reset-access", s.createPasswordReset)
	search("/admin/invitations", s.showInvitations)
	form("/admin/invitations", s.createInvitation)
	post("/admin/invitations/:id/revoke", s.revokeInvitation)
	search("/admin/channels", s.showChannelTable)
	search("/admin/sessions", s.showSessionTable)
	post("/admin/sessions/:id/end", s.endUserSession)
	search("/admin/storage", s.showStorage)
	search("/admin/storage/people", s.showStorageByUser)
	post("/admin/storage/people/:id/pending", s.deletePendingFiles)
	search("/admin/bans", s.showBans)
	form("/admin/bans", s.createBan)
	post("/admin/bans/:id/lift", s.deleteBan)
	search("/admin/reports", s.showReports(false))
	search("/admin/reports/closed", s.showReports(true))
	get("/admin/reports/:id", s.showReported)
	post("/admin/reports/:id/close", s.closeReport)
	post("/admin/reports/:id/remove", s.deleteReported)
	search("/admin/audit", s.showAudit)
	search("/admin/audit.jsonl", s.exportAudit)
	get("/admin/settings", s.showWorkspace)
	form("/admin/settings", s.updateWorkspace)
}
