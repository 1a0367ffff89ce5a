package chat

import (
	"slices"
	"strings"
	"testing"
)

// People of any script mention each other as they write.
func TestMentionsInAnyScript(t *testing.T) {
	c := mustOpen(t, Options{})
	ids := make(map[string]ID)
	for _, name := range []string{
		"Scout", "田中", "田中 太郎", "민수", "สมชาย", "Аня", "José", "Ada", "Ada Jr.", "Sean O'Brien", "Anne-Marie (Ops)", "'t Hooft",
		"Maria del Carmen Lopez", "J. R. R. Tolkien", "a b c d e f g h i j k l m n o p", strings.Repeat("x", MaxNameLen),
		strings.Repeat("語", MaxNameLen), "ジョン・スミス", "Bob",
	} {
		ids[name] = mustSignIn(t, c, name).ID
	}
	reader := mustSignIn(t, c, "Reader")
	for body, names := range map[string]string{
		"交给@Scout处理": "Scout", "你好@Scout": "Scout", "@Scout处理": "Scout", "@Scout、": "Scout", "Привет@Scout": "Scout", "@Scoutу": "Scout",
		"@田中さん確認": "田中", "お疲れ様です@田中さん": "田中", "@田中 確認": "田中", "@田中太郎": "田中", "@田中　太郎さん": "田中 太郎", "@田中2": "田中",
		"@민수님": "민수", "@สมชายครับ": "สมชาย", "@Аня, да": "Аня", "@ジョン・スミスさん": "ジョン・スミス",
		"@Jose\u0301 x": "José", "é@Scout": "Scout",
		"＠Scout hello": "Scout", "ada＠Scout": "", "＠＠Scout": "Scout", "﹫Scout": "Scout", "@*Scout*": "Scout",
		"...@Scout": "Scout", ".@Scout": "Scout", "-@Scout": "Scout", "_@Scout_": "Scout", "(@Scout)": "Scout", "/@Scout": "Scout",
		`@"Scout"`: "Scout", "@“Scout”": "Scout", "@'Scout'": "Scout", "@「Scout」": "Scout", "@\u2068Scout\u2069": "Scout", "@Scout...ok": "Scout", "@Scout--ok": "Scout",
		"ada@Scout": "", "7@Scout": "", "https://x.example/@Scout": "", "https://x.example/a@Scout and @Bob": "Bob", "www.x.example/@Scout": "", "mailto:a.@Scout": "",
		"https://x.example/ @Scout": "Scout", "https://x.example/a，@Scout": "Scout", "@Scout https://x.example/@Bob": "Scout",
		"@Maria del Carmen Lopez hi": "Maria del Carmen Lopez", "@J. R. R. Tolkien": "J. R. R. Tolkien", "@J. R. R. Tolkien.": "J. R. R. Tolkien",
		"@a b c d e f g h i j k l m n o p q":        "a b c d e f g h i j k l m n o p",
		"@" + strings.Repeat("x", MaxNameLen) + ".": strings.Repeat("x", MaxNameLen), "@" + strings.Repeat("語", MaxNameLen+1): strings.Repeat("語", MaxNameLen),
		"@Ada's turn": "Ada", "@Ada’s": "Ada", "@Sean O’Brien's": "Sean O'Brien", "@sean o'brien": "Sean O'Brien", "@'t Hooft": "'t Hooft",
		"@Ada Jr. said": "Ada Jr.", "(@Ada Jr.)": "Ada Jr.", "@Ada(Ops)": "Ada", "(@Anne-Marie (Ops)).": "Anne-Marie (Ops)", "@Anne-Marie （Ops）": "Anne-Marie (Ops)",
		"@Ada-Scout @Ada.Scout": "", "@Scouts": "",
	} {
		var want []ID
		if names != "" {
			want = []ID{ids[names]}
		}
		if got, err := c.mentioned(t.Context(), reader, body); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q mentions %v, %v; want %q, %v", body, got, err, names, want)
		}
	}
	for _, body := range []string{"@all处理", "@channelさん", "@all's", "@\"all\"", "＠all"} {
		if got, err := c.mentioned(t.Context(), reader, body); err != nil || !slices.Equal(got, []ID{everyone}) {
			t.Errorf("%q mentions %v, %v", body, got, err)
		}
	}
}

// Every name that can be taken can be mentioned, alone and in a sentence of its script.
func FuzzMentionable(f *testing.F) {
	for _, s := range []string{"Ada", "J. R. R. Tolkien", "a b c d e f g h i j k l m n o p", "'t Hooft", "Anne-Marie (Ops)", "田中", "_x_", "a..b", "(x", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name, err := cleanName(in)
		if err != nil {
			return
		}
		for _, body := range []string{"@" + name, "@" + name + ", hi", "@" + name + " ok", "(@" + name + ")"} {
			found := candidates(body)
			if len(found) != 1 || !slices.ContainsFunc(found[0], func(r reading) bool { return r.key == NameKey(name) }) {
				t.Errorf("%q mentions %v", body, found)
			}
		}
	})
}

// No text has many readings: what is looked for is bounded, whatever people type.
func TestMentionsAreBounded(t *testing.T) {
	for what, unit := range map[string]string{
		"dots": "@a" + strings.Repeat(".", 126) + " ", "at": "@", "letters": "@abcdef ", "words": "@a b c d e f g h i j k l m n o p q r s ",
		"script changes": "@aяaяaяaяaяaяaяaяaяaяaяaяaяaяaяaя ", "no spaces": "@" + strings.Repeat("語", 40), "swells": "@" + strings.Repeat("\ufdfa", 32),
		"marks": "@a" + strings.Repeat("\u0316", 40), "apostrophes": "@" + strings.Repeat("a'", 30), "brackets": "@" + strings.Repeat("a(", 30),
		"quotes": "@\"a b c", "links": "http://a@b ", "full-width": "＠語語語", "one address": "https://a/@",
	} {
		runes := []rune(strings.Repeat(unit, MaxBodyLen/len([]rune(unit))+1))
		found := candidates(string(runes[:MaxBodyLen]))
		sum := 0
		for _, readings := range found {
			sum += len(readings)
		}
		if len(found) > maxMentions || sum > maxReadings+maxMentions {
			t.Errorf("%s: %d mentions with %d readings", what, len(found), sum)
		}
	}
}

// Looking for mentions costs as much as the text is long.
func BenchmarkCandidates(b *testing.B) {
	for what, unit := range map[string]string{"dots": "@a" + strings.Repeat(".", 126) + " ", "at": "@", "no spaces": "@" + strings.Repeat("語", 32), "swells": "@" + strings.Repeat("\ufdfa", 32), "words": "@a b c d e f g h i j k l m n o p q "} {
		body := string([]rune(strings.Repeat(unit, MaxBodyLen))[:MaxBodyLen])
		b.Run(what, func(b *testing.B) {
			for b.Loop() {
				candidates(body)
			}
		})
	}
}
