package handlers

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A row has no actions of its own. The page of a message offers, without JavaScript, those that the reader may do: the
// links are exactly those whose pages answer them.
func TestPageOfAMessageOffersItsActions(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	offered := func(w viewer, at string) (list []string) {
		page := c.clients[w].get(at)
		if page.StatusCode != http.StatusOK {
			return nil
		}
		for _, action := range []string{"/edit", "/delete", "/report"} {
			if strings.Contains(page.body, `href="`+at+action+`"`) {
				list = append(list, action)
			}
		}
		return list
	}
	check := func(w viewer, what, at string) (list []string) {
		t.Helper()
		list = offered(w, at)
		for _, action := range []string{"/edit", "/delete", "/report"} {
			if answers := c.clients[w].get(at+action).StatusCode == http.StatusOK; answers != slices.Contains(list, action) {
				t.Errorf("%s, %s: the page offers %v, and %s answers: %v", what, w, list, action, answers)
			}
		}
		return list
	}
	seen := make(map[string]bool)
	for _, k := range kinds {
		for w := nonMember; w < viewerCount; w++ {
			seen[strings.Join(check(w, string(k), "/c/"+c.channels[k].slug+"/1"), " ")] = true
		}
	}
	for _, want := range []string{"", "/edit /delete", "/delete /report", "/report"} {
		if !seen[want] {
			t.Errorf("nobody was offered %q", want)
		}
	}
	at := "/c/" + c.channels[public].slug + "/1"
	c.clients[member].post(at+"/delete", nil).want(http.StatusSeeOther)
	for _, w := range []viewer{member, admin} {
		if list := check(w, "deleted", at); len(list) > 0 {
			t.Errorf("for a deleted message %s is offered %v", w, list)
		}
	}
}
