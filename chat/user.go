package chat

import "time"

// User is a person with a name.
//
//   - Name is 1 to MaxNameLen characters, and unique by its key: see NameKey.
//   - The name is the user's while they have a session or have ever posted; else the next who asks gets it.
type User struct {
	ID        ID
	Name      string
	CreatedAt time.Time
}

// Actor is who asks: the user, and the session by which they ask. Every verb takes one.
type Actor struct {
	User
	Session ID
}
