package chat

import (
	"errors"
	"testing"
)

// No public channel can pass for another active one, however it gets its name.
func TestChannelsThatLookAlike(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	plans := mustChannel(t, c, ada, "Pills", Public)
	refused := func(what string, err error, looks, like Channel) {
		t.Helper()
		want := "“" + looks.Name + "” looks too much like “" + like.Name +
			"”, a channel that is there already. Please choose another name."
		if e, ok := errors.AsType[*Error](err); !ok || e.Field != "name" || e.Message != want || e.Channel != like.Slug {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	twin := Channel{Name: "PiIls"}
	_, err := c.Channels.Create(t.Context(), bob, twin.Name, Public)
	refused("made", err, twin, plans)
	_, err = c.Channels.Create(t.Context(), bob, "General TaIk", Public)
	wantFault(t, err, "name", "General TaIk")
	side := mustChannel(t, c, bob, "Side", Public)
	_, err = c.Channels.Update(t.Context(), bob, side.Slug, ChannelSettings{Name: twin.Name})
	refused("renamed", err, twin, plans)

	// A private channel's name conflicts with none: it is never revealed.
	hidden := mustChannel(t, c, bob, twin.Name, Private)
	_, err = c.Channels.Update(t.Context(), bob, hidden.Slug, ChannelSettings{Name: twin.Name})
	refused("made public", err, twin, plans)
	mustChannel(t, c, bob, "Secret hill", Private)
	secret := mustChannel(t, c, ada, "Secret hiIl", Public)
	mustChannel(t, c, ada, "Secret hill ", Private)
	if _, err := c.Channels.Update(t.Context(), ada, secret.Slug,
		ChannelSettings{Name: secret.Name, Private: true}); err != nil {
		t.Error(err)
	}
	mustChannel(t, c, ada, "Secret hill", Public) // its likeness is free again

	// An archived channel blocks no name, and can be restored when it passes for no other.
	_, err = c.Channels.Archive(t.Context(), ada, plans.Slug)
	must(t, err)
	later := mustChannel(t, c, bob, twin.Name, Public)
	_, err = c.Channels.Restore(t.Context(), ada, plans.Slug)
	wantFault(t, err, "name", "restored")
	if got, err := c.Channels.Get(t.Context(), ada, plans.Slug); err != nil || !got.Archived() {
		t.Error("it did not stay archived:", err)
	}
	_, err = c.Channels.Delete(t.Context(), bob, later.Slug)
	must(t, err)
	if _, err = c.Channels.Restore(t.Context(), ada, plans.Slug); err != nil {
		t.Error("the other is gone:", err)
	}
	if _, err := c.Channels.Update(t.Context(), ada, plans.Slug, ChannelSettings{Name: "PILLS"}); err != nil {
		t.Error("its own name in other letters:", err)
	}
}
