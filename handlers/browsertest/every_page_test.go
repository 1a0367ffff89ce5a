package browsertest

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// TestEveryPage visits the pages around the conversation, each as a user whom it concerns and with content: see Looks
// for the checks.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	app := Start(t)
	look := func(tab *Tab, what, path string) {
		tab.t.Helper()
		tab.Open(path)
		tab.Looks(what)
	}
	look(app.User("Visitor").Tab(), "setup link", app.setupLink())

	owner := app.owned("Ada Lovelace", "open")
	bob, cem, dora := app.Client("Bob"), app.Client("Cem Ö. Yıldırım"), app.Client("Dora")
	gus := app.Client("Gustav von und zu Hohenstein")
	owner.Form("/admin/people/"+bob.ID()+"/role", form("role", "admin"))
	owner.Form("/admin/people/"+gus.ID()+"/role", form("role", "guest"))

	for _, name := range []string{"Launch", "Old plans", "News"} {
		cem.Form("/c", form("name", name))
	}
	board := cem.Form("/c", form("name", "Board of the trail association", "private", "1"))
	cem.Form(board+"/members", form("name", "Dora"))
	cem.Form(board+"/members", form("name", "Gustav von und zu Hohenstein"))
	cem.Form(board+"/settings", form("name", "Board of the trail association", "private", "1",
		"topic", "The budget of next year, and who carries the signs up to the hut", "description", "For the five who were "+
			"elected.\nMinutes are kept here."))
	cem.Post("old-plans", "We will build it out of wood.")
	cem.Form("/c/old-plans/archive", nil)
	dora.Form("/c/launch/join", nil)
	cem.Form("/c/launch/settings",
		form("name", "Launch", "topic", "Friday, 9 o'clock", "description", "What is left to do."))
	cem.Post("news", "The hut opens on the first of May.")
	cem.Form("/c/news/settings", form("name", "News", "announce", "1", "topic", "What everyone should know"))
	direct := cem.Form("/d", form("with", dora.ID()))
	dora.Form(direct+"/messages", form("body", "Do you have a minute?", "client_id", "d-1"))
	cem.Form(direct+"/messages", form("body", "Always. What is it?", "client_id", "c-1"))
	group := cem.Form("/d", form("with", dora.ID(), "with", bob.ID()))
	dora.Form(group+"/messages", form("body", "All three of us", "client_id", "d-2"))
	bob.Post(general, "Good morning!")
	dora.Form(direct+"/messages", form("body", "Where is the key?", "client_id", "d-3", "thread", "2"))
	dora.Form("/c/"+general+"/messages", form("body", "And to you!", "client_id", "d-4", "thread", "1", "also", "1"))
	cem.Form("/c/"+general+"/messages", form("body", "Is it?", "client_id", "c-5", "thread", "1"))
	cem.Form("/c/"+general+"/1/save", nil)
	cem.Form("/c/"+general+"/1/pin", nil)
	cem.Form(direct+"/1/save", nil)
	cem.Form("/c/news/1/save", form("done", "1"))
	cem.Form("/me/blocks", form("name", "Bob"))
	cem.Form(direct+"/draft", form("body", "One more thing, if I may:\n\n* the key\n* the map", "client_id", "c-2"))
	cem.Form(board+"/draft", form("body", strings.Repeat("The budget in words, which are many. ", 40), "client_id", "c-3"))
	cem.Form("/c/news/draft", form("body", "The hut", "client_id", "c-4"))
	dora.Form("/me/profile",
		form("handle", "dora", "pronouns", "she/her", "title", "Keeper of the hut", "zone", "Europe/Vienna"))
	dora.Form("/me/status", form("emoji", "🌲", "status", "Up in the woods", "until", "60"))
	owner.Form("/admin/bans",
		form("name", "Dora", "channel", "launch", "days", "3", "reason", "Posted the same picture forty times"))
	app.Client("Spammer 3000")
	owner.Form("/admin/bans", form("name", "Spammer 3000", "reason", "Spam"))
	cem.Form("/me/password", form("password", goodPassword))
	app.client().Form("/signin", form("name", "Cem Ö. Yıldırım", "password", goodPassword)) // another device
	invitation := found(t, owner.Show("/admin/invitations",
		form("role", "member", "days", "7", "uses", "5", "channel", "launch", "channel", "news")), `(/i/[A-Z2-7]+)`)
	owner.Show("/admin/invitations", form("role", "guest", "days", "1", "uses", "0", "channel", "launch"))
	reset := found(t, owner.Show("/admin/reset-access", form("name", "Dora")), `(/reset/[A-Z2-7]+)`)
	deviceLink := found(t, bob.Show("/me/link", nil), `(/link/[A-Z2-7]+)`)

	// Each of these has users of its own, and changes nothing that another one views.
	apart := func(name string, do func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			do(t)
		})
	}
	apart("nobody yet", func(t *testing.T) {
		visitor := app.For(t).User("Visitor").Tab()
		look(visitor, "sign-in", "/signin")
		visitor.User.ExpectStatus("404")
		look(visitor, "device link", deviceLink)
		look(visitor, "password reset link", reset)
		look(visitor, "invitation", invitation)
		look(visitor, "a link that is over", "/i/"+"AAAAAAAAAAAAAAAAAAAAAAAAAA")
	})
	apart("a member", func(t *testing.T) {
		app := app.For(t)
		member := cem.For(t).Tab("Cem")
		member.User.ExpectStatus("40[34]")
		for _, page := range [][2]string{
			{"settings", "/me"}, {"password", "/me/password"}, {"devices", "/me/sessions"},
			{"two-factor authentication", "/me/two-factor"},
			{"passkeys", "/me/passkeys"}, {"device link", "/me/link"}, {"own profile", "/me/profile"},
			{"profile", "/u/" + dora.ID()},
			{"drafts", "/drafts"}, {"a channel with a draft", "/c/news"},
			{"blocks", "/me/blocks"}, {"sign-out", "/signout"},
			{"new message", "/d"}, {"channel browser", "/c"}, {"archived channels", "/c?archived=1"},
			{"nothing found", "/c?q=zzz"}, {"unreads", "/unreads"}, {"saved messages", "/saved"},
			{"done messages", "/saved?done=1"}, {"a search", "/search?q=a"}, {"a search in vain", "/search?q=from:me+zzz"},
			{"channels that were found", "/search?type=channels&q=a"}, {"people who were found", "/search?type=people&q=a"},
			{"the way to anywhere", "/switch"}, {"keys", "/keys"},
			{"mentions and reactions", "/mentions"}, {"files", "/files"}, {"files of a channel", "/c/" + general + "/files"},
			{"pins", "/c/" + general + "/pins"}, {"a calendar", "/c/" + general + "/days"},
			{"threads", "/threads"}, {"a thread", "/c/" + general + "/1/thread"},
			{"a thread of a direct conversation", direct + "/2/thread"},
			{"actions of a message", "/c/" + general + "/1/actions"}, {"forwarding", "/c/" + general + "/1/forward"},
			{"people of a channel", board + "/members"}, {"settings of a channel", board + "/settings"},
			{"deleting a channel", "/c/launch/delete"}, {"private channel", board},
			{"direct conversation", direct}, {"people of a direct conversation", direct + "/members"},
			{"settings of a direct conversation", direct + "/settings"},
			{"group conversation", group}, {"archived channel", "/c/old-plans"},
			{"settings of an archived channel", "/c/old-plans/settings"},
			{"announcements of one's own", "/c/news"},
			{"not found", "/nowhere"}, {"not allowed", "/c/" + general + "/1/edit"},
		} {
			look(member, page[0], page[1])
		}
		app.Step("a link that was just made", func() {
			member.Open("/me/link")
			member.Click("button >> Make a link")
			member.Wait("there is a code to scan", find("svg.qr"))
			member.Looks("device link just made")
		})
		app.Step("two-factor authentication", func() {
			member.Open("/me/two-factor")
			member.Fill("input[name=current]", goodPassword)
			member.Press("Enter")
			member.Wait("there is a key to scan", find("svg.qr"))
			member.Looks("two-factor authentication to be set up")
			code, err := totp.GenerateCode(member.Text(".secret"), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			member.Fill("#code", code)
			member.Press("Enter")
			member.Wait("there are recovery codes", find(".codes li"))
			member.Looks("recovery codes")
			look(member, "two-factor authentication on", "/me/two-factor")
			visitor := app.User("Visitor").Tab()
			visitor.Open("/signin")
			visitor.Fill("input[name=name]", "Cem Ö. Yıldırım")
			visitor.Fill("input[name=password]", goodPassword)
			visitor.Press("Enter")
			visitor.At("/signin/two-factor")
			visitor.Looks("two-factor authentication at sign-in")
		})
	})
	apart("announcements, to those who do not make them", func(t *testing.T) {
		look(dora.For(t).Tab("Dora"), "announcements", "/c/news")
	})
	apart("a guest", func(t *testing.T) {
		tab := gus.For(t).Tab("Gus")
		look(tab, "channel browser of a guest", "/c")
		look(tab, "channel of a guest", board)
	})
	apart("the owner", func(t *testing.T) {
		owner := owner.For(t)
		boss := owner.Tab("Ada")
		dora.For(t).Form("/c/"+general+"/1/report", form("reason", "He says it every day"))
		look(boss, "admin reports", "/admin/reports")
		owner.Form(owner.find("/admin/reports", `action="(/admin/reports/\w+/close)"`), nil)
		look(boss, "admin reports closed", "/admin/reports/closed")
		for _, page := range [][2]string{
			{"settings of the owner", "/me"}, {"admin people", "/admin/people"}, {"admin roles", "/admin/roles"},
			{"admin invitations", "/admin/invitations"}, {"admin bans", "/admin/bans"}, {"admin audit", "/admin/audit"},
			{"admin channels", "/admin/channels"}, {"admin devices", "/admin/sessions"}, {"admin storage", "/admin/storage"},
			{"admin settings", "/admin/settings"}, {"admin emoji", "/admin/emoji"},
			{"admin reset access", "/admin/reset-access"},
			{"admin storage by person", "/admin/storage/people"},
			{"admin devices not found", "/admin/sessions?q=zzz"},
			{"deleting a channel of the table", "/c/news/delete?back=%2Fadmin%2Fchannels"},
			{"devices of the owner", "/me/sessions"},
		} {
			look(boss, page[0], page[1])
		}
	})
	apart("too often", func(t *testing.T) {
		small := Start(t, "--limit-signins", "1")
		tab := small.User("Hasty").Tab()
		tab.User.ExpectStatus("4(04|29)")
		for tries := 0; !strings.Contains(tab.Text("main"), "too often"); tries++ {
			if tries == 6 { // two of them are in the same minute, however slow the machine is
				t.Fatal("it does not say so")
			}
			tab.Open("/i/AAAAAAAAAAAAAAAAAAAAAAAAAA")
		}
		tab.Looks("too often")
	})
}
