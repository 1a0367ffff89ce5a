package handlers

import (
	"net/url"
	"testing"
)

func TestProfile(t *testing.T) {
	s := openSite(t)
	ada := s.own("Ada", "open")
	bob := s.person("Bob")
	mine := "/u/" + bob.actor().ID.String()
	f := url.Values{"handle": {"@Bobby"}, "pronouns": {"he"}, "title": {"<b>Cook"}, "zone": {"Europe/Vienna"}, "emoji": {"🍲"}, "status": {"At lunch"}, "until": {"60"}}
	bob.post("/me/profile", f).to("/me/profile?saved=1")
	ada.get(mine).want(200, "@bobby", "&lt;b&gt;Cook", "Europe/Vienna", "🍲 At lunch", "until").wantNot("Change it")
	bob.get(mine).want(200, "Change it")
	f.Set("until", "same")
	bob.post("/me/profile", f).to("/me/profile?saved=1")
	bob.get(mine).want(200, "until")
	ada.post("/me/profile", url.Values{"handle": {"BOBBY"}}).want(422, "taken")
	for _, wrong := range []url.Values{{"handle": {"a b"}}, {"handle": {"x"}}, {"zone": {"../x"}}, {"zone": {"Local"}}, {"emoji": {"0123456789"}}} {
		ada.post("/me/profile", wrong).want(422, `role="alert"`)
	}
	guest := s.stranger()
	guest.post(ada.invite("guest", "general-talk"), url.Values{"name": {"Gus"}}).to("/")
	guest.get(mine).want(200) // both are in General Talk
	other := s.stranger()
	ch, err := s.Chat.CreateChannel(t.Context(), ada.actor(), "Quiet room", "private")
	if err != nil {
		t.Fatal(err)
	}
	other.post(ada.invite("guest", ch.Slug), url.Values{"name": {"Hal"}}).to("/")
	if a, b := other.get(mine).want(404), other.get("/u/1").want(404); a.body != b.body {
		t.Error("someone who is not seen looks different from nobody")
	}
	other.get("/u/" + ada.actor().ID.String()).want(200)
}
