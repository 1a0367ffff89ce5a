package chat

import "testing"

func TestNamed(t *testing.T) {
	c := mustOpen(t, Options{})
	reader := mustSignIn(t, c, "Reader")
	for _, name := range []string{"Ada", "Ada Lovelace", "Zoë", "東京", "Gone"} {
		a := mustSignIn(t, c, name)
		if name == "Ada" {
			must(t, c.Users.SetProfile(t.Context(), a, Profile{User: User{Handle: "a.l"}}))
		}
	}
	mustExec(t, c, `UPDATE users SET deactivated_at = 1 WHERE name = 'Gone'`)
	for _, tt := range []struct{ text, name, rest string }{
		{"@Ada", "Ada", ""},
		{"ada, hello", "Ada", ", hello"},
		{"@Ada Lovelace  two words", "Ada Lovelace", "two words"},
		{"@ADA lovelace", "Ada Lovelace", ""},
		{"@Ada Byron", "Ada", "Byron"},
		{"@a.l: at your desk?", "Ada", ": at your desk?"},
		{"＠Zoë hi", "Zoë", "hi"},
		{"@Zoe\u0308 hi", "Zoë", "hi"},
		{"@東京こんにちは", "東京", "こんにちは"},
		{"@Ada\n@Zoë", "Ada", "@Zoë"},
	} {
		user, rest, err := c.Users.Named(t.Context(), reader, tt.text)
		if err != nil || user.Name != tt.name || rest != tt.rest {
			t.Errorf("%q names %q, and %q is left: %v", tt.text, user.Name, rest, err)
		}
	}
	for _, text := range []string{"", "@", "@Adam", "@Gone", "@channel", "@all", "\xff", "@\x00"} {
		if user, _, err := c.Users.Named(t.Context(), reader, text); ErrorCode(err) != CodeInvalid {
			t.Errorf("%q names %q: %v", text, user.Name, err)
		}
	}
	t.Run("guests find whom they share a channel with", func(t *testing.T) {
		ch := mustChannel(t, c, reader, "With a guest", Private)
		guest := mustSignIn(t, c, "Guest")
		mustExec(t, c, `UPDATE users SET role = 'guest' WHERE id = $1`, guest.ID)
		mustExec(t, c, `DELETE FROM memberships WHERE user_id = $1`, guest.ID)
		guest.Role = RoleGuest
		_, err := c.Channels.AddMember(t.Context(), reader, ch.Slug, "Guest")
		must(t, err)
		if user, _, err := c.Users.Named(t.Context(), guest, "@Ada Lovelace"); err == nil {
			t.Errorf("a guest finds %q", user.Name)
		}
		_, err = c.Channels.AddMember(t.Context(), reader, ch.Slug, "Ada")
		must(t, err)
		user, rest, err := c.Users.Named(t.Context(), guest, "@Ada Lovelace")
		if err != nil || user.Name != "Ada" || rest != "Lovelace" {
			t.Errorf("a guest finds %q, and %q is left: %v", user.Name, rest, err)
		}
	})
}

func TestNamedChannels(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	open := mustChannel(t, c, ada, "Tea & Cake", Public)
	secret := mustChannel(t, c, ada, "Surprise", Private)
	mustChannel(t, c, ada, "Tea & Cake", Private)
	old := mustChannel(t, c, ada, "Old", Public)
	_, err := c.Channels.Archive(t.Context(), ada, old.Slug)
	must(t, err)
	oldest := mustChannel(t, c, ada, "Old", Private)

	for _, tt := range []struct {
		who  Actor
		name string
		want ID
	}{
		{ada, "#Tea & Cake", open.ID}, {bob, "tea & cake", open.ID}, {bob, " #tea-cake ", open.ID},
		{ada, "#surprise", secret.ID}, {ada, "Old", oldest.ID}, {bob, "Old", old.ID},
		{bob, "#surprise", 0}, {bob, secret.Slug, 0}, {bob, "none", 0}, {bob, "", 0}, {bob, "#", 0},
	} {
		ch, err := c.Channels.Named(t.Context(), tt.who, tt.name)
		if ch.ID != tt.want || (err == nil) != (tt.want != 0) || err != nil && ErrorCode(err) != CodeNotFound {
			t.Errorf("%s names %q by %q: %v", tt.who.Name, ch.Slug, tt.name, err)
		}
	}
}

// A change of one setting leaves the others as they are now, not as they were when the user began.
func TestSetTopicAndRename(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, ada, "Kitchen", Public)
	all := ChannelSettings{Name: "Kitchen", Topic: "cake", Description: "for cooks", Private: true, Announce: true,
		SlowSeconds: 30}
	_, err := c.Channels.Update(t.Context(), ada, ch.Slug, all)
	must(t, err)
	_, err = c.Channels.SetTopic(t.Context(), ada, ch.Slug, " tea\n")
	must(t, err)
	now, err := c.Channels.Rename(t.Context(), ada, ch.Slug, "Pantry")
	must(t, err)
	got := ChannelSettings{Name: now.Name, Topic: now.Topic, Description: now.Description, Private: now.Kind == Private,
		Announce: now.Announce, SlowSeconds: now.SlowSeconds}
	all.Name, all.Topic = "Pantry", "tea"
	if got != all {
		t.Errorf("the settings are %+v", got)
	}
	_, err = c.Channels.AddMember(t.Context(), ada, now.Slug, "Bob")
	must(t, err)
	if _, err = c.Channels.SetTopic(t.Context(), bob, now.Slug, "mine"); ErrorCode(err) != CodeForbidden {
		t.Error(err)
	}
	_, err = c.Channels.Archive(t.Context(), ada, now.Slug)
	must(t, err)
	if _, err = c.Channels.Rename(t.Context(), ada, now.Slug, "Cellar"); ErrorCode(err) != CodeForbidden {
		t.Error(err)
	}
}
