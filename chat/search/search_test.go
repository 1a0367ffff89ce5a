package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"renderRow": "renderrow", "ÄÖÜ Straße": "aou strasse", "Ｆｕｌｌ　ｗｉｄｔｈ": "full width", "café cafe\u0301": "cafe cafe",
		"a \t\n\x00b": "a b", "ﬁn": "fin", "한국어": "한국어", "が": "が", "ｶﾞ": "ガ", "“it’s” —": `"it's" -`, "Łódź": "lodz",
		"\u1112\u1161\u11ab": "한", "\ufdfa": " ",
		"שָׁלוֹם": "שלום", "Ⅳ": "iv", "ΣΊΣΥΦΟΣ": "σισυφοσ",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if got, from := foldWithOrigin(text); got != want || len(from) != len(got)+1 {
			t.Errorf("%q in parts is %q, want %q", text, got, want)
		}
	}
}

// Any part of any word is found, in any script; what is not in the text is not.
func TestWordsInTexts(t *testing.T) {
	for _, c := range []struct {
		text  string
		found []string
		not   []string
	}{
		{"see renderRow() in views/row.go", []string{"renderR", "row", "ROW()", "w.g", "s/r", "see render", "e", "(",
			"row.go"},
			[]string{"rowgo", "seerender", "renderr()", "x"}},
		{"東京都に行く", []string{"京都", "都", "東京都", "東", "く", "都に行"}, []string{"京東", "行に"}},
		{"price: 100€ 👍🏽 ok", []string{"👍", "100", "00€", "€"}, []string{"👎", "100 €"}},
		{"Crème brûlée", []string{"creme", "BRULEE", "me br"}, []string{"cremeb"}},
		{"한국어 배우기", []string{"국어", "배우", "어 배"}, []string{"국 어"}},
		{"naïve coöperate ABC東京xyz", []string{"naive", "oop", "c東", "京x", "bc東京xy"}, []string{"c京"}},
		{"สวัสดีครับ", []string{"สวัสดี", "ครับ"}, []string{"ดีค่ะ"}},
	} {
		for _, q := range append(slices.Clone(c.found), c.not...) {
			want := slices.Contains(c.found, q)
			if got := len(ask(t, []string{c.text}, q)) == 1; got != want {
				t.Errorf("%q in %q: %v", q, c.text, got)
			}
		}
	}
}

// ask returns the indexes of the texts in which all words of a query are.
func ask(t *testing.T, texts []string, words ...string) (found []int) {
	t.Helper()
	var b Builder
	folded := make([]string, len(texts))
	for i, text := range texts {
		folded[i] = Fold(text)
		b.Add(Entry{Number: int64(i), Text: folded[i]})
	}
	q := Query{Class: func(int64) Class { return 1 }}
	for _, w := range words {
		q.Words = append(q.Words, NewWord(w))
	}
	return find(t, &q, b.Build(), folded)
}

func find(t *testing.T, q *Query, b Block, folded []string) (found []int) {
	t.Helper()
	err := q.Find(b, nil, func(h Hit) {
		if q.Matches(folded[h.Number]) {
			found = append(found, int(h.Number))
		} else if q.Exact() {
			t.Errorf("%q is said to have %q", folded[h.Number], q.Words)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The index finds what reading all texts finds: for random texts of letters, signs and characters of several scripts.
func TestAgainstReading(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("aab B.-_1  東京京都 éÉ가나ß\u0301👍ก่")
	draw := func(most int) string {
		text := make([]rune, random.IntN(most))
		for i := range text {
			text[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(text)
	}
	texts := make([]string, 300)
	var b Builder
	for i := range texts {
		texts[i] = Fold(draw(20))
		b.Add(Entry{Number: int64(i), Text: texts[i]})
	}
	block := b.Build()
	hits := 0
	for range 3000 {
		q := Query{Class: func(int64) Class { return 1 }}
		for range 1 + random.IntN(2) {
			if w := NewWord(draw(5)); !w.Empty() {
				q.Words = append(q.Words, w)
			}
		}
		if w := NewWord(draw(4)); !w.Empty() {
			q.Without = append(q.Without, w)
		}
		var want []int
		for i, text := range texts {
			if q.Matches(text) {
				want = append(want, i)
			}
		}
		if got := find(t, &q, block, texts); !slices.Equal(got, want) {
			t.Fatalf("%+v: %v, want %v", q, got, want)
		}
		hits += len(want)
	}
	if hits < 1000 {
		t.Error("hardly anything was found:", hits)
	}
}

// Facts, channels, times and numbers narrow what is found; what one does not see is not found.
func TestConditions(t *testing.T) {
	var b Builder
	for i := range int64(20) {
		b.Add(Entry{Number: 100 + i*7, Seconds: 1000 + i, Channel: i % 4, Text: "f1", Facts: []string{fmt.Sprint("f", i%3)}})
	}
	block := b.Build()
	all := func(q Query) string {
		t.Helper()
		if q.Class == nil {
			q.Class = func(channel int64) Class { return Class(channel) }
		}
		var list []string
		if err := q.Find(block, []int64{107, 114}, func(h Hit) {
			list = append(list,
				fmt.Sprint((h.Number-100)/7))
		}); err != nil {
			t.Fatal(err)
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, "3 5 6 7 9 10 11 13 14 15 17 18 19"}, // 1 and 2 are stale
		{Query{Any: [][]Condition{{{Fact: "f1"}}}}, "7 10 13 19"},
		{Query{Any: [][]Condition{{{Fact: "f1", Class: 2}, {Fact: "f2", Class: 1}}}}, "5 7 10 11 17 19"},
		{Query{Any: [][]Condition{{{Class: 2, Not: "f1"}}}}, "3 6 11 14 15 18"},
		{Query{None: []Condition{{Fact: "f1"}, {Class: 2}}}, "5 9 17"},
		{Query{Any: [][]Condition{{{Fact: "f"}}}}, ""},
		{Query{After: 1010, Before: 1014}, "10 11 13"},
		{Query{After: 1010, Before: 1014, Except: []Period{{1011, 1013}, {0, 1010}}}, "10 13"},
		{Query{Numbers: []int64{107, 121, 149, 156}}, "3 7"},
		{Query{Words: []Word{NewWord("f0")}}, ""}, // a fact is no word
		{Query{Class: func(int64) Class { return 0 }}, ""},
	} {
		if got := all(c.q); got != c.want {
			t.Errorf("%+v: %s, want %s", c.q, got, c.want)
		}
	}
}

// A damaged block is an error, and not a crash.
func TestDamaged(t *testing.T) {
	var b Builder
	b.Add(Entry{Number: 1, Text: "one two"})
	b.Add(Entry{Number: 2, Text: "two"})
	whole := b.Build()
	q := Query{Words: []Word{NewWord("t")}, Class: func(int64) Class { return 1 }}
	for i := range len(whole.Lists) {
		_ = q.Find(Block{whole.Words, whole.Lists[:i], whole.Columns}, nil, func(Hit) {})
		cut := slices.Clone(whole.Lists)
		cut[i] ^= 0xff
		_ = q.Find(Block{whole.Words, cut, whole.Columns}, nil, func(Hit) {})
	}
	for i := range len(whole.Columns) {
		_ = q.Find(Block{whole.Words, whole.Lists, whole.Columns[:i]}, nil, func(Hit) {})
	}
	if err := q.Find(Block{}, nil, func(Hit) {}); err == nil {
		t.Error("nothing is a block")
	}
}

func TestParse(t *testing.T) {
	for query, want := range map[string][]Term{
		"":             nil,
		" one  two ":   {{Value: "one"}, {Value: "two"}},
		`"a phrase" b`: {{Value: "a phrase", Phrase: true}, {Value: "b"}},
		`-"a b" -c`:    {{Value: "a b", Phrase: true, Not: true}, {Value: "c", Not: true}},
		`from:maya FROM:"Maya Lin" in:#design`: {{Filter: "from", Value: "maya"}, {Filter: "from", Value: "Maya Lin"},
			{Filter: "in", Value: "#design"}},
		`“curly quotes”`:    {{Value: "curly quotes", Phrase: true}},
		`"open`:             {{Value: "open", Phrase: true}},
		`- -- a-b http://x`: {{Value: "-"}, {Value: "-", Not: true}, {Value: "a-b"}, {Value: "http://x"}},
		`from: x`:           {{Value: "x"}},
		`from:`:             nil, // as one types it
		`-has:link`:         {{Filter: "has", Value: "link", Not: true}},
	} {
		if got := Parse(query); !slices.Equal(got, want) {
			t.Errorf("%q: %+v, want %+v", query, got, want)
		}
	}
	if got := Parse(strings.Repeat("a ", 1000)); len(got) != MaxTerms {
		t.Error(len(got))
	}
}

func TestDays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 15, 0, 0, 0, berlin) // a Friday
	for date, want := range map[string]string{
		"2026-11-27": "2026-11-27 2026-11-28", "2026-3-29": "2026-03-29 2026-03-30", "today": "2026-11-27 2026-11-28",
		"Yesterday": "2026-11-26 2026-11-27", "november": "2026-11-01 2026-12-01", "Dec": "2025-12-01 2026-01-01",
		"2025": "2025-01-01 2026-01-01", "2026-02": "2026-02-01 2026-03-01", "friday": "2026-11-27 2026-11-28",
		"sat": "2026-11-21 2026-11-22", "last week": "2026-11-16 2026-11-23", "march  2024": "2024-03-01 2024-04-01",
		"month": "2026-11-01 2026-12-01", "last year": "2025-01-01 2026-01-01", "ma": "", "2026-13": "", "x": "", "": "",
		"march x": "", "2026-11-31": "",
	} {
		from, to, ok := Days(date, now)
		got := ""
		if ok {
			got = from.Format(time.DateOnly) + " " + to.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", date, got, want)
		}
	}
	if from, to, _ := Days("2026-03-29", now); to.Sub(from) != 23*time.Hour {
		t.Error("the day of the change of the clocks has", to.Sub(from))
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ page, words, want string }{
		{"<p>one two</p>", "two", "<p>one <mark>two</mark></p>"},
		{"<p>tWo <b>t</b>wo</p>", "two", "<p><mark>tWo</mark> <b><mark>t</mark></b><mark>wo</mark></p>"},
		{`<a href="two">2</a>`, "two", `<a href="two">2</a>`},
		{"<p>a &amp; b &lt;c&gt;</p>", "& <c", "<p>a <mark>&amp;</mark> b <mark>&lt;c</mark>&gt;</p>"},
		{"<p>ab</p><p>cd</p>", "bc", "<p>ab</p><p>cd</p>"},
		{"Stra\u00dfe cre\u0300me", "ras me", "St<mark>ra\u00df</mark>e cre\u0300<mark>me</mark>"},
		{"cre\u0300me", "cre", "<mark>cre\u0300</mark>me"},
		{"東京都", "京都 東京", "<mark>東京都</mark>"},
		{"aaa", "aa", "<mark>aa</mark>a"},
		{"a < b", "b", "a < b"}, {"one", "", "one"},
	} {
		var words []Word
		for _, term := range Parse(c.words) {
			words = append(words, NewWord(term.Value))
		}
		if got := Mark(c.page, words); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.words, c.page, got, c.want)
		}
	}
}

// No query and no text makes a panic, and marks change nothing but themselves.
func FuzzQuery(f *testing.F) {
	f.Add(`from:maya "a b" -x`, "<p>a b &amp; c</p>")
	f.Fuzz(func(t *testing.T, query, page string) {
		terms := Parse(query)
		if again := Parse(Join(terms)); len(terms) < MaxTerms && !strings.ContainsAny(query, "\"\u201c\u201d\u201e\uff02") &&
			len(query) < MaxQueryLen && !slices.Equal(again, terms) {
			t.Errorf("%q is read as %+v, and that as %+v", query, terms, again)
		}
		var words []Word
		for _, term := range terms {
			Days(term.Value, time.Unix(1e9, 0).UTC())
			if w := NewWord(term.Value); !w.Empty() {
				words = append(words, w)
			}
		}
		marked := Mark(page, words)
		if !strings.Contains(page, "mark>") && strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marked) != page {
			t.Errorf("%q became %q", page, marked)
		}
		ask(t, []string{page}, query)
	})
}
