package views

import (
	"net/url"
	"strings"

	"chitchat/chat"
)

// AuditView is a page of the audit log, with its filter.
type AuditView struct {
	Entries      []chat.AuditEntry
	Actions      []string
	Action, Name string
	From, To     string  // days, as date fields send them
	Zone         string  // in which days begin, as the browser reports it; empty: UTC
	Older        chat.ID // the start of the next page; 0 on the last page
}

// thousands returns a number with its thousands separated.
func thousands(n int) string {
	s := itoa(int64(n))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// auditURL returns the URL of a page of the log with the same filter.
func auditURL(path string, v AuditView, before chat.ID) string {
	q := url.Values{}
	for name, value := range map[string]string{"action": v.Action, "name": v.Name, "from": v.From, "to": v.To,
		"zone": v.Zone} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before != 0 {
		q.Set("before", before.String())
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// auditActs are all kinds of acts in words that follow the actor's name.
var auditActs = map[string]string{
	"ban.created":                       "banned",
	"ban.lifted":                        "unbanned",
	"channel.changed":                   "changed a channel",
	"channel.deleted":                   "deleted a channel",
	"channel.member_added":              "let into a channel",
	"channel.member_removed":            "removed from a channel",
	"device_link.created":               "made a link for another device",
	"device_link.used":                  "signed in by a link",
	"emoji.added":                       "added an emoji",
	"emoji.removed":                     "removed an emoji",
	"invitation.created":                "made an invitation",
	"invitation.revoked":                "took back an invitation",
	"invitation.used":                   "came by an invitation",
	"message.removed":                   "removed a message",
	"passkey.added":                     "added a passkey",
	"passkey.optional":                  "let the password alone be enough",
	"passkey.removed":                   "removed a passkey",
	"passkey.required":                  "asked for a passkey after the password",
	"password.changed":                  "changed the password",
	"password.set":                      "set a password",
	"password_reset.created":            "made a link to reset access",
	"password_reset.used":               "came in again by a link",
	"report.closed":                     "closed a report",
	"report.created":                    "reported a message",
	"role.changed":                      "changed a role",
	"session.ended":                     "signed out a device",
	"session.ended_all":                 "signed out all devices",
	"session.ended_others":              "signed out all other devices",
	"two_factor.disabled":               "turned two-factor authentication off",
	"two_factor.enabled":                "turned two-factor authentication on",
	"two_factor.recovery_code_used":     "used a recovery code",
	"two_factor.recovery_codes_created": "made new recovery codes",
	"user.deactivated":                  "deactivated",
	"user.pending_files_deleted":        "deleted files that waited",
	"user.reactivated":                  "reactivated",
	"user.removed":                      "removed, who never posted,",
	"workspace.changed":                 "changed the workspace",
	"workspace.claimed":                 "became the owner",
}

// auditWhat returns an act in words.
func auditWhat(action string) string {
	if words, ok := auditActs[action]; ok {
		return words
	}
	return action // of a later version, before a downgrade
}

// auditMore returns the details of an act: its subject, in our words, and the text that a user wrote. An invitation's
// number is only in the export, since no other page shows it.
func auditMore(e chat.AuditEntry) (what, said string) {
	switch e.Action {
	case "report.created", "message.removed":
		if what, said, ok := strings.Cut(e.Detail, ": "); ok {
			return what + ": ", said
		}
	case "ban.created", "ban.lifted", "passkey.added":
		return "", e.Detail
	}
	if strings.HasPrefix(e.Action, "invitation.") {
		_, role, _ := strings.Cut(e.Detail, " ")
		return role, ""
	}
	return quoted.Replace(e.Detail), ""
}

// quoted puts a name in quotation marks, isolated in its own writing direction.
var quoted = strings.NewReplacer("“", "“\u2068", "”", "\u2069”")
