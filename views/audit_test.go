package views

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"chitchat/chat"
)

// noun matches the names of actions: the object, and the act.
var noun = regexp.MustCompile(`"((?:ban|channel|device_link|emoji|invitation|message|passkey|password|password_reset|` +
	`report|role|session|two_factor|user|workspace)\.[a-z_]+)"`)

// Every act in the audit log has words of its own.
func TestAuditActs(t *testing.T) {
	files, err := filepath.Glob("../chat/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no chat", err)
	}
	noted := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range noun.FindAllSubmatch(source, -1) {
			noted[string(m[1])] = true
		}
	}
	for act := range auditActs {
		if !noted[act] {
			t.Errorf("nobody notes %s", act)
		}
	}
	for act := range noted {
		if auditWhat(act) == act {
			t.Errorf("%s has no words", act)
		}
	}
	renames, err := os.ReadFile("../chat/migrations/00014_audit_actions.sql")
	if err != nil {
		t.Fatal(err)
	}
	renamed := regexp.MustCompile(`WHEN '(.+)' THEN '(.+)'`).FindAllStringSubmatch(string(renames), -1)
	for _, m := range renamed {
		if noted[m[1]] || !noted[m[2]] {
			t.Errorf("%s is stored as %s", m[1], m[2])
		}
	}
	if len(renamed) == 0 {
		t.Error("no stored act is renamed")
	}
	for _, c := range []struct{ action, detail, what, said string }{
		{"invitation.created", "wlro4vmhag2 guest", "guest", ""},
		{"report.created", "message 3: why: that", "message 3: ", "why: that"},
		{"message.removed", "message 3", "message 3", ""},
		{"ban.created", "why: that", "", "why: that"},
		{"channel.changed", "archived", "archived", ""},
		{"channel.changed", "renamed from “a” to “b”", "renamed from “\u2068a\u2069” to “\u2068b\u2069”", ""},
	} {
		if what, said := auditMore(chat.AuditEntry{Action: c.action, Detail: c.detail}); what != c.what || said != c.said {
			t.Errorf("of %s %q it tells %q, %q", c.action, c.detail, what, said)
		}
	}
}
