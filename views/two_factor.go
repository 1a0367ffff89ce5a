package views

import "chitchat/chat"

// TwoFactorSignIn asks for the second step of a sign-in.
type TwoFactorSignIn struct {
	Name, Next string
	Fault
	Code, Passkey bool // what will do
}

func twoFactorWords(f TwoFactorSignIn) string {
	switch {
	case f.Code && f.Passkey:
		return "Now a code, or a passkey."
	case f.Passkey:
		return "Now a passkey."
	default:
		return "Now a code."
	}
}

// TwoFactor is the page of settings on which the second step is turned on and off.
type TwoFactor struct {
	Account chat.Account
	Key     *Key     // that waits for its first code; nil when there is none
	Codes   []string // new recovery codes, shown once
	Fault
	Off bool // it was just turned off
}

// Key is what an authenticator app needs.
type Key struct {
	Secret string
	QR     QR
}
