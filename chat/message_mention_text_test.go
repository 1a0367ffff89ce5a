package chat

import (
	"slices"
	"strings"
	"testing"
)

// Users of any script can mention each other as they usually write.
func TestMentionsInAnyScript(t *testing.T) {
	c := mustOpen(t, Options{})
	ids := make(map[string]ID)
	for _, name := range []string{
		"Scout", "田中", "田中 太郎", "민수", "สมชาย", "Аня", "José", "Ada", "Ada Jr.", "Sean O'Brien", "Anne-Marie (Ops)",
		"'t Hooft",
		"Maria del Carmen Lopez", "J. R. R. Tolkien", "a b c d e f g h i j k l m n o p", strings.Repeat("x", MaxNameLen),
		strings.Repeat("語", MaxNameLen), "ジョン・スミス", "Bob",
		"အောင်ကျော်", "བསྟན་འཛིན", "李〇", "Louis Ⅷ", "צה\"ל", "King, Jr.", "Ana–Maria", "র\u200d্যাব", "葛\U000e0100城",
	} {
		ids[name] = mustSignIn(t, c, name).ID
	}
	reader := mustSignIn(t, c, "Reader")
	for body, names := range map[string]string{
		"交给@Scout处理": "Scout", "你好@Scout": "Scout", "@Scout处理": "Scout", "@Scout、": "Scout", "Привет@Scout": "Scout",
		"@Scoutу": "Scout",
		"@田中さん確認": "田中", "お疲れ様です@田中さん": "田中", "@田中 確認": "田中", "@田中太郎": "田中", "@田中　太郎さん": "田中 太郎", "@田中2": "田中",
		"@민수님": "민수", "@สมชายครับ": "สมชาย", "@Аня, да": "Аня", "@ジョン・スミスさん": "ジョン・スミス",
		"@Jose\u0301 x": "José", "é@Scout": "Scout",
		"＠Scout hello": "Scout", "ada＠Scout": "", "＠＠Scout": "Scout", "﹫Scout": "Scout", "@*Scout*": "Scout",
		"...@Scout": "Scout", ".@Scout": "Scout", "-@Scout": "Scout", "_@Scout_": "Scout", "(@Scout)": "Scout",
		"/@Scout":  "Scout",
		`@"Scout"`: "Scout", "@“Scout”": "Scout", "@'Scout'": "Scout", "@「Scout」": "Scout", "@\u2068Scout\u2069": "Scout",
		"@Scout...ok": "Scout", "@Scout--ok": "Scout",
		"ada@Scout": "", "7@Scout": "", "https://x.example/@Scout": "", "https://x.example/a@Scout and @Bob": "Bob",
		"www.x.example/@Scout": "", "mailto:a.@Scout": "",
		"https://x.example/ @Scout": "Scout", "https://x.example/a，@Scout": "Scout", "@Scout https://x.example/@Bob": "Scout",
		"@Maria del Carmen Lopez hi": "Maria del Carmen Lopez", "@J. R. R. Tolkien": "J. R. R. Tolkien",
		"@J. R. R. Tolkien.":                        "J. R. R. Tolkien",
		"@a b c d e f g h i j k l m n o p q":        "a b c d e f g h i j k l m n o p",
		"@" + strings.Repeat("x", MaxNameLen) + ".": strings.Repeat("x", MaxNameLen),
		"@" + strings.Repeat("語", MaxNameLen+1):     strings.Repeat("語", MaxNameLen),
		"@Ada's turn": "Ada", "@Ada’s": "Ada", "@Sean O’Brien's": "Sean O'Brien", "@sean o'brien": "Sean O'Brien",
		"@'t Hooft":     "'t Hooft",
		"@Ada Jr. said": "Ada Jr.", "(@Ada Jr.)": "Ada Jr.", "@Ada(Ops)": "Ada", "(@Anne-Marie (Ops)).": "Anne-Marie (Ops)",
		"@Anne-Marie （Ops）":     "Anne-Marie (Ops)",
		"@Ada-Scout @Ada.Scout": "", "@Scouts": "",
		"@အောင်ကျော် x": "အောင်ကျော်", "@བསྟན་འཛིན་ལ": "བསྟན་འཛིན", "@李〇さん": "李〇", "@Louis VIII": "Louis Ⅷ",
		"@צה\"ל, x": "צה\"ל", "@צה״ל": "צה\"ל", "@\"צה\"ל\"": "צה\"ל", "@King, Jr. said": "King, Jr.", "@King, you": "",
		"@Ada, hi": "Ada", "@Ada, Jr.": "Ada", "@ana-maria": "Ana–Maria", "@Ana–Maria’s": "Ana–Maria", "@Ada–who": "Ada",
		"@Ada – who": "Ada", "@sean o`brien": "Sean O'Brien", "@Sean O´Brien`s": "Sean O'Brien", "`@Scout`": "",
		"@`Scout`": "",
		"> @Scout": "", "```\n@Scout\n```": "", "> @Scout\n\n@Bob": "Bob", "`a` @Scout `b`": "Scout",
		"@র্যাব": "র\u200d্যাব", "@র\u200d্যাব।": "র\u200d্যাব", "@葛城さん": "葛\U000e0100城", "@葛\U000e0101城": "葛\U000e0100城",
		"@Scout\U000e0100":       "Scout",
		"see youtube.com/@Scout": "", "x.example/@scout": "", "ftp://x/@Scout": "", "(youtube.com/@Scout)": "",
		"https:/x.example:80/a/@Scout": "", "X.EXAMPLE/a?b=@Scout&c=@Scout": "", "ada@x.example/@Scout": "",
		"例え.jp/@Scout":     "",
		"x.example/＠Scout": "", "x.example/#!/@Scout": "", "x.example/(a)/@Scout": "", "x.example/a,b;c/@Scout": "",
		"(10.0.0.1/@Scout": "", "[x](ftp://x/@Scout)": "", "**x.example/@Scout**": "", "ssh://@Scout": "",
		"10.0.0.1/@Scout": "", "localhost:80/@Scout": "", "matrix.to/#/@Scout:x.org": "", "file:///@Scout": "",
		"x.example./@Scout": "",
		"and/@Scout":        "Scout", "he/@Scout": "Scout", "e.g./@Scout": "Scout",
		"v1.2/@Scout": "Scout", ".../@Scout": "Scout",
		"./@Scout": "Scout", "x.example @Scout": "Scout", "x.example/a @Scout": "Scout", "x.example/a，@Scout": "Scout",
		"x.example/a, x/@Scout": "Scout", "@Scout/@Bob.com": "Scout", "(x.example/a)@Scout": "Scout",
		"x.example/a,@Scout": "Scout", "'x.example/a'@Scout": "Scout", "x.example/a:\n@Scout": "Scout",
		"A.B/@Scout": "Scout",
	} {
		var want []ID
		if names != "" {
			want = []ID{ids[names]}
		}
		if got, err := c.mentioned(t.Context(), reader, body); err != nil || !slices.Equal(got.who, want) {
			t.Errorf("%q mentions %v, %v; want %q, %v", body, got, err, names, want)
		}
	}
	for _, body := range []string{"@all处理", "@channelさん", "@all's", "@\"all\"", "＠all"} {
		if got, err := c.mentioned(t.Context(), reader, body); err != nil || !slices.Equal(got.who, []ID{mentionAll}) {
			t.Errorf("%q mentions %v, %v", body, got, err)
		}
	}
}

// The link of a mention is what says the name, with the quotes around it, and no more; a backslash before the @ keeps
// it as it is typed, and is not shown.
func TestMentionSpans(t *testing.T) {
	c := mustOpen(t, Options{})
	reader := mustSignIn(t, c, "Bob")
	mustSignIn(t, c, "Anne-Marie (Ops)")
	for body, want := range map[string]string{
		"@Bob - hi": "@Bob", "@Bob": "@Bob", "@Bob, hi": "@Bob", "@Bob (hi)": "@Bob", "@Bob 's": "@Bob", "@Bob . hi": "@Bob",
		`@"Bob" x`: `@"Bob"`, "@“Bob” x": "@“Bob”", "@'Bob'": "@'Bob'", "@「Bob」": "@「Bob」", "@(Bob) x": "@(Bob)",
		"@«Bob»": "@«Bob»", "@<Bob>": "@<Bob>", "@[Bob]": "@[Bob]", "@*Bob*": "@*Bob*",
		"@\u2068Bob\u2069": "@\u2068Bob\u2069",
		`@"Bob`:            `@"Bob`, `@"Bob)`: `@"Bob`, `"@Bob"`: "@Bob", "(@Bob)": "@Bob", `@"Bob - hi"`: `@"Bob`,
		"@Anne-Marie (Ops) - hi": "@Anne-Marie (Ops)",
		`\@Bob`:                  "", `\\@Bob`: "@Bob", `\\\@Bob`: "", `x \@Bob @Bob`: "@Bob",
		`\＠Bob`: "＠Bob", `\@channel`: "",
	} {
		m, err := c.mentioned(t.Context(), reader, body)
		got := ""
		for _, s := range m.spans {
			got += body[s.Start:s.End]
		}
		if err != nil || got != want {
			t.Errorf("%q links %q, %v; want %q", body, got, err, want)
		}
		if html := format(body, m.spans).HTML; strings.HasPrefix(body, `\@`) && html != body[1:] {
			t.Errorf("%q is shown as %q", body, html)
		}
	}
}

// Every name that can be taken can be mentioned, alone and in a sentence of its script.
func FuzzMentionable(f *testing.F) {
	for _, s := range []string{"Ada", "J. R. R. Tolkien", "a b c d e f g h i j k l m n o p", "'t Hooft",
		"Anne-Marie (Ops)", "田中", "_x_", "a..b", "(x", "e\u0301", "King, Jr.", "محمد، الابن", "O`Brien", "צה\"ל",
		"བསྟན་འཛིན་", "李〇", "Ana–Maria", "র\u200d্যাব", "葛\U000e0100城", "ကျော်", "x–", "–x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name, err := cleanName(in)
		if err != nil {
			return
		}
		for _, body := range []string{"@" + name, "@" + name + ", hi", "@" + name + " ok", "(@" + name + ")"} {
			found := findMentions(body).candidates
			named := func(r mentionCandidate) bool { return r.key == NameKey(name) }
			if len(found) != 1 || !slices.ContainsFunc(found[0], named) {
				t.Errorf("%q mentions %v", body, found)
			}
		}
	})
}

// The number of readings of a text is limited, whatever is typed.
func TestMentionsAreBounded(t *testing.T) {
	for what, unit := range map[string]string{
		"dots": "@a" + strings.Repeat(".", 126) + " ", "at": "@", "letters": "@abcdef ",
		"words":          "@a b c d e f g h i j k l m n o p q r s ",
		"script changes": "@aяaяaяaяaяaяaяaяaяaяaяaяaяaяaяaя ", "no spaces": "@" + strings.Repeat("語", 40),
		"swells": "@" + strings.Repeat("\ufdfa", 32),
		"marks":  "@a" + strings.Repeat("\u0316", 40), "apostrophes": "@" + strings.Repeat("a'", 30),
		"brackets": "@" + strings.Repeat("a(", 30),
		"quotes":   "@\"a b c", "links": "http://a@b ", "full-width": "＠語語語",
		"one address": "https://a/@", "another": "a.bc/@",
		"commas": "@a, b, c, d, e, f, g, h, i, j, k, l ", "different": differentMentions("語"),
		"different apostrophes": differentMentions("é’"), "dashes": "@" + strings.Repeat("a–", 30),
		"selectors": "@葛\U000e0100",
	} {
		runes := []rune(strings.Repeat(unit, MaxBodyLen/len([]rune(unit))+1))
		found := findMentions(string(runes[:MaxBodyLen])).candidates
		if n := differentReadings(found); len(found) > maxMentions || n > maxReadings {
			t.Errorf("%s: %d mentions with %d readings", what, len(found), n)
		}
	}
}

func differentReadings(found [][]mentionCandidate) int {
	different := make(map[mentionCandidate]bool)
	for _, readings := range found {
		for _, r := range readings {
			different[r] = true
		}
	}
	return len(different)
}

// differentMentions returns more mentions than are looked up, each followed by text that may be part of a name.
func differentMentions(text string) string {
	var b strings.Builder
	for n := range rune(2 * maxMentions) {
		b.WriteString("@" + string('一'+n) + string([]rune(strings.Repeat(text, 36))[:36]) + " ")
	}
	return b.String()
}

// Many mentions do not displace one another: neither a user who is named repeatedly nor the first ones are lost.
func TestManyMentions(t *testing.T) {
	c := mustOpen(t, Options{})
	ids := make(map[string]ID)
	for _, name := range []string{"J. R. R. Tolkien", "ジョン・スミス", "田中", "Ada"} {
		ids[name] = mustSignIn(t, c, name).ID
	}
	reader := mustSignIn(t, c, "Reader")
	var all strings.Builder
	var everybody []ID
	for n := range rune(maxMentions) {
		name := "ジョン" + string('一'+n) + "・スミス"
		everybody = append(everybody, mustSignIn(t, c, name).ID)
		all.WriteString("@" + name + "\n")
	}
	for what, many := range map[string]struct {
		body string
		want []ID
	}{
		"one in each line": {strings.Repeat("@J. R. R. Tolkien\n", 200) + "@Ada",
			[]ID{ids["J. R. R. Tolkien"], ids["Ada"]}},
		"in Japanese":    {strings.Repeat("@ジョン・スミス\n", 200) + "@Ada", []ID{ids["ジョン・スミス"], ids["Ada"]}},
		"different ones": {all.String(), everybody},
		"whole names first": {"@J. R. R. Tolkien @ジョン・スミス" + differentMentions("語"),
			[]ID{ids["J. R. R. Tolkien"], ids["ジョン・スミス"]}},
		"short names later": {string([]rune(differentMentions("語"))[:39*(maxMentions-2)]) + "@田中さんよろしくお願いします @Ada",
			[]ID{ids["田中"], ids["Ada"]}},
		"behind another @": {"@@Ada@Ada 1 @Ada 1", []ID{ids["Ada"]}},
		"repeated, then whole": {strings.Repeat("@ジョン・スミスさん\n@Ada\n", 100) + "@J. R. R. Tolkien",
			[]ID{ids["J. R. R. Tolkien"], ids["ジョン・スミス"], ids["Ada"]}},
	} {
		slices.Sort(many.want)
		if got, err := c.mentioned(t.Context(), reader, many.body); err != nil || !slices.Equal(got.who, many.want) {
			t.Errorf("%s: %v, %v; want %v", what, got, err, many.want)
		}
	}
}

// The cost of finding mentions is linear in the length of the text.
func BenchmarkCandidates(b *testing.B) {
	for what, unit := range map[string]string{"dots": "@a" + strings.Repeat(".", 126) + " ", "at": "@",
		"no spaces": "@" + strings.Repeat("語", 32), "swells": "@" + strings.Repeat("\ufdfa", 32),
		"words": "@a b c d e f g h i j k l m n o p q "} {
		body := string([]rune(strings.Repeat(unit, MaxBodyLen))[:MaxBodyLen])
		b.Run(what, func(b *testing.B) {
			for b.Loop() {
				findMentions(body)
			}
		})
	}
}
