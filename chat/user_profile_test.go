package chat

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProfile(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	said := Profile{User: User{Handle: " @Ada.L "}, Email: " ada@example.org ", Pronouns: "she",
		Title: " First \n programmer ", TimeZone: "Europe/London"}
	if err := c.Users.SetProfile(t.Context(), ada, said); err != nil {
		t.Fatal(err)
	}
	p, err := c.Users.Profile(t.Context(), ada, ada.ID)
	if err != nil || p.Handle != "ada.l" || p.Email != "ada@example.org" || p.Title != "First programmer" ||
		p.Name != "Ada" {
		t.Error(p, err)
	}
	if p, err := c.Users.Profile(t.Context(), bob, ada.ID); err != nil || p.Handle != "ada.l" || p.Email != "" {
		t.Error("an address is nobody else's to read:", p, err)
	}
	boss := bob
	boss.Role = RoleAdmin
	if p, err := c.Users.Profile(t.Context(), boss, ada.ID); err != nil || p.Email != "ada@example.org" {
		t.Error("but for those who manage people:", p, err)
	}
	for field, wrong := range map[string]Profile{
		"handle": {User: User{Handle: "ADA.L"}}, "title": {Title: strings.Repeat("x", 81)}, "zone": {TimeZone: "Nowhere"},
		"pronouns": {Pronouns: "\xff"},
	} {
		wantField(t, c.Users.SetProfile(t.Context(), bob, wrong), field)
	}
	wantField(t, c.Users.SetProfile(t.Context(), bob, Profile{TimeZone: "Local"}), "zone")
	for range 2 { // many users have no handle
		if err := c.Users.SetProfile(t.Context(), bob, Profile{}); err != nil {
			t.Error(err)
		}
	}
	_, err = c.Users.Profile(t.Context(), bob, NewID())
	wantCode(t, err, CodeNotFound)
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	if e, ok := err.(*Error); !ok || e.Code != CodeInvalid || e.Field != field { //nolint:errorlint // what a form looks at
		t.Errorf("%v, want a fault of %s", err, field)
	}
}

func TestHandles(t *testing.T) {
	for typed, want := range map[string]string{"": "", " @ ": "", "@Ada": "ada", "a-b_c.d": "a-b_c.d", "42": "42",
		strings.Repeat("x", 32): strings.Repeat("x", 32)} {
		if got, err := cleanHandle(typed); got != want || err != nil {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"a", "@@ada", ".a", "a.", "-a", "a_", "é-é", "аda", "a b", "ada\x00", "ad\u200ba",
		strings.Repeat("x", 33), "Everyone", "@here", "K\u212a"} {
		if got, err := cleanHandle(typed); err == nil {
			t.Errorf("%q is a handle: %q", typed, got)
		}
	}
}

func TestEmails(t *testing.T) {
	for _, good := range []string{"", "ada@example.org", "a.b+c@sub.example.org", "ada@localhost", "ädä@exämple.org"} {
		if got, err := cleanEmail(" " + good + "\n"); got != good || err != nil {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, wrong := range []string{"ada", "@", "ada@", "@example.org", "Ada <ada@example.org>",
		"ada@example.org, bob@example.org", "a b@example.org",
		"ada@example.org\x00", "ada\n@example.org", "ada\u202e@example.org", "\xff@example.org", strings.Repeat("x", 250) +
			"@a.at", `"a b"@example.org`} {
		if got, err := cleanEmail(wrong); err == nil {
			t.Errorf("%q is an address: %q", wrong, got)
		}
	}
}

// A name that another user takes brings nothing of its former user's profile along.
func TestLostNameLosesTheProfile(t *testing.T) {
	c := mustOpen(t, Options{})
	first := mustSignIn(t, c, "Ada")
	if err := c.Users.SetProfile(t.Context(), first,
		Profile{User: User{Handle: "ada"}, Email: "first@example.org"}); err != nil {
		t.Fatal(err)
	}
	picture := NewID()
	if _, err := c.Users.SetAvatar(t.Context(), first, picture, 500); err != nil {
		t.Fatal(err)
	}
	if err := c.Accounts.SignOut(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	second := mustSignIn(t, c, "Ada")
	if err := c.Users.SetProfile(t.Context(), second, Profile{User: User{Handle: "ada"}}); err != nil {
		t.Error("the handle is free:", err)
	}
	if known, err := c.Messages.KnownFiles(t.Context(), []ID{picture}); err != nil || known[picture] {
		t.Error("the picture is nobody's:", known, err)
	}
	if p, err := c.Users.Profile(t.Context(), second, second.ID); err != nil || p.Email != "" || p.Avatar != 0 {
		t.Error(p, err)
	}
}

// Whatever is typed, an accepted handle works after an @ in a text, and is the same when it is typed again.
func FuzzHandle(f *testing.F) {
	for _, seed := range []string{"", "@Ada", "a.b-c_d", "..", "\u212aa", "all", "a\x00b", "\xff\xff", "@@a",
		strings.Repeat("a", 200), "a@b", "ß", "İi"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		h, err := cleanHandle(typed)
		if err != nil {
			if ErrorCode(err) != CodeInvalid || h != "" {
				t.Errorf("%q: %q, %v", typed, h, err)
			}
			return
		}
		if again, err := cleanHandle("@" + strings.ToUpper(h)); again != h || err != nil {
			t.Errorf("%q became %q, and that %q: %v", typed, h, again, err)
		}
		if h == "" {
			return
		}
		if len(h) < 2 || len(h) > MaxNameLen || h != strings.ToLower(h) ||
			strings.Trim(h, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" ||
			strings.Trim(h, "._-") != h {
			t.Errorf("%q became %q", typed, h)
		}
	})
}

func TestAvatar(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	one, two := NewID(), NewID()
	if old, err := c.Users.SetAvatar(t.Context(), ada, one, 500); err != nil || old != 0 {
		t.Fatal(old, err)
	}
	if err := c.Users.Avatar(t.Context(), bob, ada.ID, one); err != nil {
		t.Error(err)
	}
	if known, err := c.Messages.KnownFiles(t.Context(), []ID{one, two, 0}); err != nil || !known[one] || len(known) != 1 {
		t.Error(known, err)
	}
	if old, err := c.Users.SetAvatar(t.Context(), ada, two, 500); err != nil || old != one {
		t.Error(old, err)
	}
	for _, wrong := range [][2]ID{{ada.ID, one}, {bob.ID, 0}, {bob.ID, two}, {NewID(), two}} {
		wantCode(t, c.Users.Avatar(t.Context(), bob, wrong[0], wrong[1]), CodeNotFound)
	}
	stranger := mustSignIn(t, c, "Gus")
	stranger.Role = RoleGuest
	if err := c.Users.Avatar(t.Context(), stranger, ada.ID, two); err != nil {
		t.Error("both are in General Talk:", err)
	}
	if err := c.Channels.Leave(t.Context(), stranger, "general-talk"); err == nil {
		t.Error("General Talk was left")
	}
	for range 2 {
		if _, err := c.Users.RemoveAvatar(t.Context(), ada); err != nil {
			t.Error(err)
		}
	}
	wantCode(t, c.Users.Avatar(t.Context(), bob, ada.ID, two), CodeNotFound)
}

// A change of status, picture or handle reaches open pages as a change of the name does, and the rows of later readers;
// rooms that show none of the changed users stay warm.
func TestProfilesAreLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock()
		c := mustOpen(t, Options{Now: clock.now})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		side, err := c.Channels.Create(t.Context(), bob, "Side", Public)
		if err != nil {
			t.Fatal(err)
		}
		mustPost(t, c, ada, "from Ada")
		if _, _, err := c.Messages.Post(t.Context(), bob, side.Slug, Draft{Body: "from Bob"}); err != nil {
			t.Fatal(err)
		}
		for _, slug := range []string{"general-talk", side.Slug} {
			if _, err := c.Messages.View(t.Context(), bob, slug); err != nil {
				t.Fatal(err)
			}
		}
		l := mustListen(t, c, bob, Cursor{ProfileRev: c.Users.ProfileRev()})
		changes := []func() error{
			func() error { return c.Users.SetProfile(t.Context(), ada, Profile{User: User{Handle: "ada"}}) },
			func() error { _, err := c.Users.SetAvatar(t.Context(), ada, 77, 500); return err },
			func() error {
				return c.Users.SetStatus(t.Context(), ada, Status{Emoji: "🍲", Text: "At lunch", Until: clock.now().Add(time.Hour)})
			},
		}
		want := User{ID: ada.ID, Name: "Ada", CreatedAt: ada.CreatedAt}
		for i, change := range changes {
			if err := change(); err != nil {
				t.Fatal(err)
			}
			switch i {
			case 0:
				want.Handle = "ada"
			case 1:
				want.Avatar = 77
			case 2:
				want.Status = Status{"🍲", "At lunch", c.now().Add(time.Hour)}
			}
			b := takeUntil(t, l, func(b Update) bool { return len(b.Profiles) > 0 })
			if len(b.Profiles) != 1 || b.Profiles[0] != want {
				t.Errorf("change %d: %+v, want %+v", i, b.Profiles, want)
			}
		}
		before := c.Stats()
		if _, err := c.Messages.View(t.Context(), bob, side.Slug); err != nil ||
			c.Stats().RowsRendered != before.RowsRendered {
			t.Error("a channel where Ada said nothing was rendered anew:", err)
		}
		if _, err := c.Messages.View(t.Context(), bob, "general-talk"); err != nil ||
			c.Stats().RowsRendered == before.RowsRendered {
			t.Error("the channel where she did was not:", err)
		}
		if m, err := c.Messages.Get(t.Context(), bob, "general-talk", 1); err != nil || m.Author != want {
			t.Errorf("%+v, %v", m.Author, err)
		}

		clock.advance(time.Hour)
		b := takeUntil(t, l, func(b Update) bool { return len(b.Profiles) > 0 }) // in an update of its own
		if len(b.Profiles) != 1 || !b.Profiles[0].Status.None() {
			t.Errorf("the status is over, and %+v is told", b.Profiles)
		}
		if p, err := c.Users.Profile(t.Context(), bob, ada.ID); err != nil || p.Status != (Status{}) {
			t.Error(p, err)
		}
	})
}

func TestStatus(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada := mustSignIn(t, c, "Ada")
	for _, good := range []string{"🍲", "❤️", "👨‍👩‍👧‍👦", "🇦🇹", "👍🏽", "✈️", "🏳️‍🌈", "⏰", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", ""} {
		if err := c.Users.SetStatus(t.Context(), ada, Status{Emoji: " " + good, Text: "x"}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, wrong := range []string{"admin", "🍲🍲", "a", "🇦", "🇦🇹🇦🇹", "\u200d", "🍲\u200d", "\ufe0f🍲", "<b>", "1", "\xff",
		strings.Repeat("🍲\u200d", 40) + "🍲"} {
		wantField(t, c.Users.SetStatus(t.Context(), ada, Status{Emoji: wrong}), "emoji")
	}
	wantField(t, c.Users.SetStatus(t.Context(), ada, Status{Text: strings.Repeat("x", 81)}), "status")
	wantField(t, c.Users.SetStatus(t.Context(), ada, Status{Text: "x", Until: clock.now()}), "until")
	if p, err := c.Users.Profile(t.Context(), ada, ada.ID); err != nil ||
		p.Status != (Status{Emoji: DefaultStatusEmoji, Text: "x"}) {
		t.Error(p.Status, err)
	}
	if err := c.Users.SetStatus(t.Context(), ada, Status{Until: clock.now().Add(time.Hour)}); err != nil {
		t.Error(err)
	}
	if p, err := c.Users.Profile(t.Context(), ada, ada.ID); err != nil || p.Status != (Status{}) {
		t.Error("a status of nothing:", p.Status, err)
	}
}
