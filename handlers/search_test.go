package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func searchFor(query string) string { return "/search?" + url.Values{"q": {query}}.Encode() }

// A search shows the rows of what it found, with the words marked, where each is, and how many there are; all without
// JavaScript.
func TestSearchPage(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("**one** tamarind & a *tam*arind")
	bob.say("two")
	ada.get("/search").want(200, `type="search" name="q"`, "Search messages").wantNot("<article")
	page := ada.get(searchFor("TAM")).want(200, `data-total="1"`, "<mark>tam</mark>arind &amp;",
		"<em><mark>tam</mark></em>arind",
		`href="`+general+`/1"`, "General Talk", "1 message")
	ada.get(searchFor("e")).want(200, `data-total="1"`, "</header>", "on<mark>e</mark>").wantNot("h<mark>")
	if len(rows(page.body)) != 1 || strings.Contains(page.body, "two</p>") {
		t.Error(page.body)
	}
	ada.get(searchFor("from:bob")).want(200, `data-total="1"`, "from Bob", "two").wantNot("tamarind")
	ada.get(searchFor("tamarind nothing")).want(200, `data-total="0"`, "Nothing found", "Search for less",
		`href="/search?q=tamarind"`, `href="/search?q=nothing"`)
	ada.get(searchFor("from:nobody tamarind")).want(200, `data-total="0"`, "There is nobody called “nobody” here.",
		`href="/search?q=tamarind"`)
	ada.get(searchFor(`"tam tam"`)).want(200, "Nothing found", `href="/search?q=tam+tam"`)
	ada.get(searchFor("fr")).want(200, `href="/search?q=from%3A"`)
	ada.get(searchFor("from:B")).want(200, `href="/search?q=from%3ABob+"`)
	ada.get(searchFor("<script>")).want(200, `value="&lt;script&gt;"`).wantNot("<script>\"")
	fragment := ada.get(searchFor("tam"), asHTMX...).want(200, `<section id="results"`, "<mark>")
	if !strings.HasPrefix(fragment.body, "<section") || strings.Contains(fragment.body, "<html") {
		t.Error(fragment.excerpt())
	}
	if to := ada.get("/search?type=files&q=a+b").want(303).Header.Get("Location"); to != "/files?q=a+b" {
		t.Error(to)
	}
	for _, path := range []string{"/search?type=x", "/search?page=0", "/search?page=x"} {
		ada.get(path).want(404)
	}
}

// Channels and people are found too, and a long list has pages.
func TestSearchTypesAndPages(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	s.signedIn("Bob")
	for i := range 25 {
		ada.say(fmt.Sprint("word number ", i))
	}
	ada.get("/search?type=channels&q=gener").want(200, `data-total="1"`, `href="`+general+`"`, "1 channel")
	ada.get("/search?type=people&q=bo").want(200, `data-total="1"`, "1 person", ">Bob<")
	first := ada.get("/search?q=word").want(200, `data-total="25"`, `href="/search?page=2&amp;q=word"`)
	second := ada.get("/search?page=2&q=word").want(200, `data-total="25"`, `href="/search?q=word"`)
	if len(rows(first.body)) != 20 || len(rows(second.body)) != 5 {
		t.Errorf("%d and %d rows", len(rows(first.body)), len(rows(second.body)))
	}
}
