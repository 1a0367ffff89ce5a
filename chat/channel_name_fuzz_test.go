package chat

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// A channel keeps the name it is given, and its slug is one part of a path that leads back to it.
func FuzzChannelName(f *testing.F) {
	for _, s := range []string{"General Talk", "#random!", "../../etc", "a/b?c#d", "%2e%2e", "\u202egnp", "ﷺ", "İstanbul",
		"❤️", "日本語", "-", "\xff", "🏳️\u200d🌈 x", "1️⃣", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
		"葛\U000e0100城", "র\u200d্যাব", "☎︎"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name, err := cleanChannelName(in)
		if err != nil {
			return
		}
		if n := utf8.RuneCountInString(name); n < 1 || n > MaxChannelNameLen || strings.TrimSpace(name) != name {
			t.Errorf("cleanChannelName(%q) = %q", in, name)
		}
		if again, err := cleanChannelName(name); err != nil || again != name {
			t.Errorf("cleaning %q again gives %q, %v", name, again, err)
		}
		slug := slugify(name)
		if slug == "" || len(slug) > maxSlugBytes+4 || !utf8.ValidString(slug) || strings.ContainsAny(slug, "/\\?#%.:; ") {
			t.Errorf("the slug of %q is %q", name, slug)
		}
		if u, err := url.Parse("/c/" + url.PathEscape(slug)); err != nil || u.Path != "/c/"+slug || u.RawQuery != "" ||
			u.Fragment != "" {
			t.Errorf("the slug %q of %q leads to %v, %v", slug, name, u, err)
		}
	})
}
