package handlers

import (
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// offer is a page or a command that the switcher finds by its name.
type offer struct {
	name, path string
	may        chat.Permission // that it takes; "": everyone has it
}

// offers are what the switcher finds besides channels, people and threads. A new page needs a line here.
var offers = []offer{
	{"Unreads", unreadsPath, ""},
	{"Threads", "/threads", ""},
	{"Mentions and reactions", mentionsPath, ""},
	{"Drafts", "/drafts", ""},
	{"Saved", "/saved", ""},
	{"Files", "/files", ""},
	{"Search", "/search", ""},
	{"Browse channels", "/c", ""},
	{"Settings", "/me", ""},
	{"Arrange the sidebar", sidebarPath, ""},
	{"Profile and status", "/me/profile", ""},
	{"Password", "/me/password", ""},
	{"Two-factor authentication", "/me/two-factor", ""},
	{"Passkeys", "/me/passkeys", ""},
	{"Devices", "/me/sessions", ""},
	{"Sign in on another device", "/me/link", ""},
	{"Blocked people", "/me/blocks", ""},
	{"Theme and colours", "/me#colours", ""},
	{"Keyboard shortcuts", "/keys", ""},
	{"New channel", "/c#channel-name", chat.MayCreateChannels},
	{"New direct message", "/d", chat.MayWriteDirectly},
	{"People: administration", "/admin/people", chat.MayManagePeople},
	{"Sign out", "/signout", ""},
}

// offersFor returns the offers to someone of that role, and their names.
func offersFor(role chat.Role) (list []offer, names []string) {
	for _, o := range offers {
		if o.may == "" || role.May(o.may) {
			list, names = append(list, o), append(names, o.name)
		}
	}
	return list, names
}

// showSwitch shows where the user may want to go: by the letters of q, or without them what is new and where they were.
func (s channelHandlers) showSwitch(c *fiber.Ctx, a chat.Actor) error {
	list, names := offersFor(a.Role)
	w := views.Switcher{Query: strings.Clone(sanitizeEcho(c.Query("q")))}
	found, err := s.Chat.Channels.Switch(c.UserContext(), a, w.Query, names)
	if err != nil {
		return err
	}
	for _, d := range found {
		item := views.Destination{Destination: d}
		if d.Offer > 0 {
			item.Path = list[d.Offer-1].path
		}
		w.Found = append(w.Found, item)
	}
	return s.respond(c, a, fiber.StatusOK, views.SwitchFragment(w),
		func(l views.Layout) templ.Component { return views.SwitchPage(l, w) })
}
