package views

import "chitchat/chat"

// workspaceName is what the workspace is called, at the head of its pages.
func workspaceName(p chat.Workspace) string {
	if p.Name == "" {
		return "Chit-Chat"
	}
	return p.Name
}

// SetupForm is the page on which somebody becomes the owner.
type SetupForm struct {
	Workspace chat.Workspace
	Name      string
	Form      string // see SignIn
	Fault
}

// WorkspaceForm is the form of the workspace's settings.
type WorkspaceForm struct {
	Workspace chat.Workspace
	Fixed     bool // who may come in was said when the program was started
	Fault
	Saved bool
}
