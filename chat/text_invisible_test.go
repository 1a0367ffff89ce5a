package chat

import (
	"strings"
	"testing"
)

// A text that shows nothing is empty: for a post, for an edit, and in the lines of profiles and channels.
func TestWhatShowsNothingIsEmpty(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	row := mustPost(t, c, ada, "something")
	for _, nothing := range []string{
		" ", "\n", "\u200b", "\u2800", "\u3164", "\uffa0", "\ufeff", "\u200e", "\u00ad", "\u2060", "\u200d", "\u202e",
		"\u0301", " \u0301\u0316", "\u00a0\u3000",
		"\u115f\u1160", "\u17b4", "\u180e", "\ufe0f", "\U000e0041", "\U000e0100", "\u2028", "\U0001d159", "\u20dd", "\ufff9",
		"\x01", "\u0085", "\u2066\u2069\n\u200b", "\ufffe", "\u2065", "\U000e0fff",
	} {
		for what, err := range map[string]error{
			"a post":  second(c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: nothing})),
			"an edit": last(c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, nothing)),
		} {
			if e, ok := err.(*Error); !ok || e.Code != CodeInvalid || e.Message != "Write something first." { //nolint:errorlint // as the verbs return it
				t.Errorf("%s of %q: %v", what, nothing, err)
			}
		}
		must(t, c.Users.SetStatus(t.Context(), ada, Status{Text: strings.Trim(nothing, "\x01")}))
		if p, err := c.Users.Profile(t.Context(), ada, ada.ID); err != nil || p.Status != (Status{}) {
			t.Errorf("a status of %q: %+v, %v", nothing, p.Status, err)
		}
	}
	for _, something := range []string{".", "a\u0301", "\u0627", "\ue000", "\ufffd", "☎", "\u093e", "\u200ba", "1\u20e3",
		"\u06dd", "\u0600", "\u08e2", "\u070f", "\U000110bd", "\U000110cd", "\U0001fae9", "\U0001faea"} {
		mustPost(t, c, ada, something)
	}
}

func second(_ Row, _ bool, err error) error { return err }

func last(_ Row, err error) error { return err }

// Marks that are piled on a letter would overlap the lines around it.
func TestFewMarksInALine(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	ch := mustChannel(t, c, ada, "Side", Public)
	for _, piled := range []string{"Z" + strings.Repeat("\u0301", 60) + strings.Repeat("\u0316", 60),
		"x Z" + strings.Repeat("\u0336", 5), "Z" + strings.Repeat("\u0301\u200b", 60),
		"\u0e01" + strings.Repeat("\u0e49", 60), "Z" + strings.Repeat("\u20dd", 60)} {
		wantFault(t, c.Users.SetStatus(t.Context(), ada, Status{Text: piled}), "status", piled)
		wantFault(t, c.Users.SetProfile(t.Context(), ada, Profile{Title: piled}), "title", piled)
		wantFault(t, c.Users.SetProfile(t.Context(), ada, Profile{Pronouns: piled}), "pronouns", piled)
		_, err := c.Channels.Update(t.Context(), ada, ch.Slug, ChannelSettings{Name: "Side", Topic: piled})
		wantFault(t, err, "topic", piled)
		_, err = c.Channels.Update(t.Context(), ada, ch.Slug, ChannelSettings{Name: "Side", Description: piled})
		wantFault(t, err, "description", piled)
	}
	for _, fine := range []string{"Ve\u0302\u0323t Nam", "बच्चों को", "בְּרֵאשִׁ֖ית", "བསྒྲུབས", "น้ำ",
		"e\u0301\u0301\u0301"} {
		must(t, c.Users.SetStatus(t.Context(), ada, Status{Text: fine}))
	}
}

// The name of a passkey is what its owner typed, without invisible characters.
func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{"Phone": "Phone", "\u06dd \U0001fae9": "\u06dd \U0001fae9",
		"a\u202e\u200b\nb\xff": "ab", "👩\u200d💻 می\u200cخ": "👩\u200d💻 می\u200cخ", "a\u200d💻\u200d": "a💻"} {
		if got := cleanLine(in); got != want {
			t.Errorf("cleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}
