package views

import "chitchat/chat"

// SidebarForms are the forms of the page that arranges the sidebar.
type SidebarForms struct {
	Name    string  // of the section to make, or of the one that was refused
	Section chat.ID // the section whose change was refused; 0: a new one
	Fault
	Saved bool
}

// maxPlaced is the maximum number of conversations that the form to arrange them has: each is a field.
const maxPlaced = 500

// sectionName returns what a section is called.
func sectionName(s chat.Section) string {
	switch s.ID {
	case chat.SectionFavourites:
		return "Favourites"
	case chat.SectionChannels:
		return "Channels"
	case chat.SectionDirect:
		return "Direct messages"
	}
	return s.Name
}

// foldVerb is what a click on a section's heading does: the field of the form around the sections.
func foldVerb(s chat.Section) string {
	if s.Folded {
		return "unfold"
	}
	return "fold"
}

// listClass is the class of a section's list. A brief list shows what is unread, and the open conversation.
func listClass(s *chat.Sidebar, of chat.Section) string {
	if s.HideRead || of.Folded {
		return "channels brief"
	}
	return "channels"
}

// listID is the id of a section's list; "": none.
func listID(s chat.Section) string {
	if s.ID == chat.SectionDirect {
		return "directs"
	}
	return ""
}

// sortLabels names the orders of a section.
var sortLabels = map[chat.Sort]string{
	chat.SortName: "By name", chat.SortActivity: "Latest first", chat.SortUnread: "Unread first",
}

// sectionURL is where a section is changed.
func sectionURL(s chat.Section) string { return "/sections/" + s.ID.String() }

// fits reports whether a conversation can stand in a section: the built-in ones are for one kind each.
func fits(l *chat.SidebarItem, s chat.Section) bool {
	direct := l.Kind == chat.Direct
	return s.ID == chat.SectionFavourites || s.Own() || direct == (s.ID == chat.SectionDirect)
}

// kindSection returns the section of a conversation that is in none of the reader's own.
func kindSection(ch chat.Channel) chat.Section {
	if ch.Kind == chat.Direct {
		return chat.Section{ID: chat.SectionDirect}
	}
	return chat.Section{ID: chat.SectionChannels}
}

// ownSections returns the sections that the reader has made.
func ownSections(s chat.Sidebar) (own []chat.Section) {
	for _, section := range s.Sections {
		if section.Own() {
			own = append(own, section)
		}
	}
	return own
}

// firstPlaced returns the conversations that the form to arrange them has.
func firstPlaced(s chat.Sidebar) chat.Sidebar {
	s.Channels = s.Channels[:min(len(s.Channels), maxPlaced)]
	return s
}

// above returns the section that one stands before once it has moved up.
func above(groups []chat.SectionItems, i int) chat.ID { return groups[i-1].ID }

// below returns the section that one stands before once it has moved down; 0: it is the last one.
func below(groups []chat.SectionItems, i int) chat.ID {
	if i+2 < len(groups) {
		return groups[i+2].ID
	}
	return 0
}
