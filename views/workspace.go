package views

import "chitchat/chat"

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
}
