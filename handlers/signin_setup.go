package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"chitchat/views"
)

// showSetup serves the setup link that the program prints while the workspace has no owner.
func (s signInHandlers) showSetup(c *fiber.Ctx) error {
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

func (s signInHandlers) claimWorkspace(c *fiber.Ctx) error {
	return submit(c, submission{
		limited: s.limitSignIns(c),
		do: func(values url.Values) (func() error, error) {
			a, _, err := s.visitor(c)
			if err != nil {
				return nil, err
			}
			if err := s.keepsCookies(c, values); err != nil {
				return nil, err
			}
			a, err = s.Chat.Accounts.ClaimWorkspace(s.device(c), a, param(c, "token"),
				typedWorkspace(values), values.Get("name"), values.Get("password"))
			return func() error { return s.completeSignIn(c, a, "/") }, err
		},
		show: func(values url.Values, fault views.Fault) error {
			workspace := typedWorkspace(values)
			workspace.Name = sanitizeEcho(workspace.Name)
			return render(c, fault.Status, views.SetupPage(views.SetupForm{
				Workspace: workspace, Name: sanitizeEcho(values.Get("name")), Fault: fault,
				Form: s.newFormNonce(c, s.formNonce(c, values)),
			}))
		},
	})
}
