package chat

import (
	"strconv"
	"strings"
	"testing"
)

// wrote returns every method that stores a line of text, with the name of the field and a way to read what was stored.
func wrote(t *testing.T) map[string]func(text string) (kept string, err error) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustSignIn(t, c, "Cem") // the user to ban
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	ch := mustChannel(t, c, ada, "Side", Public)
	logged := func(action string) (detail string) {
		must(t, c.db.QueryRowContext(t.Context(), `SELECT detail FROM audit WHERE action = $1 ORDER BY id DESC LIMIT 1`,
			action).Scan(&detail))
		_, said, isMessage := strings.Cut(detail, ": ")
		if isMessage {
			return said
		}
		return detail
	}
	profile := func(p Profile, is func(Profile) string) (string, error) {
		err := c.Users.SetProfile(t.Context(), ada, p)
		now, readErr := c.Users.Profile(t.Context(), ada, ada.ID)
		must(t, readErr)
		return is(now), err
	}
	settings := func(s ChannelSettings, is func(Channel) string) (string, error) {
		s.Name = "Side"
		now, err := c.Channels.Update(t.Context(), ada, ch.Slug, s)
		return is(now), err
	}
	return map[string]func(string) (string, error){
		"status": func(text string) (string, error) {
			err := c.Users.SetStatus(t.Context(), ada, Status{Text: text})
			now, readErr := c.Users.Profile(t.Context(), ada, ada.ID)
			must(t, readErr)
			return now.Status.Text, err
		},
		"title": func(text string) (string, error) {
			return profile(Profile{Title: text}, func(p Profile) string { return p.Title })
		},
		"pronouns": func(text string) (string, error) {
			return profile(Profile{Pronouns: text}, func(p Profile) string { return p.Pronouns })
		},
		"email": func(text string) (string, error) {
			return profile(Profile{Email: text + "@example.org"},
				func(p Profile) string { return strings.TrimSuffix(p.Email, "@example.org") })
		},
		"topic": func(text string) (string, error) {
			return settings(ChannelSettings{Topic: text}, func(ch Channel) string { return ch.Topic })
		},
		"description": func(text string) (string, error) {
			return settings(ChannelSettings{Description: text}, func(ch Channel) string { return ch.Description })
		},
		"passkey": passkeyName,
		"reason of a report": func(text string) (string, error) {
			row := mustPost(t, c, bob, "noise")
			err := c.Moderation.Report(t.Context(), ada, "general-talk", row.Seq, text)
			if err != nil {
				return "", err
			}
			return logged("report.created"), nil
		},
		"reason of a removal": func(text string) (string, error) {
			row := mustPost(t, c, bob, "noise")
			_, _, err := c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", row.Seq, text)
			if err != nil {
				return "", err
			}
			said := logged("message.removed")
			return strings.TrimPrefix(said, "message "+strconv.FormatInt(row.Seq, 10)), nil
		},
		"reason of a ban": func(text string) (string, error) {
			_, err := c.Moderation.Ban(t.Context(), admin, NewBan{Name: "Cem", Reason: text, Channel: "general-talk"})
			if err != nil {
				return "", err
			}
			return logged("ban.created"), nil
		},
		"reason of a channel's ban": func(text string) (string, error) {
			_, err := c.Moderation.BanFromChannel(t.Context(), ada, ch.Slug, NewBan{Name: "Cem", Reason: text})
			if err != nil {
				return "", err
			}
			return logged("ban.created"), nil
		},
		"name":              func(text string) (string, error) { return cleanName(text) },
		"name of a channel": func(text string) (string, error) { return cleanChannelName(text) },
		"name of the workspace": func(text string) (string, error) {
			p, err := cleanWorkspace(Workspace{Name: text, JoinPolicy: "open"})
			return p.Name, err
		},
	}
}

// What users write about themselves and about others is shown in lists that others read, and in the log for a year: a
// line is one line, shows something or is empty, stays in its row, and does not change the direction of writing.
func TestLinesOfText(t *testing.T) {
	piled := "Z" + strings.Repeat("\u0301", 60) + strings.Repeat("\u0316", 60)
	for what, write := range wrote(t) {
		for _, nothing := range []string{"\u200b", "\u200b\u3164", "\u2800", "\u202e", "\u2028", "\u0007", "\x1b", " \u0301",
			"\u2066\u2069", "\ufff9"} {
			kept, err := write(nothing)
			if want := map[string]string{"passkey": "Passkey"}[what]; kept != want && err == nil || err != nil &&
				ErrorCode(err) != CodeInvalid {
				t.Errorf("%s %q: %q is kept, %v", what, nothing, kept, err)
			}
		}
		for _, text := range []string{piled, "a" + strings.Repeat("\u0301", 60), "Z" + strings.Repeat("\u0301\u200b", 60),
			"Z" + strings.Repeat("\u20dd\x07", 60)} {
			if kept, err := write(text); err == nil && overMarked(kept) || err != nil && ErrorCode(err) != CodeInvalid {
				t.Errorf("%s %q: %q is kept, %v", what, text, kept, err)
			}
		}
		for _, text := range []string{"a\u202eb", "a\u2028b", "a\u2029b", "a\u0007b", "a\x1b[31mb", "a\u2067b", "a\u0085b",
			"a\x7fb", "a\u009bb", "a\ufff9b"} {
			kept, err := write(text)
			if err != nil && ErrorCode(err) == CodeInvalid {
				continue
			}
			if wrong := strings.IndexFunc(kept,
				func(r rune) bool {
					return inLine(r) < 0 || r < ' ' || r == '\u0085' || r == '\u2028' ||
						r == '\u2029'
				}); err != nil || wrong >= 0 || kept == "" {
				t.Errorf("%s %q: %q is kept, %v", what, text, kept, err)
			}
		}
	}
}

// Characters that spelling and emoji need stay.
func TestLinesKeepWhatIsWritten(t *testing.T) {
	for _, text := range []string{"שלום, עולם!", "می\u200cخواهم", "👩\u200d💻 at work",
		"🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "a \u200fb", "Ve\u0302\u0323t Nam"} {
		if kept, err := cleanReason(text); err != nil || kept != text {
			t.Errorf("%q: %q, %v", text, kept, err)
		}
	}
	if kept, err := cleanReason(" he\tthreatens\n\nme "); err != nil || kept != "he threatens me" {
		t.Errorf("%q, %v", kept, err)
	}
	_, err := cleanReason(strings.Repeat("x", MaxReasonLen+1))
	wantFault(t, err, "reason", "a long one")
	_, err = cleanEmail("a" + strings.Repeat("\u0301", 60) + "@example.org")
	wantFault(t, err, "email", "a pile of marks")
}
