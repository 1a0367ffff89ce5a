package chat

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	good := map[string]string{
		"Ada":              "Ada",
		"  Ada  Lovelace ": "Ada Lovelace",
		"a\u00a0b":         "a b",
		"j.r-r_2":          "j.r-r_2",
		"देवी":             "देवी",
		"李明":               "李明",
		"e\u0301":          "é",
		"Ü":                "Ü",
		"Sean O'Brien":     "Sean O'Brien",
		"D’Angelo":         "D’Angelo",
		"Anne-Marie (Ops)": "Anne-Marie (Ops)",
		"李明（客服）":           "李明（客服）",
		"ジョン・スミス":          "ジョン・スミス",
		"Gal·la":           "Gal·la",
		"ז׳בוטינסקי":       "ז׳בוטינסקי",
		"علی\u200cرضا":     "علی\u200cرضا",
		"ශ්\u200dරීමා":     "ශ්\u200dරීමා",
		"രാജന്\u200d":      "രാജന്\u200d",
		"क\u094d\u200cष":   "क\u094d\u200cष",
		"အောင်ကျော်":       "အောင်ကျော်",
		"ကျော်":            "ကျော်",
		"မြွေးကြေး":        "မြွေးကြေး",
		"ညှို့":            "ညှို့",
		"བསྟན་འཛིན་རྒྱ་མཚོ": "བསྟན་འཛིན་རྒྱ་མཚོ",
		"李〇":                             "李〇",
		"Louis Ⅷ":                        "Louis Ⅷ",
		"Sean O´Brien":                   "Sean O'Brien",
		"O`Brien":                        "O'Brien",
		"O｀Brien":                        "O'Brien",
		"O′Brien":                        "O′Brien",
		"צה\"ל":                          "צה״ל",
		"צה”ל":                           "צה״ל",
		"King, Jr.":                      "King, Jr.",
		"Martin Luther King,  Jr. (Ops)": "Martin Luther King, Jr. (Ops)",
		"محمد، الابن":                    "محمد، الابن",
		"Ana–Maria":                      "Ana–Maria",
		"ジャン＝ジャック・ルソー":                   "ジャン＝ジャック・ルソー",
		"阿‧布":                            "阿‧布",
		"डॉ॰ शर्मा":                      "डॉ॰ शर्मा",
		"አበበ፡በቀለ":                        "አበበ፡በቀለ",
		"র\u200d্যাচেল":                  "র\u200d্যাচেল",
		"র\u200d্যাব":                    "র\u200d্যাব",
		"র\u200c্যাব":                    "র\u200c্যাব",
		"ರ\u200d್ಯಾಂಕ್":                  "ರ\u200d್ಯಾಂಕ್",
		"ශ\u200d්\u200dරී":               "ශ\u200d්\u200dරී",
		"ប៊\u200cី":                      "ប៊\u200cី",
		"葛\U000e0100城":                   "葛\U000e0100城",
		"ᠰᠠᠷ\u180eᠠ":                     "ᠰᠠᠷ\u180eᠠ",
		strings.Repeat("é", MaxNameLen):  strings.Repeat("é", MaxNameLen),
	}
	for in, want := range good {
		if got, err := cleanName(in); err != nil || got != want {
			t.Errorf("cleanName(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	bad := map[string]string{
		"empty": "", "blank": " \t\u00a0", "too long": strings.Repeat("x", MaxNameLen+1), "huge": strings.Repeat("x", 10<<20),
		"markup": "<b>", "quote": `a"b`, "emoji": "😀", "at": "a@b", "slash": "a/b", "only dots": "...",
		"NUL": "a\x00b", "invalid UTF-8": "a\xff", "zero width space": "a\u200bb", "joiner": "a\u200db",
		"joiner at the end": "علی\u200c", "joiner first": "\u200cعلی", "two joiners": "علی\u200c\u200cرضا",
		"joiner before another script": "علی\u200ca", "joiners and viramas": "क\u094d\u200d\u200d",
		"joiners between marks": "a\u0316\u200d\u0316",
		"only signs":            "('·')", "soft hyphen": "a\u00adb",
		"right-to-left override": "a\u202eb", "isolate": "\u2066a", "Hangul filler": "\u3164", "half-width filler": "a\uffa0",
		"grapheme joiner": "a\u034f", "variation selector": "a\ufe0f", "tag": "a\U000e0041", "Braille blank": "\u2800",
		"mark first": "\u0301a", "marks on marks": "a" + strings.Repeat("\u0316", 4),
		"dots and marks on marks": "a" + strings.Repeat("\u05b0", 5), "a stack": "ကျော်" + strings.Repeat("\u1037", 5),
		"marks of several kinds": "a\u0316\u0316\u0316\u05b0\u05b0", "joiner before a virama of no letter": "a\u200d\u09cd",
		"joiner between vowel and virama": "রা\u200d্য",
		"two joiners before a virama":     "র\u200d\u200d্য", "joiner before a vowel": "র\u200dা",
		"selector of emoji on Han": "葛\ufe0f城", "selector on Latin": "a\U000e0100",
		"two selectors":   "葛\U000e0100\U000e0101城",
		"vowel separator": "ᠰᠠᠷ\u180e", "quote among Latin": `a"b`, "quote at the end": `צה"`, "comma": "King,Jr.",
		"comma at the end": "King,", "comma first": ", King", "commas": "King,, Jr.",
		"accent alone": "´`", "superscript": "x²",
		"flag of tags": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "newest letters": "\U0001fae9",
		"private use": "\ue000", "line separator": "a\u2028b",
	}
	for what, in := range bad {
		t.Run(what, func(t *testing.T) {
			got, err := cleanName(in)
			if err == nil {
				t.Fatalf("cleanName(%q) = %q", in, got)
			}
			wantCode(t, err, CodeInvalid)
		})
	}
}

func TestCleanChannelName(t *testing.T) {
	for _, in := range []string{
		"General Talk", "C++ & Go!", "❤️ pets", "日本語", "50 %", strings.Repeat("x", MaxChannelNameLen), "👩\u200d💻 dev",
		"🏳️\u200d🌈 pride", "👨\u200d👩\u200d👧 family", "👍🏽 yes",
		"🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "\U0001fae9", "\U0001faea news", "1️⃣ first", "#️⃣",
		"☎︎", "🇩🇪 team", "👩🏽\u200d🚀", "葛\U000e0100城", "র\u200d্যাব", "မြွေးကြေး", "\u06dd 5", "\u0600",
	} {
		if got, err := cleanChannelName(in); err != nil || got != in {
			t.Errorf("cleanChannelName(%q) = %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{"a\ufe0f b": "a b", "a \ufe0f b": "a b", "❤️ a\ufe0f": "❤️ a",
		"日\ufe0f": "日"} {
		if got, err := cleanChannelName(in); err != nil || got != want {
			t.Errorf("cleanChannelName(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "  ", "a\x00", "a\u202eb", "\u200b", "a\u200bb", strings.Repeat("x", MaxChannelNameLen+1), "\ufe0f", "a\u200d💻",
		"👩\u200d", "👩\u200d dev", "\u200d💻", "👩\u200d\u200d💻", "👩\u200dx", "a\u200db",
		"🏴\U000e0067", "🏴\U000e0078\U000e0078\U000e007f", "a\U000e0067",
		"🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f\U000e0074", "a\U000e0100", "\U000e0100", "\U00040000",
		"\ufffe", "\u2065", "\ue000",
		"😀\u0301\u0301\u0301\u0301",
	} {
		if got, err := cleanChannelName(in); err == nil {
			t.Errorf("cleanChannelName(%q) = %q", in, got)
		}
	}
}

func TestNameKey(t *testing.T) {
	same := [][2]string{
		{"Ada", "aDA"}, {"Ada", "Аdа"}, {"ﬁn", "FIN"}, {"Straße", "STRASSE"}, {"Ａｄａ", "Ada"}, {"Ada L", "ada  l"},
		{"ΑΒΕ", "abe"}, {"é", "e\u0301"}, {"Bob", "Воb"}, {"Omega", "Οmega"}, {"Zoë", "Zoё"}, {"ᏣᎳᎩ", "ꮳꮃꭹ"}, {"ᏰᏱ", "ᏸᏹ"},
		{"Sean O'Brien", "sean o’brien"}, {"Kaʻena", "Ka'ena"}, {"D＇Angelo", "D‘Angelo"}, {"علی\u200cرضا", "علیرضا"},
		{"ශ්\u200dරී", "ශ්රී"},
		{"Anne (Ops)", "anne （ops）"}, {"a・b", "a·b"}, {"a‧b", "a·b"}, {"Sean O'Brien", "Sean O´Brien"},
		{"O'Brien", "O`Brien"}, {"O’Brien", "o′brien"}, {"צה״ל", `צה"ל`}, {"צה״ל", "צה”ל"}, {"Ana–Maria", "ana-maria"},
		{"Ana－Maria", "Ana‑Maria"},
		{"র\u200d্যাব", "র্যাব"}, {"葛\U000e0100城", "葛城"}, {"葛\U000e0100城", "葛\U000e0101城"}, {"❤️ pets", "❤ pets"},
		{"☎︎", "☎️"}, {"བ་ཀ", "བ༌ཀ"}, {"Louis Ⅷ", "louis viii"}, {"ᠰᠠᠷ\u180eᠠ", "ᠰᠠᠷᠠ"}, {"a゠b", "a＝b"}, {"a･b", "a·b"},
		{"a‐b", "a-b"},
	}
	for _, p := range same {
		if NameKey(p[0]) != NameKey(p[1]) {
			t.Errorf("%q and %q have the keys %q and %q", p[0], p[1], NameKey(p[0]), NameKey(p[1]))
		}
	}
	for _, p := range [][2]string{{"Ada", "Adan"}, {"a.b", "ab"}, {"José", "Jose"}, {"a b", "ab"}, {"O'Brien", "OBrien"},
		{"King, Jr.", "King Jr."}, {"李〇", "李"}, {"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴"},
		{"\U0001fae9", "\U0001faea"}, {"Ada (Ops)", "Ada Ops"}} {
		if NameKey(p[0]) == NameKey(p[1]) {
			t.Errorf("%q and %q have one key", p[0], p[1])
		}
	}
}

func TestSlugOf(t *testing.T) {
	for in, want := range map[string]string{
		"General Talk": "general-talk", "C++": "c", "!!!": "channel", "Über uns": "über-uns", "日本 語": "日本-語",
		"--a--b--": "a-b", "a/b?c#d": "a-b-c-d",
		"👩\u200d💻 dev": "dev", "🏳️\u200d🌈": "channel", "1️⃣ first": "1-first", "#️⃣ x": "x", "❤️": "channel",
		"葛\U000e0100城": "葛城", "র\u200d্যাব": "র্যাব", "علی\u200cرضا": "علیرضا", "\U0001fae9 \U0001faea": "channel",
		"\u06dd 5":  "5",
		"a \u0301b": "a-b", "हिन्दी": "हिन्दी",
	} {
		if got := slugify(in); got != want {
			t.Errorf("slugOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSlugsAreShort(t *testing.T) {
	for _, name := range []string{strings.Repeat("\ufdfa", 80), strings.Repeat("語", 80), strings.Repeat("x", 80)} {
		if slug := slugify(name); len(slug) > maxSlugBytes+4 || utf8.RuneCountInString(slug) > 2*maxSlugLen ||
			!utf8.ValidString(slug) {
			t.Errorf("%.9q… got a slug of %d bytes", name, len(slug))
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"Ada", " a  b ", "देवी", "e\u0301", "\u3164", "ﬁ", "a\u202e", "\xff", "İ", "ẞ", "ǆ",
		"O´Brien", "King, Jr.", "צה\"ל", "র\u200d্যাব", "葛\U000e0100城", "ကျော်", "Ⅷ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name, err := cleanName(in)
		if err != nil {
			return
		}
		if n := utf8.RuneCountInString(name); n < 1 || n > MaxNameLen || strings.TrimSpace(name) != name {
			t.Errorf("cleanName(%q) = %q", in, name)
		}
		if again, err := cleanName(name); err != nil || again != name {
			t.Errorf("cleaning %q again gives %q, %v", name, again, err)
		}
		if NameKey(name) == "" || NameKey(NameKey(name)) != NameKey(name) {
			t.Errorf("the key of %q is %q, and its key %q", name, NameKey(name), NameKey(NameKey(name)))
		}
		if NameKey(strings.ToUpper(name)) != NameKey(name) && NameKey(strings.ToLower(name)) != NameKey(name) {
			t.Errorf("the key of %q depends on its case", name)
		}
		for _, r := range name {
			if invisible(r) && !shaping(r) {
				t.Errorf("%q holds the invisible %U", name, r)
			}
		}
	})
}
