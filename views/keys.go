package views

// KeyList is the list of keys.
type KeyList struct {
	Letters bool // single letters are keys for the user
	Saved   bool
}

// keyGroup is keys that work in one place.
type keyGroup struct {
	title  string
	letter bool // they can be switched off
	keys   []keyUse
}

// keyUse is what a key does. Of several combinations any does it.
type keyUse struct {
	keys []string // each a combination, of keys joined by +
	does string
}

// keyGroups are all keys that assets/js/keys.js knows, and those of the composer.
var keyGroups = []keyGroup{
	{"Everywhere", false, []keyUse{
		{[]string{"Ctrl+K"}, "Go to a channel, a person, a thread or a page"},
		{[]string{"Ctrl+G"}, "Search"},
		{[]string{"Ctrl+/"}, "Show this list"},
		{[]string{"Alt+↑", "Alt+↓"}, "Previous and next conversation"},
		{[]string{"Alt+Shift+↑", "Alt+Shift+↓"}, "Previous and next unread conversation"},
		{[]string{"Shift+Esc"}, "Mark everything as read"},
	}},
	{"In a conversation", false, []keyUse{
		{[]string{"Esc"}, "Mark the conversation as read, and leave the empty composer"},
		{[]string{"Ctrl+."}, "Open or close the pane with the thread"},
		{[]string{"↑"}, "In the empty composer: edit your last message"},
	}},
	{"With single keys", true, []keyUse{
		{[]string{"/"}, "Search"},
		{[]string{"J"}, "Next message"},
		{[]string{"K"}, "Previous message"},
	}},
	{"On the message that has the focus", true, []keyUse{
		{[]string{"E"}, "Edit"},
		{[]string{"R"}, "React"},
		{[]string{"T"}, "Reply in thread"},
		{[]string{"P"}, "Pin, or unpin"},
		{[]string{"S"}, "Save for later, or remove from saved"},
		{[]string{"U"}, "Mark unread from here"},
	}},
	{"On the message that has the focus, always", false, []keyUse{
		{[]string{"Delete"}, "Delete: asks first"},
	}},
}
