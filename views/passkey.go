package views

import "chitchat/chat"

// Passkey asks the browser for a passkey.
type Passkey struct {
	Next     string
	Ceremony chat.Ceremony
}

// Passkeys is the page of settings with one's passkeys.
type Passkeys struct {
	Account  chat.Account
	List     []chat.Passkey
	Ceremony *chat.Ceremony // a passkey is being made; nil when none is
	Possible bool           // browsers have passkeys for this address
	Fault
}
