package views

import (
	"net/url"
	"strings"

	"chitchat/chat"
)

// AuditView is a page of the audit log, and what was asked for.
type AuditView struct {
	Entries      []chat.AuditEntry
	Actions      []string
	Action, Name string
	From, To     string  // days, as forms have them
	Older        chat.ID // where the next page begins; 0 when this is the last
}

// auditURL is a page of the log with the same filter.
func auditURL(path string, v AuditView, before chat.ID) string {
	q := url.Values{}
	for name, value := range map[string]string{"action": v.Action, "name": v.Name, "from": v.From, "to": v.To} {
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

// auditWhat is an entry's act in words.
func auditWhat(e chat.AuditEntry) string {
	return strings.NewReplacer(".", ": ", "_", " ").Replace(e.Action)
}
