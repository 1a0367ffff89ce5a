package views

import "chitchat/chat"

// TwoFactorSignIn asks for two-factor authentication at sign-in.
type TwoFactorSignIn struct {
	Name, Next string
	Fault
	Code, Passkey bool // accepted methods
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

// TwoFactor is the settings page of two-factor authentication.
type TwoFactor struct {
	Account chat.Account
	Key     *Key     // a key that awaits its first code; nil: none
	Codes   []string // new recovery codes, shown once
	Fault
	Off bool // it was just turned off
}

// Key is the secret for an authenticator app.
type Key struct {
	Secret string
	QR     QR
}
