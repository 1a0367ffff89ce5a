// Package command implements the command line's commands: they print links that only the operator of the server can
// create.
package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chitchat/chat"
)

// Command creates a link and returns its path. It works on the database, beside the server that uses it.
type Command func(context.Context, *chat.Chat) (path string, err error)

// Usage describes the commands.
const Usage = `  owner                  prints a new setup link: it makes its opener the owner, while there is none
  reset-password NAME    prints a link for a password reset: for 10 minutes, NAME signs in by it with a new password
  They take the flags of the Chit-Chat that serves: --data, and --url or --addr, with which the link begins.
`

// Parse returns the command that the words of the command line name, without flags; nil if there are none. The error is
// a sentence: the words name no command, or are too few or too many.
func Parse(words []string) (Command, error) {
	if len(words) == 0 {
		return nil, nil
	}
	takes := map[string]int{"owner": 1, "reset-password": 2}[words[0]]
	switch {
	case takes == 0:
		return nil, fmt.Errorf("%q is neither a flag nor a command", words[0])
	case len(words) > takes:
		return nil, fmt.Errorf("%s does not take %q; a name of several words needs quotation marks", words[0], words[takes])
	case len(words) < takes:
		return nil, fmt.Errorf("%s needs the name of the user", words[0])
	case words[0] == "owner":
		return owner, nil
	}
	return resetPassword(words[1]), nil
}

// SetupPath returns the path of a setup link: its holder becomes the owner.
func SetupPath(secret string) string { return "/owner/" + secret }

func owner(ctx context.Context, app *chat.Chat) (string, error) {
	secret, err := app.Accounts.CreateSetupLink(ctx)
	if err == nil && secret == "" {
		err = errors.New("the workspace has an owner already")
	}
	return SetupPath(secret), err
}

func resetPassword(name string) Command {
	return func(ctx context.Context, app *chat.Chat) (string, error) {
		secret, err := app.Accounts.CreatePasswordResetFromServer(ctx, name)
		if refusal, ok := errors.AsType[*chat.Error](err); ok {
			err = errors.New(strings.TrimSuffix(refusal.Message, "."))
		}
		return "/reset/" + secret, err
	}
}
