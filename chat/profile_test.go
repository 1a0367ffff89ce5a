package chat

import (
	"strings"
	"testing"
	"time"
)

func TestProfile(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	if err := c.SetProfile(t.Context(), ada, Profile{Handle: " @Ada.L ", StatusText: "Away", StatusUntil: clock.now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if p, err := c.Profile(t.Context(), bob, ada.ID); err != nil || p.Handle != "ada.l" || p.StatusText != "Away" || p.Name != "Ada" {
		t.Error(p, err)
	}
	clock.advance(time.Hour)
	if p, err := c.Profile(t.Context(), bob, ada.ID); err != nil || p.StatusText != "" || !p.StatusUntil.IsZero() {
		t.Error("the status is over:", p, err)
	}
	for _, wrong := range []Profile{{Handle: "ADA.L"}, {Handle: "é-é"}, {Title: strings.Repeat("x", 81)}, {TimeZone: "Nowhere"}, {Pronouns: "\xff"}} {
		wantCode(t, c.SetProfile(t.Context(), bob, wrong), CodeInvalid)
	}
	for range 2 { // many have no handle
		if err := c.SetProfile(t.Context(), bob, Profile{}); err != nil {
			t.Error(err)
		}
	}
	_, err := c.Profile(t.Context(), bob, NewID())
	wantCode(t, err, CodeNotFound)
}
