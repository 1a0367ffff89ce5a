package views

import "chitchat/chat"

// placeName is what the place is called, at the head of its pages.
func placeName(p chat.Workspace) string {
	if p.Name == "" {
		return "Chit-Chat"
	}
	return p.Name
}

// OwnerForm is the page on which somebody becomes the owner.
type OwnerForm struct {
	Place        chat.Workspace
	Name         string
	Form         string // see SignIn
	Field, Error string // what is wrong, and with which field
}

// PlaceForm is the form of the place's settings.
type PlaceForm struct {
	Place        chat.Workspace
	Fixed        bool // who may come in was said when the program was started
	Field, Error string
	Saved        bool
}
