package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// typedWorkspace returns the settings that a form asks for.
func typedWorkspace(values url.Values) chat.Workspace {
	return chat.Workspace{Name: values.Get("workspace"), JoinPolicy: chat.JoinPolicy(values.Get("access"))}
}

// typedFileTypes returns the files that a form lets people send; a form without that question changes nothing.
func typedFileTypes(values url.Values, now chat.FileTypes) (chat.FileTypes, error) {
	switch values.Get("files") {
	case "":
		return now, nil
	case "all":
		return "", nil
	case "seed":
		return chat.SeedFileTypes, nil
	}
	return chat.ParseFileTypes(values.Get("extensions"))
}

// typedHideVersions returns whether a form hides the earlier versions of messages; a form without that question changes
// nothing.
func typedHideVersions(values url.Values, now bool) bool {
	switch values.Get("versions") {
	case "everyone":
		return false
	case "nobody":
		return true
	}
	return now
}

// typedHideLinkPreviews returns whether a form hides the previews of links; a form without that question changes
// nothing.
func typedHideLinkPreviews(values url.Values, now bool) bool {
	switch values.Get("link-previews") {
	case "shown":
		return false
	case "hidden":
		return true
	}
	return now
}

func (s adminHandlers) showWorkspace(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayManageWorkspace) {
		return errNotFound
	}
	return s.renderWorkspace(c, a, views.WorkspaceForm{Workspace: s.Chat.Admin.Workspace(), Saved: c.Query("saved") != ""})
}

func (s adminHandlers) renderWorkspace(c *fiber.Ctx, a chat.Actor, f views.WorkspaceForm) error {
	if f.Fixed = s.Chat.Admin.JoinPolicyFixed(); f.Fixed {
		f.Workspace.JoinPolicy = s.Chat.Admin.Workspace().JoinPolicy
	}
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.WorkspacePage(l, f) })
}

func (s adminHandlers) updateWorkspace(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			workspace := typedWorkspace(values)
			now := s.Chat.Admin.Workspace()
			workspace.HideVersions = typedHideVersions(values, now.HideVersions)
			workspace.HideLinkPreviews = typedHideLinkPreviews(values, now.HideLinkPreviews)
			var err error
			if workspace.FileTypes, err = typedFileTypes(values, now.FileTypes); err != nil {
				return nil, err
			}
			err = s.Chat.Admin.UpdateWorkspace(c.UserContext(), a, workspace)
			return to(c, "/admin/settings?saved=1"), err
		},
		show: func(values url.Values, fault views.Fault) error {
			workspace := typedWorkspace(values)
			workspace.Name = sanitizeEcho(workspace.Name)
			now := s.Chat.Admin.Workspace()
			workspace.FileTypes, workspace.HideVersions = now.FileTypes, typedHideVersions(values, now.HideVersions)
			workspace.HideLinkPreviews = typedHideLinkPreviews(values, now.HideLinkPreviews)
			return s.renderWorkspace(c, a, views.WorkspaceForm{Workspace: workspace, Fault: fault.Beside("workspace"),
				Files: values.Get("files"), Extensions: sanitizeEcho(values.Get("extensions"))})
		},
	})
}
