package chat

import (
	"slices"
	"strings"
	"testing"
)

func linksOf(body string) (list []string) {
	for l := range Links(body) {
		list = append(list, l.Scheme+body[l.Start:l.End])
	}
	return list
}

// A link ends where readers of any script would end it, and is whole where a browser accepts it whole.
func TestWhereLinksEnd(t *testing.T) {
	const (
		rison   = `https://k.example/d?_a=(filters:!((meta:(alias:!n))),x:1)`
		grafana = `https://g.example/explore?left=["now-1h","now",{"e":"x"}]`
	)
	for body, want := range map[string]string{
		"见 https://example.com/a，谢谢":                     "https://example.com/a",
		"见https://example.com/docs（说明）了解":                "https://example.com/docs",
		"“https://example.com/a”":                        "https://example.com/a",
		"‘https://example.com/a’ x":                      "https://example.com/a",
		"«https://example.com/a»":                        "https://example.com/a",
		"https://example.com/a、次":                        "https://example.com/a",
		"「https://example.com/a」と":                       "https://example.com/a",
		"https://example.com/a，https://b.com":            "https://example.com/a https://b.com",
		"https://example.com/a।":                         "https://example.com/a",
		"https://example.com/a؟":                         "https://example.com/a",
		"https://example.com🎉":                           "https://example.com",
		"https://example.com/1️⃣":                        "https://example.com/1",
		"https://example.com/a…":                         "https://example.com/a",
		"https://example.com/a—and":                      "https://example.com/a",
		"https://example.com/a\u200bb":                   "https://example.com/a",
		"https://example.com/a\u00adb":                   "https://example.com/a",
		"https://example.com/a\u2060":                    "https://example.com/a",
		"https://example.com/a\u3000b":                   "https://example.com/a",
		"https://example.com/a\u200db":                   "https://example.com/a",
		"https://example.com/میx\u200cخ":                 "https://example.com/میx",
		"https://fa.wikipedia.org/wiki/می\u200cخواهم x":  "https://fa.wikipedia.org/wiki/می\u200cخواهم",
		"https://bn.wikipedia.org/wiki/র\u200d্যাব।":     "https://bn.wikipedia.org/wiki/র\u200d্যাব",
		"https://si.wikipedia.org/wiki/ශ\u200d්\u200dරී": "https://si.wikipedia.org/wiki/ශ\u200d්\u200dරී",
		"https://fa.wikipedia.org/wiki/می\u200c x":       "https://fa.wikipedia.org/wiki/می",
		"https://fa.wikipedia.org/wiki/می\u200c\u200cخ":  "https://fa.wikipedia.org/wiki/می",
		"https://ja.wikipedia.org/wiki/葛\U000e0100城市、":   "https://ja.wikipedia.org/wiki/葛\U000e0100城市",
		"https://example.com/a\ufe0f":                    "https://example.com/a",
		"https://example.com/a\u00a0b":                   "https://example.com/a",
		"https://de.example.com/wiki/Köln":               "https://de.example.com/wiki/Köln",
		"https://ja.example.com/ジョン・スミス。":                "https://ja.example.com/ジョン・スミス",
		"https://ja.example.com/東京_(曖昧さ回避)、":             "https://ja.example.com/東京_(曖昧さ回避)",
		"https://hi.example.com/हिन्दी है":               "https://hi.example.com/हिन्दी",

		rison:                                    rison,
		`https://g.example/explore?left={"a":1}`: `https://g.example/explore?left={"a":1}`,
		grafana:                                  grafana,
		`https://a.example/x?q=a|b&c=d`:          `https://a.example/x?q=a|b&c=d`,
		`https://a.example/x?q=%7B"a":1%7D`:      `https://a.example/x?q=%7B"a":1%7D`,
		`https://a.example/x?q="a"`:              `https://a.example/x?q="a"`,
		`https://a.example/x?re=^a\d$ x`:         `https://a.example/x?re=^a\d$`,
		`https://a.example/a_(b_(c_(d)))`:        `https://a.example/a_(b_(c_(d)))`,
		`https://a.example/(a`:                   `https://a.example/(a`,
		`https://a.example/` + strings.Repeat("(", 50) + "x" + strings.Repeat(")", 50): `https://a.example/` +
			strings.Repeat("(", 50) + "x" + strings.Repeat(")", 50),
		`https://a.example/{a}/[b[c]]`: `https://a.example/{a}/[b[c]]`,
		`http://[2001:db8::1]:80/x`:    `http://[2001:db8::1]:80/x`,

		`(https://a.example/x_(y)).`:          `https://a.example/x_(y)`,
		`[words](https://a.example/x)more`:    `https://a.example/x`,
		`"https://a.example/?q=1", "x"`:       `https://a.example/?q=1`,
		`{"u":"https://a.example/?q=1","v":}`: `https://a.example/?q=1`,
		`say "go to https://a.example/?q=1"!`: `https://a.example/?q=1`,
		`'https://a.example/?q=it' x`:         `https://a.example/?q=it`,
		"`https://a.example/?q=1`, x":         `https://a.example/?q=1`,
		`<https://a.example/?q=1>`:            `https://a.example/?q=1`,
		`<https://a.example/x|words>`:         `https://a.example/x`,
		`|https://a.example/x|y|`:             `https://a.example/x`,
		`_https://a.example/x_`:               `https://a.example/x`,
		`**https://a.example/x**`:             `https://a.example/x`,
		`https://a.example/x?!.,;:'`:          `https://a.example/x`,

		`www.example.org/x, (WWW.EXAMPLE.ORG)`: `https://www.example.org/x https://WWW.EXAMPLE.ORG`,

		`见www.example.org，谢谢`: `https://www.example.org`,
		`www. www.a www..a a.www.example.org ada@www.example.org /www.example.org`: `mailto:ada@www.example.org`,
		`xwww.example.org shttp://a.example`:                                       ``,
		`https:// http://. mailto: mailto:x mailto:@x http://[x http://[: www.`:    ``,
		`www.good.example@evil.example www.example.`:                               ``,
		`javascript:alert(1) javascript://x example.org ada@example.org`:           `mailto:ada@example.org`,
		`a+b.c_d@e-f.org, x@y.z!`:                                                  `mailto:a+b.c_d@e-f.org mailto:x@y.z`,
		`(..ada@example.org.) é@a.b a@b a@b. a@.b @a.b a@b.c- a@b.c_ 見a@b.c`:       `mailto:ada@example.org`,
		`ssh://git@a.b git@a.b:c/d a/b@c.d a@b.c@d.e a@b.c/d x=a@b.c`:              ``,
		`mailto:ada@example.org?subject=Hi,
			HTTPS://EXAMPLE.ORG`: `mailto:ada@example.org?subject=Hi HTTPS://EXAMPLE.ORG`,
	} {
		if got := strings.Join(linksOf(body), " "); got != want {
			t.Errorf("%q has the links %q, want %q", body, got, want)
		}
	}
}

// Wherever a text is cut, the links are parts of it, one after the other.
func FuzzLinks(f *testing.F) {
	for _, s := range []string{"https://a.b/c", "www.a.b www.c.d", "http://((((", "http://a\"b?\"", "mailto:x@y|z",
		"https://é・", "\xffhttp://a\xff", "http://a/می\u200cخ\u200d", "http://a/র\u200d্\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		at := 0
		for l := range Links(body) {
			if l.Start < at || l.End <= l.Start || l.End > len(body) {
				t.Fatalf("%q has a link from %d to %d, after %d", body, l.Start, l.End, at)
			}
			if alone := linksOf(body[l.Start:l.End]); l.Scheme == "" && !slices.Contains(alone, body[l.Start:l.End]) &&
				!strings.ContainsAny(body[l.Start:l.End], "\"'`") {
				t.Errorf("%q alone has the links %q", body[l.Start:l.End], alone)
			}
			at = l.End
		}
	})
}
