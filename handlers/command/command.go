// Package command is what the program does for the person at the server, besides serving: it prints links that only
// that person can make.
package command

import (
	"context"
	"errors"
	"strings"

	"chitchat/chat"
)

// Command makes a link and returns its path. It works on the database, beside a Chit-Chat that is serving it.
type Command func(context.Context, *chat.Chat) (path string, err error)

// Usage tells the commands.
const Usage = `  owner                  prints a new link that makes its opener the owner, while there is none
  reset-password NAME    prints a link, for 10 minutes, by which NAME comes in with a new password
`

// Of takes a command off the arguments, if they begin with one, and returns what is left of them.
func Of(args []string) (do Command, rest []string) {
	switch {
	case len(args) > 0 && args[0] == "owner":
		return owner, args[1:]
	case len(args) > 1 && args[0] == "reset-password":
		return resetPassword(args[1]), args[2:]
	}
	return nil, args
}

// OwnerPath is where whoever has the secret of an owner link becomes the owner.
func OwnerPath(secret string) string { return "/owner/" + secret }

func owner(ctx context.Context, talk *chat.Chat) (string, error) {
	secret, err := talk.OwnerLink(ctx)
	if err == nil && secret == "" {
		err = errors.New("the place has an owner already")
	}
	return OwnerPath(secret), err
}

func resetPassword(name string) Command {
	return func(ctx context.Context, talk *chat.Chat) (string, error) {
		secret, err := talk.RecoverFromServer(ctx, name)
		if refusal, ok := errors.AsType[*chat.Error](err); ok {
			err = errors.New(strings.TrimSuffix(refusal.Message, "."))
		}
		return "/recover/" + secret, err
	}
}
