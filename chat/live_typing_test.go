package chat

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// typingPage is a page that records what it is told of who types.
type typingPage struct {
	*fakeSubscriber
	t testing.TB
}

func mustTypingPage(t testing.TB, c *Chat, a Actor, slug string) typingPage {
	t.Helper()
	p := typingPage{mustListen(t, c, a, Cursor{Channel: slug}), t}
	p.told()
	return p
}

// told returns what the page has been told since it was last asked: the names in order, "nobody", or "" for no news. In
// a bubble, everything that is due has happened.
func (p typingPage) told() string {
	p.t.Helper()
	synctest.Wait()
	b, err := p.Take(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	if b.Typing == nil {
		return ""
	}
	names := make([]string, len(b.Typing))
	for i, u := range b.Typing {
		names[i] = u.Name
	}
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, " ")
}

func (p typingPage) types() {
	p.t.Helper()
	must(p.t, p.Typing(context.Background()))
}

func (p typingPage) wantTold(want string) {
	p.t.Helper()
	if got := p.told(); got != want {
		p.t.Errorf("%s's page is told %q, want %q", p.actor.Name, got, want)
	}
}

func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob, cem := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cem")
		elsewhere := mustChannel(t, c, ada, "Elsewhere", Public)
		a, b, third := mustTypingPage(t, c, ada, ""), mustTypingPage(t, c, bob, ""), mustTypingPage(t, c, cem, "")
		other := mustTypingPage(t, c, cem, elsewhere.Slug)
		same := mustTypingPage(t, c, ada, "")

		a.types()
		b.wantTold("Ada")
		third.wantTold("Ada")
		a.wantTold("")
		same.wantTold("")
		other.wantTold("")
		b.types() // within 3 s of the last update
		time.Sleep(typingPause - time.Millisecond)
		third.wantTold("")
		a.types() // goes on, which is no news
		time.Sleep(time.Millisecond)
		third.wantTold("Ada Bob")
		b.wantTold("")
		a.wantTold("Bob")

		// Bob stops, and Ada goes on.
		time.Sleep(typingLifetime - typingPause)
		a.types()
		time.Sleep(time.Second)
		b.wantTold("")
		a.wantTold("nobody")
		third.wantTold("Ada")
		time.Sleep(typingLifetime)
		b.wantTold("nobody")
		third.wantTold("nobody")
		time.Sleep(time.Minute)
		b.wantTold("")
		other.wantTold("")
		c.hub.mu.Lock()
		defer c.hub.mu.Unlock()
		if len(c.hub.typing) > 0 {
			t.Error("who typed is remembered")
		}
	})
}

// A message ends its author's typing, and no one else's.
func TestTypingEndsWithTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		a, reader := mustTypingPage(t, c, ada, ""), mustTypingPage(t, c, bob, "")
		a.types()
		reader.wantTold("Ada")
		mustPost(t, c, bob, "between")
		time.Sleep(typingPause)
		reader.wantTold("")
		mustPost(t, c, ada, "hello")
		reader.wantTold("nobody")
	})
}

// However many type, and however often, the pages of a channel are told at most once in 3 seconds; and a page that says
// so too often is not listened to.
func TestTypingIsSparing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		reader := mustTypingPage(t, c, mustSignIn(t, c, "Reader"), "")
		var pages []typingPage
		for _, name := range []string{"Ada", "Bob", "Cem", "Dora", "Eve"} {
			pages = append(pages, mustTypingPage(t, c, mustSignIn(t, c, name), ""))
		}
		const seconds = 60
		told := 0
		for i := range seconds * 10 {
			p := pages[i/10%len(pages)]
			p.types()
			if reader.told() != "" {
				told++
			}
			time.Sleep(100 * time.Millisecond)
		}
		if most := seconds/int(typingPause.Seconds()) + 1; told < 2 || told > most {
			t.Errorf("in a minute its page was told %d times, want 2 to %d", told, most)
		}
	})
}

// Whoever may not post there does not type for others, and guests hear only of those whom they see.
func TestTypingOfThoseWhoMayNotPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob, guest := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Gus")
		news := mustChannel(t, c, ada, "News", Public)
		mustExec(t, c, `UPDATE channels SET announce_only = TRUE, edition = edition + 1 WHERE id = $1`, news.ID)
		must(t, c.hub.load(t.Context()))
		reader, mine := mustTypingPage(t, c, bob, news.Slug), mustTypingPage(t, c, ada, news.Slug)
		reader.types()
		mine.wantTold("")
		mine.types()
		reader.wantTold("Ada")

		closed := mustChannel(t, c, ada, "Closed", Private)
		for _, name := range []string{"Bob", "Gus"} {
			_, err := c.Channels.AddMember(t.Context(), ada, closed.Slug, name)
			must(t, err)
		}
		writer, owner := mustTypingPage(t, c, bob, closed.Slug), mustTypingPage(t, c, ada, closed.Slug)
		writer.types()
		owner.wantTold("Bob")
		must(t, c.Channels.RemoveMember(t.Context(), ada, closed.Slug, bob.ID))
		time.Sleep(typingPause)
		if err := writer.Typing(t.Context()); ErrorCode(err) != CodeNotFound || err == nil {
			t.Errorf("a removed member types: %v", err)
		}
		owner.told()
		time.Sleep(2 * typingLifetime)
		owner.wantTold("nobody")

		// A user who only reads a public channel shares none with the guest.
		mustExec(t, c, `UPDATE users SET role = 'guest' WHERE id = $1`, guest.ID)
		guest.Role = RoleGuest
		stranger := mustSignIn(t, c, "Stranger")
		mustExec(t, c, `DELETE FROM memberships WHERE user_id = $1`, stranger.ID)
		gus := mustTypingPage(t, c, guest, "")
		mustTypingPage(t, c, stranger, "").types()
		gus.wantTold("")
		mustTypingPage(t, c, ada, "").types()
		time.Sleep(typingPause)
		gus.wantTold("Ada")
	})
}

// Other nodes hear of it, and of its end by themselves.
func TestTypingOnAnotherNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := tempPath(t), new(MemoryBus)
		c, other := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		a, reader := mustTypingPage(t, c, ada, ""), mustTypingPage(t, other, bob, "")
		a.types()
		reader.wantTold("Ada")
		time.Sleep(typingLifetime)
		reader.wantTold("nobody")
	})
}
