package chat

import (
	"strings"
	"testing"
)

func TestFileTypes(t *testing.T) {
	for typed, want := range map[string]FileTypes{
		"txt, pdf,PNG ;.jpg *.gif\n txt": "txt pdf png jpg gif",
		"7z":                             "7z", "c++": "c++", string(SeedFileTypes): SeedFileTypes,
	} {
		if got, err := ParseFileTypes(typed); err != nil || got != want {
			t.Errorf("%q is %q, %v", typed, got, err)
		}
	}
	var many strings.Builder
	for i := range maxFileTypes + 1 {
		many.WriteString("x" + ID(i).String() + " ")
	}
	for _, wrong := range []string{"", " , ", ".", "a.b", "tar/gz", "é", `a"b`, "a\x00", strings.Repeat("x", 16),
		many.String()} {
		_, err := ParseFileTypes(wrong)
		wantCode(t, err, CodeInvalid)
	}
}

// The setting stands in the log, survives a restart, and says "all" where nobody has set it.
func TestFileTypesOfAWorkspace(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), openPlace, "Ada", goodPassword)
	if err != nil || c.Admin.Workspace().FileTypes != "" {
		t.Fatal(err, c.Admin.Workspace())
	}
	restricted := openPlace
	restricted.FileTypes = "txt pdf"
	if err := c.Admin.UpdateWorkspace(t.Context(), ada, restricted); err != nil {
		t.Fatal(err)
	}
	if log := mustLog(t, c, ada, AuditFilter{Action: "workspace.changed"}); len(log) != 1 ||
		!strings.HasSuffix(log[0].Detail, "only files of txt, pdf") {
		t.Error(log)
	}
	broken := openPlace
	broken.FileTypes = "TXT \""
	wantCode(t, c.Admin.UpdateWorkspace(t.Context(), ada, broken), CodeInvalid)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, Options{Path: path})
	if again.Admin.Workspace() != restricted {
		t.Error(again.Admin.Workspace())
	}
	if err := again.Admin.UpdateWorkspace(t.Context(), ada, openPlace); err != nil ||
		again.Admin.Workspace() != openPlace {
		t.Error(err, again.Admin.Workspace())
	}
}
