package views

import (
	"cmp"
	"strings"

	"chitchat/chat"
)

// workspaceName is the workspace's name, at the top of its pages.
func workspaceName(p chat.Workspace) string {
	if p.Name == "" {
		return "Chit-Chat"
	}
	return p.Name
}

// SetupForm is the page on which a user becomes the owner.
type SetupForm struct {
	Workspace chat.Workspace
	Name      string
	Form      string // see SignIn
	Fault
}

// WorkspaceForm is the form of the workspace's settings.
type WorkspaceForm struct {
	Workspace chat.Workspace
	Fixed     bool // the join policy was set on the command line
	Fault
	Saved bool

	Files, Extensions string // of a refused form, as typed; "": as the workspace has it
}

// files returns which choice of files is made: all, seed or some.
func (f WorkspaceForm) files() string {
	switch {
	case f.Files != "":
		return f.Files
	case f.Workspace.FileTypes == "":
		return "all"
	case f.Workspace.FileTypes == chat.SeedFileTypes:
		return "seed"
	}
	return "some"
}

// extensions returns the list as it is edited.
func (f WorkspaceForm) extensions() string {
	return cmp.Or(f.Extensions, listed(f.Workspace.FileTypes))
}

func listed(t chat.FileTypes) string { return strings.Join(t.Extensions(), ", ") }
