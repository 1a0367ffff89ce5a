// Package command is what the program does for whoever runs the server, besides serving: it prints links that only
// they can make.
package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chitchat/chat"
)

// Command makes a link and returns its path. It works on the database, beside a Chit-Chat that is serving it.
type Command func(context.Context, *chat.Chat) (path string, err error)

// Usage tells the commands.
const Usage = `  owner                  prints a new setup link: it makes its opener the owner, while there is none
  reset-password NAME    prints a link for a password reset: for 10 minutes, NAME signs in by it with a new password
  They take the flags of the Chit-Chat that serves: --data, and --url or --addr, with which the link begins.
`

// Parse returns the command that the words of the command line name, flags left out; nil when there are none. The error
// is a sentence about words that name no command, or not all that it needs.
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

// SetupPath is where whoever has the secret of a setup link becomes the owner.
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
		return "/recover/" + secret, err
	}
}
