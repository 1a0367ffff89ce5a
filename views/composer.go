package views

// id returns the id of an element of the form: a page may have another one, for a thread.
func (c Composer) id(name string) string {
	if c.Thread != 0 {
		return "thread-" + name
	}
	return name
}

func (c Composer) label() string {
	if c.Thread != 0 {
		return "Reply in thread"
	}
	return "Message to " + c.ChannelName
}

func (c Composer) placeholder() string {
	if c.Thread != 0 {
		return "Reply…"
	}
	return "Message " + c.Sign + c.ChannelName
}
