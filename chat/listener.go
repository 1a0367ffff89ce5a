package chat

// Position is where a page stands when its socket opens.
type Position struct {
	Channel string // slug; empty on a page outside every channel
	Since   int64  // the channel's counter up to which the page shows everything
	Epoch   string
	Names   int64 // the counter of names up to which the page shows everyone's name
}

// Batch is what a listener's page has yet to hear, joined since the last Take. Empty fields mean: no news.
type Batch struct {
	Renew    *Page     // the page is too far behind to catch up: show this instead of all its rows
	Rows     []Row     // in the order of Rev; to be placed by id, sorted by Seq
	Names    []User    // people whose name has changed
	NamesRev int64     // the counter of names, when Names is set
	Channels []Listing // the whole list, when it has changed
	Unread   []Listing // channels whose unread count has changed
	Online   int       // people online, when it has changed; else 0
}
