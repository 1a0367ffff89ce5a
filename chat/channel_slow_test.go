package chat

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSlowMode(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	ch := mustChannel(t, c, ada, "Slow", Public)
	settings := ChannelSettings{Name: "Slow", SlowSeconds: 30}
	_, err := c.Channels.Update(t.Context(), ada, ch.Slug, ChannelSettings{Name: "Slow", SlowSeconds: 31})
	wantCode(t, err, CodeInvalid)
	_, err = c.Channels.Update(t.Context(), bob, ch.Slug, settings)
	wantCode(t, err, CodeForbidden)
	_, err = c.Channels.Update(t.Context(), ada, ch.Slug, settings)
	must(t, err)
	post := func(a Actor, client string) (Row, bool, error) {
		return c.Messages.Post(t.Context(), a, ch.Slug, Draft{Body: "words", ClientID: client})
	}
	if p, err := c.Messages.Peek(t.Context(), bob, ch.Slug); err != nil || p.Access.PostDelay() != 30*time.Second {
		t.Error("a member is not told:", p.Access.PostDelay(), err)
	}
	if p, err := c.Messages.Peek(t.Context(), ada, ch.Slug); err != nil || p.Access.PostDelay() != 0 {
		t.Error("its owner waits:", p.Access.PostDelay(), err)
	}

	first, _, err := post(bob, "one")
	must(t, err)
	_, _, err = post(bob, "two")
	refusal, ok := errors.AsType[*Error](err)
	if !ok || refusal.Code != CodeTooOften || refusal.Wait != 30*time.Second ||
		!strings.Contains(refusal.Message, "every 30 seconds") {
		t.Fatalf("%v", err)
	}
	clock.advance(29 * time.Second)
	again, fresh, err := post(bob, "one") // the same message is no second one
	if err != nil || fresh || again.Seq != first.Seq {
		t.Error("a retry is refused:", again.Seq, fresh, err)
	}
	_, _, err = post(bob, "two")
	if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Wait != time.Second {
		t.Error(err)
	}
	clock.advance(time.Second)
	_, _, err = post(bob, "two") // it was not posted when it was refused
	must(t, err)
	for _, a := range []Actor{ada, admin} {
		for range 2 {
			_, _, err := post(a, "")
			must(t, err)
		}
	}
	mustPost(t, c, bob, "elsewhere one does not wait")

	clock.advance(time.Minute)
	posted := make(chan error, 20)
	var wg sync.WaitGroup
	for range cap(posted) {
		wg.Go(func() {
			_, _, err := c.Messages.Post(context.Background(), bob, ch.Slug, Draft{Body: "at once"})
			posted <- err
		})
	}
	wg.Wait()
	close(posted)
	through := 0
	for err := range posted {
		if err == nil {
			through++
		} else {
			wantCode(t, err, CodeTooOften)
		}
	}
	if through != 1 {
		t.Errorf("%d of 20 at once came through", through)
	}
	settings.SlowSeconds = 0
	_, err = c.Channels.Update(t.Context(), ada, ch.Slug, settings)
	must(t, err)
	for range 2 {
		_, _, err := post(bob, "")
		must(t, err)
	}
}

// After a clock is set back by hours, nobody must wait for hours.
func TestSlowModeWhenTheClockGoesBack(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, ada, "Slow", Public)
	_, err := c.Channels.Update(t.Context(), ada, ch.Slug, ChannelSettings{Name: "Slow", SlowSeconds: 30})
	must(t, err)
	post := func() error {
		_, _, err := c.Messages.Post(t.Context(), bob, ch.Slug, Draft{Body: "words"})
		return err
	}
	must(t, post())
	clock.advance(-5 * time.Hour)
	must(t, post())
	wantCode(t, post(), CodeTooOften)
	clock.advance(30 * time.Second)
	must(t, post())
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1 second", 1500 * time.Millisecond: "2 seconds", 59 * time.Second: "59 seconds",
		time.Minute:      "1 minute",
		61 * time.Second: "61 seconds", 119 * time.Second: "119 seconds", 2 * time.Minute: "2 minutes",
		121 * time.Second: "3 minutes", time.Hour: "60 minutes",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := FormatInterval(time.Hour) + FormatInterval(time.Minute) +
		FormatInterval(10*time.Second); got != "every hourevery minuteevery 10 seconds" {
		t.Error(got)
	}
}
