package views

import "chitchat/chat"

// Passkey asks the browser for a passkey.
type Passkey struct {
	Next     string
	Ceremony chat.Ceremony
}

// Passkeys is the settings page of the user's passkeys.
type Passkeys struct {
	Account  chat.Account
	List     []chat.Passkey
	Ceremony *chat.Ceremony // of the passkey being created; nil for none
	Possible bool           // browsers support passkeys for this host
	Fault
}
