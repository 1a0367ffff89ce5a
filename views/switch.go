package views

import "chitchat/chat"

// Switcher is the way to anywhere by some letters of its name.
type Switcher struct {
	Query string
	Found []Destination
}

// Destination is where it leads.
type Destination struct {
	chat.Destination
	Path string // of a page that is no conversation
}

func (d Destination) url() string {
	switch {
	case d.Path != "":
		return d.Path
	case d.Thread != 0:
		return threadURL(d.Channel.Slug, d.Thread)
	}
	return channelURL(d.Channel.Slug)
}

// told is what is said of the number of results.
func (w Switcher) told() string {
	switch {
	case len(w.Found) > 0 && w.Query == "":
		return "What is new, and where you were"
	case len(w.Found) > 0:
		return count(int64(len(w.Found)), "result", "results")
	case w.Query == "":
		return "Nothing is new."
	}
	return "Nothing that you see has these letters in its name."
}
