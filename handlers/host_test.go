package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Links are made of the address that was configured. What a request says of its host, or a proxy that is not trusted,
// comes out nowhere: a link that was mailed on would lead there.
func TestHostIsNotBelieved(t *testing.T) {
	s := openSite(t, func(o *Options) { o.PublicURL = "http://chat.example.com" })
	owner := s.own("Owner", "open")
	s.person("Ada").protectName(goodPassword)
	forged := []string{"Host", "evil.example", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "evil", "X-Host", "evil.example",
		"Forwarded", "host=evil.example", "X-Original-Host", "evil.example", "X-Original-URL", "//evil.example", "X-Rewrite-URL", "//evil.example"}
	as := func(p *person) []string { return append(slices.Clone(forged), "Cookie", cookies(p)) } // the jar's are the true host's
	clean := func(a answer) {
		t.Helper()
		said := a.body
		for name, values := range a.Header {
			said += name + ": " + strings.Join(values, " ") + "\n"
		}
		if strings.Contains(said, "evil") {
			t.Errorf("%s %s believes the host", a.Request.Method, a.Request.URL.Path)
		}
	}
	for name, p := range map[string]*person{"nobody": s.stranger(), "owner": owner} {
		seen := make(map[string]bool)
		todo := []string{"/", "/signin", "/nowhere", "/test/error", general, "/c", "/d", "/me", "/admin/invitations", "/admin/people", "/admin/settings", "/favicon.ico"}
		for len(todo) > 0 && len(seen) < 100 {
			path := todo[0]
			if todo = todo[1:]; seen[path] || strings.HasPrefix(path, "/assets/") {
				continue
			}
			seen[path] = true
			a := p.get(path, as(p)...)
			clean(a)
			for _, m := range linkedPattern.FindAllStringSubmatch(a.body, -1) {
				todo = append(todo, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
		if name == "owner" && !seen["/me/profile"] {
			t.Error("the pages did not lead on")
		}
	}
	for path, form := range map[string]url.Values{
		"/me/link":           nil,
		"/admin/invitations": {"role": {"member"}, "days": {"1"}, "uses": {"1"}},
		"/admin/recovery":    {"name": {"Ada"}},
	} {
		a := owner.post(path, form, as(owner)...).want(200, "http://chat.example.com/")
		clean(a)
	}
	clean(s.stranger().post("/signin", url.Values{"name": {"Bob"}}, forged...).want(303))
}
