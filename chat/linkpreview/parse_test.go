package linkpreview

import (
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"chitchat/chat/hostiletest"
)

var here = &url.URL{Scheme: "https", Host: "www.example.org", Path: "/a/b"}

func mustParse(t *testing.T, text, contentType string) page {
	t.Helper()
	p, err := parse(strings.NewReader(text), contentType, here)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParse(t *testing.T) {
	for text, want := range map[string]page{
		`<title> Only
			a title </title>`: {Title: "Only a title", Site: "example.org"},
		`<meta property="og:title" content="OG"><meta name=twitter:title content=TW><title>T</title>
		 <meta name="twitter:description" content="tw"><meta name=description content=plain>
		 <meta property=og:site_name content="The Site"><meta property=og:image content="../x.png">`: {Title: "OG",
			Description: "tw", Site: "The Site", Picture: "https://www.example.org/x.png"},
		`<title>A &amp; B</title><title>later</title><meta name=Description content="&lt;b&gt;">`: {Title: "A & B",
			Description: "<b>", Site: "example.org"},
		`<head><title>T</title></head><body><meta name=description content=no>`:         {Title: "T", Site: "example.org"},
		`<head><title>T</title></head><meta name=description content=no>`:               {Title: "T", Site: "example.org"},
		`<script><title>no</title></script><style><title>no</style><title>T</title>`:    {Title: "T", Site: "example.org"},
		`<!-- <title>no</title> --><title>T</title>`:                                    {Title: "T", Site: "example.org"},
		`<meta name=title content=no><meta property=og:title content=" "><title>T`:      {Title: "T", Site: "example.org"},
		`<title>T</title><meta property=og:image content="javascript:alert(1)">`:        {Title: "T", Site: "example.org"},
		`<title>T</title><meta property=og:image content="data:image/png;base64,AAAA">`: {Title: "T", Site: "example.org"},
		`<title>T</title><meta property=og:image content="//cdn.example/y.png">`: {Title: "T", Site: "example.org",
			Picture: "https://cdn.example/y.png"},
	} {
		if got := mustParse(t, text, "text/html; charset=utf-8"); got != want {
			t.Errorf("%s\nis %+v, want %+v", text, got, want)
		}
	}
	long := mustParse(t, "<title>"+strings.Repeat("é", 500)+"</title><meta name=description content='"+
		strings.Repeat("word ", 500)+"'>", "text/html; charset=utf-8")
	if utf8.RuneCountInString(long.Title) != MaxTitleLen+1 ||
		utf8.RuneCountInString(long.Description) > MaxDescriptionLen+1 || !strings.HasSuffix(long.Description, "d…") {
		t.Errorf("%q, %q", long.Title, long.Description)
	}
}

func TestCharsets(t *testing.T) {
	for name, c := range map[string]struct{ text, contentType, want string }{
		"by header": {"<title>Caf\xe9</title>", "text/html; charset=iso-8859-1", "Café"},
		"by meta":   {"<meta charset=shift_jis><title>\x93\xfa\x96\x7b</title>", "text/html", "日本"},
		"by old meta": {`<meta http-equiv=content-type content="text/html; charset=koi8-r"><title>` +
			"\xcd\xc9\xd2</title>", "text/html", "мир"},
		"by its bytes": {"<title>Größe</title>", "text/html", "Größe"},
		"by its mark":  {"\xff\xfe" + strings.Join(strings.Split("<title>A</title>", ""), "\x00") + "\x00", "text/html", "A"},
		"unknown":      {"<title>A\xff\x00B</title>", "text/html; charset=no-such", ""},
	} {
		got := mustParse(t, c.text, c.contentType).Title
		if c.want != "" && got != c.want || !utf8.ValidString(got) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A page may say anything: its texts stay texts, and its picture an address that may be fetched.
func TestHostilePages(t *testing.T) {
	for _, text := range hostiletest.Payloads() {
		quoted := html.EscapeString(text)
		for _, source := range []string{
			"<title>" + quoted + `</title><meta property="og:image" content="` + quoted + `">`,
			`<meta property="og:title" content="` + quoted + `"><meta property=og:site_name content="` + quoted + `">`,
			"<title>x</title>" + text + "<meta name=description content=" + text + ">", text,
		} {
			check(t, mustParse(t, source, "text/html; charset=utf-8"))
		}
	}
}

// check tests what holds for every page.
func check(t *testing.T, p page) {
	t.Helper()
	for most, text := range map[int]string{MaxTitleLen: p.Title, MaxDescriptionLen: p.Description, MaxSiteLen: p.Site} {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\t") || utf8.RuneCountInString(text) > most+1 {
			t.Errorf("not a line of %d characters: %q", most, text)
		}
	}
	if p.Picture != "" {
		if u, err := url.Parse(p.Picture); err != nil || !allowed(u) {
			t.Errorf("a picture at %q: %v", p.Picture, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<title>T</title><meta property="og:image" content="/x.png"><body>`, "text/html; charset=utf-8")
	f.Add("<meta charset=utf-16le><title>\xff\xfe", "text/html")
	f.Add(`<meta name=description content="&#x202e;a`, "application/xhtml+xml; charset=koi8-r")
	f.Fuzz(func(t *testing.T, text, contentType string) {
		if p, err := parse(strings.NewReader(text), contentType, here); err == nil {
			check(t, p)
		}
	})
}
