package chat

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"chitchat/chat/costtest"
	"chitchat/chat/search"
)

// worstTexts are texts that have made programs slow: each fills the given number of characters.
var worstTexts = map[string]string{
	"mentions with dots":  "@a" + strings.Repeat(".", 126) + " ",
	"mentions":            "@",
	"mentions of names":   "@Ada Lovelace of Marylebone ",
	"full-width mentions": "＠あ",
	"different mentions":  differentMentions("語"),
	"mentions in Korean":  differentMentions("각"),
	"mentions in accents": differentMentions("é’"),
	"mentions in paths":   "a.bc/@",
	"shaped letters":      "葛\U000e0100র\u200d্য",
	"links":               "http://a ",
	"links without ends":  "http://((((",
	"www":                 "www.a.b,",
	"letters that swell":  "\ufdfa",
	"compatibility":       "\u3300\ufb03",
	"marks":               "a\u0316\u0301",
	"marks alone":         "\u0301",
	"joined emoji":        "👩\u200d",
	"flags":               "🇩",
	"invisible":           "\u200b",
	"turns":               "\u202e\u2066",
	"look-alikes":         "Il1mrnᎪꓮ",
	"patterns":            `%_\%`,
	"quotes":              `"'<>&`,
	"lines":               "\n",
	"spaces":              " x",
	"Hangul apart":        "\u1112\u1161\u11ab",
	"astral":              "𝐀",
}

// verbsWithText returns all methods that take users' texts, with the longest text that each takes, in characters. Those
// with passwords are missing: hashing is meant to be expensive.
func verbsWithText(t testing.TB, c *Chat) map[string]struct {
	most int
	do   func(text string)
} {
	ctx := t.Context()
	owner, ada, bob := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Ada Lovelace of Marylebone"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "to be edited")
	mustPost(t, c, bob, "to be reported")
	room := mustChannel(t, c, owner, "Room", Public)
	n := 0
	fresh := func(text string, most int) string { // so that a name is free
		n++
		return fmt.Sprint(cutRunes(text, most-8), n)
	}
	type verb = struct {
		most int
		do   func(text string)
	}
	find := func(do func(ListQuery) error) verb {
		return verb{4 * maxFind, func(text string) { _ = do(ListQuery{Text: text}) }}
	}
	return map[string]verb{
		"Post": {MaxBodyLen,
			func(text string) { _, _, _ = c.Messages.Post(ctx, ada, "general-talk", Draft{Body: text}) }},
		"Edit":             {MaxBodyLen, func(text string) { _, _ = c.Messages.Edit(ctx, ada, "general-talk", 1, text) }},
		"SignIn":           {MaxNameLen, func(text string) { _, _ = c.Accounts.SignIn(ctx, fresh(text, MaxNameLen)) }},
		"SignIn, too long": {20_000, func(text string) { _, _ = c.Accounts.SignIn(ctx, text) }},
		"Rename":           {MaxNameLen, func(text string) { _, _ = c.Users.Rename(ctx, bob, fresh(text, MaxNameLen)) }},
		"UserNamed":        {20_000, func(text string) { _, _ = c.Accounts.UserIDByName(ctx, text) }},
		"Block":            {20_000, func(text string) { _, _ = c.Moderation.Block(ctx, ada, text) }},
		"Invite":           {20_000, func(text string) { _, _ = c.Channels.AddMember(ctx, owner, room.Slug, text) }},
		"Recover":          {20_000, func(text string) { _, _, _ = c.Accounts.CreatePasswordReset(ctx, owner, text) }},
		"Ban": {MaxReasonLen,
			func(text string) { _, _ = c.Moderation.Ban(ctx, owner, NewBan{Name: text, Reason: text}) }},
		"Report": {MaxReasonLen, func(text string) { _ = c.Moderation.Report(ctx, ada, "general-talk", 2, text) }},
		"RemoveMessage": {MaxReasonLen,
			func(text string) { _, _, _ = c.Moderation.RemoveMessage(ctx, bob, "general-talk", 1, text) }},
		"CreateChannel": {MaxChannelNameLen,
			func(text string) { _, _ = c.Channels.Create(ctx, owner, fresh(text, MaxChannelNameLen), Public) }},
		"ChangeChannel": {MaxDescriptionLen, func(text string) {
			_, _ = c.Channels.Update(ctx, owner, room.Slug,
				ChannelSettings{Name: "Room", Topic: cutRunes(text, MaxTopicLen), Description: text})
		}},
		"ChangePlace": {MaxWorkspaceNameLen, func(text string) {
			_ = c.Admin.UpdateWorkspace(ctx, owner, Workspace{Name: text, JoinPolicy: JoinOpen})
		}},
		"SetProfile": {MaxProfileLen, func(text string) {
			_ = c.Users.SetProfile(ctx, ada, Profile{Title: text, Pronouns: text, Email: text, TimeZone: text})
		}},
		"SetStatus": {MaxProfileLen,
			func(text string) { _ = c.Users.SetStatus(ctx, ada, Status{Emoji: text, Text: text}) }},
		"Index": {MaxBodyLen, func(text string) {
			var b search.Builder
			b.Add(search.Entry{Text: search.Fold(text)})
			b.Build()
		}},
		"SuggestTerms":     {MaxBodyLen, func(text string) { _, _ = c.Messages.SuggestTerms(ctx, ada, text) }},
		"SearchChannels":   {4 * maxFind, func(text string) { _, _, _ = c.Channels.Search(ctx, ada, text, false) }},
		"SearchUsers":      {4 * maxFind, func(text string) { _, _ = c.Users.Search(ctx, ada, text, 50) }},
		"FinishSignIn":     {1000, func(text string) { _, _ = c.Accounts.FinishSignIn(ctx, text, text) }},
		"ConfirmTwoFactor": {1000, func(text string) { _, _ = c.Accounts.ConfirmTwoFactor(ctx, ada, text) }},
		"Channel":          {8000, func(text string) { _, _ = c.Channels.Get(ctx, ada, text) }},
		"Bans":             find(func(f ListQuery) error { _, err := c.Moderation.Bans(ctx, owner, f); return err }),
		"ListChannels":     find(func(f ListQuery) error { _, _, err := c.Admin.ListChannels(ctx, owner, f); return err }),
		"Audit": {MaxNameLen * 100,
			func(text string) { _, _, _ = c.Admin.Audit(ctx, owner, AuditFilter{Name: text, Action: text}, 0) }},
		"Invitations": find(func(f ListQuery) error { _, err := c.Admin.Invitations(ctx, owner, f); return err }),
		"ListUsers":   find(func(f ListQuery) error { _, err := c.Admin.ListUsers(ctx, owner, f); return err }),
		"Reports": find(func(f ListQuery) error {
			_,
				err := c.Moderation.Reports(ctx, owner, f, false)
			return err
		}),
		"UsageByChannel": find(func(f ListQuery) error { _, err := c.Admin.UsageByChannel(ctx, owner, f); return err }),
		"UsageByPerson":  find(func(f ListQuery) error { _, err := c.Admin.UsageByUser(ctx, owner, f); return err }),
		"SessionTable":   find(func(f ListQuery) error { _, err := c.Admin.ListSessions(ctx, owner, f); return err }),
	}
}

func cutRunes(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(most, len(runes))])
}

// TestNoTextCostsMuchMoreThanItsLength tests the limit on cost: in no method does a text cost five times what plain
// words of the same length cost, nor more than a megabyte of memory. One message of mentions with dots at their ends
// took 0.77 s.
func TestNoTextCostsMuchMoreThanItsLength(t *testing.T) {
	c := mustOpen(t, Options{})
	c.unindexed.n.Store(math.MinInt64) // what is indexed in the background would be counted too
	c.unindexed.size.Store(math.MinInt64)
	verbs := verbsWithText(t, c)
	with := func(do func(string), text string) func() { return func() { do(text) } }
	// Anything cheaper than these is cheap enough: plain words, and plain words to as many people as are looked up.
	post := with(verbs["Post"].do, strings.Repeat("plain words ", MaxBodyLen/12))
	var calls strings.Builder
	for n := range maxMentions {
		fmt.Fprintf(&calls, "@Person%d, %s", n, strings.Repeat("plain words ", MaxBodyLen/12/maxMentions-1))
	}
	call := with(verbs["Post"].do, calls.String())
	for name, verb := range verbs {
		fill := func(unit string) string {
			return cutRunes(strings.Repeat(unit, verb.most/len([]rune(unit))+1), verb.most)
		}
		for kind, unit := range worstTexts {
			text := fill(unit)
			plain := strings.Repeat("plain words ", len(text)/12+1)[:len(text)] // as many bytes
			if verb.most == MaxBodyLen {
				plain = "@Bob: " + plain[6:] // with a user to look up
			}
			if runes := len([]rune(text)); len(plain) > 4*verb.most || runes < len(plain) {
				plain = cutRunes(plain, max(verb.most, 1)) // longer ones are refused at once
			}
			ratio := costtest.Ratio(t, mostTimes, with(verb.do, text), with(verb.do, plain), post, call)
			if ratio > mostTimes {
				t.Errorf("%s of %s costs %.1f times what plain words cost", name, kind, ratio)
			}
			used := costtest.Allocated(with(verb.do, text))
			if used > 1<<20 {
				t.Errorf("%s of %s takes %d kB", name, kind, used>>10)
			}
			if testing.Verbose() {
				t.Logf("| %s | %s | %.1f | %d kB |", name, kind, ratio, used>>10)
			}
		}
	}
}
