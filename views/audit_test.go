package views

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"chitchat/chat"
)

// Every act that is noted in the log has words of its own.
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
		for _, m := range regexp.MustCompile(`"((?:ban|channel|invitation|link|message|owner|passkey|password|place|recovery|report|role|second|session|user)\.[a-z_]+)"`).FindAllSubmatch(source, -1) {
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
	if got := auditMore(chat.AuditEntry{Action: "invitation.made", Detail: "wlro4vmhag2 guest"}); got != "guest" {
		t.Errorf("of an invitation it tells %q", got)
	}
}
