package handlers

import (
	"cmp"
	"errors"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showSetup is where the link leads that the program prints while the workspace has no owner.
func (s *Server) showSetup(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	if err := s.Chat.Accounts.CheckSetupLink(c.UserContext(), param(c, "token")); err != nil {
		return err
	}
	f := views.SetupForm{Workspace: s.Chat.Admin.Workspace(), Form: s.newFormNonce(c, "")}
	if a, err := s.actor(c); err == nil {
		f.Name = a.Name
	}
	return render(c, fiber.StatusOK, views.SetupPage(f))
}

func (s *Server) claimWorkspace(c *fiber.Ctx) error {
	limited := s.limitSignIns(c)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	a, _, err := s.visitor(c)
	if err != nil {
		return err
	}
	place := chat.Workspace{Name: values.Get("place"), JoinPolicy: chat.JoinPolicy(values.Get("access"))}
	if cookieless := s.keepsCookies(c, values); limited == nil && cookieless != nil {
		limited = cookieless
	}
	if err = limited; err == nil {
		a, err = s.Chat.Accounts.ClaimWorkspace(s.device(c), a, param(c, "token"), place, values.Get("name"), values.Get("password"))
	}
	if e, ok := errors.AsType[*chat.Error](err); ok && (e.Code == chat.CodeInvalid || e.Code == chat.CodeTooOften) {
		place.Name = sanitizeEcho(place.Name)
		return render(c, statuses[e.Code], views.SetupPage(views.SetupForm{
			Workspace: place, Name: sanitizeEcho(values.Get("name")), Field: e.Field, Error: e.Message, Form: s.newFormNonce(c, s.formNonce(c, values)),
		}))
	}
	if err != nil {
		return err
	}
	return s.completeSignIn(c, a, "/")
}

func (s *Server) showWorkspace(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayManageWorkspace) {
		return errNotFound
	}
	return s.renderWorkspace(c, a, fiber.StatusOK, views.WorkspaceForm{Workspace: s.Chat.Admin.Workspace(), Saved: c.Query("saved") != ""})
}

func (s *Server) renderWorkspace(c *fiber.Ctx, a chat.Actor, status int, f views.WorkspaceForm) error {
	if f.Fixed = s.Chat.Admin.JoinPolicyFixed(); f.Fixed {
		f.Workspace.JoinPolicy = s.Chat.Admin.Workspace().JoinPolicy
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.WorkspacePage(sh, f) })
}

func (s *Server) updateWorkspace(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.changes, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	place := chat.Workspace{Name: values.Get("place"), JoinPolicy: chat.JoinPolicy(values.Get("access"))}
	if err = limited; err == nil {
		err = s.Chat.Admin.UpdateWorkspace(c.UserContext(), a, place)
	}
	if status, field, sentence, ok := formErrorAt(err, "place"); ok {
		place.Name = sanitizeEcho(place.Name)
		return s.renderWorkspace(c, a, status, views.WorkspaceForm{Workspace: place, Field: field, Error: sentence})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/admin/settings?saved=1")
}
