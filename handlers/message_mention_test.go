package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var confirmPattern = regexp.MustCompile(`name="confirm" value="([^"]+)"`)

// A message that notifies many is asked about: its form comes back with its text and files, and what confirms it.
func TestManyAreNotifiedOnlyIfConfirmed(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	for _, name := range []string{"Bob", "Cem", "Dan", "Eve", "Fay", "Gus"} {
		s.signedIn(name)
	}
	send := func(headers []string, body string, more ...part) response {
		t.Helper()
		return ada.upload(general+"/messages", headers, append([]part{{"body", "", body}}, more...)...)
	}
	confirm := func(a response) part {
		t.Helper()
		m := confirmPattern.FindStringSubmatch(a.body)
		if m == nil {
			t.Fatalf("it does not ask: %s", a.excerpt())
		}
		return part{"confirm", "", m[1]}
	}
	for name, headers := range map[string][]string{"with htmx": asHTMX, "no htmx": nil} {
		t.Run(name, func(*testing.T) {
			body, menu := "lunch, @channel "+name, strings.ReplaceAll(name, " ", "-")+".txt"
			asked := send(headers, body, part{"file", menu, "soup"}).
				want(422, "This notifies 6 people", "take the @channel out", body+"</textarea>", menu, `name="kept"`)
			kept := regexp.MustCompile(`name="kept" value="([^"]+)"`).FindStringSubmatch(asked.body)[1]
			ada.get(general).wantNot(menu)
			send(headers, body+" again", confirm(asked)).want(422, "This notifies 6 people")
			sent := send(headers, body, confirm(asked), part{"kept", "", kept})
			if headers == nil {
				sent.want(303)
				sent = ada.get(general)
			}
			sent.want(200, `<span class="mention">@channel</span>`, menu)
		})
	}
	asked := send(nil, "/me calls @everyone").want(422, "/me calls @everyone</textarea>")
	send(nil, "/me calls @everyone", confirm(asked)).want(303)

	row := send(asHTMX, "quiet").want(200)
	seq := regexp.MustCompile(`data-seq="(\d+)"`).FindStringSubmatch(row.body)[1]
	at := general + "/" + seq + "/edit"
	for _, headers := range [][]string{asHTMX, nil} {
		asked := ada.post(at, url.Values{"body": {"loud @all"}}, headers...).
			want(422, "nothing was saved yet", "loud @all</textarea>")
		form := url.Values{"body": {"loud @all"}, "confirm": {confirm(asked).content}}
		if a := ada.post(at, form, headers...); a.StatusCode >= 400 {
			t.Error(a.excerpt())
		}
		ada.post(at, url.Values{"body": {"quiet"}}, asHTMX...).want(200)
	}
	if page := ada.get(general).body; strings.Contains(page, `name="confirm"`) {
		t.Error("an empty form confirms something")
	}
}
