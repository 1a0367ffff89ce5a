package markdown

import (
	"strings"
	"testing"

	"chitchat/chat/costtest"
)

func TestRender(t *testing.T) {
	for _, c := range []struct {
		src, want string
		blocks    bool
	}{
		{"plain text, 3 > 2 (no?) — yes!", "", false},
		{"**bold** _it_ ~~gone~~ `<c>`", "<strong>bold</strong> <em>it</em> <del>gone</del> <code>&lt;c&gt;</code>", false},
		{"one *line*\nand *another*", "one <em>line</em><br>and <em>another</em>", false},
		{"# Heading\ntext", "<p><strong>Heading</strong></p>\n<p>text</p>", true},
		{"# Heading", "<strong>Heading</strong>", false},
		{"<b>x</b> &amp; <script>alert(1)</script>", "&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;",
			false},
		{"<div>\n*x*\n</div>", "&lt;div&gt;<br>*x*<br>&lt;/div&gt;", false},
		{"![a cat](https://a.example/c.png)",
			`<a href="https://a.example/c.png" rel="nofollow noreferrer noopener" target="_blank">a cat</a>`, false},
		{"[run](javascript:alert(1)) [here](/c/general)", `[run](javascript:alert(1)) <a href="/c/general">here</a>`, false},
		{"- [ ] a\n- [x] b", "<ul>\n<li><input type=\"checkbox\" aria-label=\"To do\" disabled=\"\"> a</li>\n" +
			"<li><input type=\"checkbox\" aria-label=\"Done\" checked=\"\" disabled=\"\"> b</li>\n</ul>", true},
		{"> quote\n\nand 3. text", "<blockquote>\n<p>quote</p>\n</blockquote>\n<p>and 3. text</p>", true},
		{"[note]: buy milk", "[note]: buy milk", false},
		{"[a][1]\n\n[1]: https://a.example", `<a href="https://a.example" rel="nofollow noreferrer noopener" ` +
			`target="_blank">a</a>`, false},
		{"&#42; and &#42;", "* and *", false},
		{"```\n<x>\n```", "<div class=\"code\"><pre tabindex=\"0\"><code>&lt;x&gt;\n</code></pre></div>", true},
	} {
		if got, blocks := Render(c.src, nil); got != c.want || blocks != c.blocks {
			t.Errorf("%q\ngot  %v %s\nwant %v %s", c.src, blocks, got, c.blocks, c.want)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct{ lang, code, want string }{
		{"go", "func f() int { return 0x1F } // \"x\"", `<span class="k">func</span> <span class="nf">f</span>() ` +
			`<span class="k">int</span> { <span class="k">return</span> <span class="m">0x1F</span> } ` +
			`<span class="c">// &#34;x&#34;</span>`},
		{"go", "`a\n\"b` + \"c\\\"d", "<span class=\"s\">`a\n&#34;b`</span> + <span class=\"s\">&#34;c\\&#34;d</span>"},
		{"python", "'''a\n'b''' if # x", "<span class=\"s\">&#39;&#39;&#39;a\n&#39;b&#39;&#39;&#39;</span> " +
			`<span class="k">if</span> <span class="c"># x</span>`},
		{"sql", "SELECT a FROM b -- c",
			`<span class="k">SELECT</span> a <span class="k">FROM</span> b <span class="c">-- c</span>`},
		{"json", `{"a": "b", "c": 1}`, `{<span class="na">&#34;a&#34;</span>: <span class="s">&#34;b&#34;</span>, ` +
			`<span class="na">&#34;c&#34;</span>: <span class="m">1</span>}`},
		{"yaml", "a-b: yes # c", `<span class="na">a-b</span>: <span class="k">yes</span> <span class="c"># c</span>`},
		{"html", "<a b=\"c\">1 d</a><!-- e -->", `<span class="nt">&lt;a</span> b=<span class="s">&#34;c&#34;</span>&gt;1 d` +
			`<span class="nt">&lt;/a</span>&gt;<span class="c">&lt;!-- e --&gt;</span>`},
		{"diff", "@@ 1\n+a\n-b\n c",
			"<span class=\"k\">@@ 1\n</span><span class=\"gi\">+a\n</span><span class=\"gd\">-b\n</span> c"},
		{"sh", "echo $a#b", `<span class="k">echo</span> $a#b`},
		{"nothing", "if 1", "if 1"},
	} {
		got, _ := Render("```"+c.lang+"\n"+c.code+"\n```", nil)
		_, got, _ = strings.Cut(got, `<code class="language-`+c.lang+`">`)
		if got = strings.TrimSuffix(got, "\n</code></pre></div>"); got != c.want {
			t.Errorf("%s %q\ngot  %s\nwant %s", c.lang, c.code, got, c.want)
		}
	}
}

// Every name of a language is one that code may be marked with, and a language of every kind ends whatever is open.
func TestLanguages(t *testing.T) {
	for name := range languages {
		for _, open := range []string{"\"", "'", "`", "/*", "\"\"\"", "<!--", "\"\\", "--[[", "#", "{-", "<", "é", "@"} {
			got, _ := Render("```"+name+"\n"+open+"\n```", nil)
			if !strings.Contains(got, `<code class="language-`+name+`">`) || !strings.HasSuffix(got, "</code></pre></div>") {
				t.Errorf("%s %q: %s", name, open, got)
			}
		}
	}
}

func TestSpans(t *testing.T) {
	for src, want := range map[string]string{
		"see http://a/_b_*c* *x*":  `see <a href="/c/1">http://a/_b_*c*</a> <em>x</em>`,
		"**http://a/_b_*c***":      `<strong><a href="/c/1">http://a/_b_*c*</a></strong>`,
		"`http://a/_b_*c*` *x*":    "<code>http://a/_b_*c*</code> <em>x</em>",
		"[http://a/_b_*c*](/c/2)":  `<a href="/c/2">http://a/_b_*c*</a>`,
		"[http://a/_b_*c*] *x*":    `[<a href="/c/1">http://a/_b_*c*</a>] <em>x</em>`,
		"語http://a/_b_*c* *x*":     `語<a href="/c/1">http://a/_b_*c*</a> <em>x</em>`,
		"<div>\nhttp://a/_b_*c*":   `&lt;div&gt;<br><a href="/c/1">http://a/_b_*c*</a>`,
		"![http://a/_b_*c*](/c/2)": `<a href="/c/2">http://a/_b_*c*</a>`,
		"<http://a/_b_*c*>": `<a href="http://a/_b_*c*" rel="nofollow noreferrer noopener" target="_blank">` +
			`http://a/_b_*c*</a>`,
		"> a\n> http://a/_b_*c* b": "<blockquote>\n<p>a<br><a href=\"/c/1\">http://a/_b_*c*</a> b</p>\n</blockquote>",
	} {
		at := strings.Index(src, "http")
		spans := []Span{{Start: at, End: at + len("http://a/_b_*c*"), Href: "/c/1"}}
		if got, _ := Render(src, spans); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", src, got, want)
		}
	}
	mentions := []Span{{Start: 0, End: 7, Href: "/u/1", Class: "mention"}, {Start: 10, End: 16, Class: "mention"}}
	const want = `<a class="mention" href="/u/1">＠a_b_</a> * <span class="mention">@all_x</span>_`
	if got, _ := Render("＠a_b_ * @all_x_", mentions); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	const plain = `<a class="mention" href="/u/1">@Ada</a> &#34;x&#34;<br>y`
	if got, blocks := Render("@Ada \"x\"\ny", []Span{{Start: 0, End: 4, Href: "/u/1", Class: "mention"}}); got != plain ||
		blocks {
		t.Errorf("a plain text with a mention is %s", got)
	}
}

func TestSpoken(t *testing.T) {
	for src, want := range map[string]string{
		"@a `@b` @c":               "@a      @c",
		"@a\n> @b\n\n@c":           "@a\n    \n\n@c",
		"```\n@a\n```\n@b":         "   \n  \n   \n@b",
		"    @a\n\n@b *@c*":        "      \n\n@b *@c*",
		"> <mailto:a@b.c> @b\n\nc": "                   \n\nc",
		"@a":                       "@a",

		"[x](@b) **@a** [@b](https://x.org) c": " x      **@a**                     c",
		`[x](/y "@b") @*a* @_b_`:               ` x           @*a* @_b_`,
		"[a]\n\n[a]: /c/x \"@b\"":              "   \n\n              ",
		"[a]: /c/x \"@b\" no":                  "[a]: /c/x \"@b\" no",
		"```@b\nc\n```":                        "     \n \n   ",
		"![@b](https://x.org) \\@c":            "                     \\@c",
		strings.Repeat("> ", 60) + "@b":        strings.Repeat(" ", 122),
		"|a|\n|-|\n|@b|@c|":                    " a \n   \n @b    ",
		"<b>@b</b> &#64;c <https://x.org/@b>":  "<b>@b</b> &#64;c                   ",
	} {
		if got := Spoken(src); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", src, got, want)
		}
	}
	nested := strings.Repeat("*a **b ", 25) + strings.Repeat("b** a*", 25)
	if _, ok := parse([]byte(nested), nil); ok {
		t.Fatal("this is not too deep for the test")
	}
	const want = "\n      \n   \n    \n   \n @c\n     "
	if got := Spoken(nested + "\n ```@b\n@b \n> @b\n```\n @c\n > @b"); got != nested+want {
		t.Errorf("a text that is shown as it was typed: %q", got)
	}
}

// A text that is plain at first sight comes out as it is by the long way too.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "a", "a\nb", "1 a", "12. a", "12) a", "a.b, c!", "(a) {b}", "a:b", "é#", "a - b",
		"a+b=c", "x\n12", "\u00a0a", "a  \n   b "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if !Plain(src) || !strings.ContainsFunc(src, func(r rune) bool { return r > ' ' }) {
			return
		}
		doc, ok := parse([]byte(src), nil)
		if !ok { // it is shown as it was typed, too
			return
		}
		var b strings.Builder
		if err := renderer.Render(&b, []byte(src), doc); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(src, "\n")
		for i := range lines {
			lines[i] = strings.Trim(lines[i], " ")
		}
		want := strings.NewReplacer("\n", "<br>", "&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(
			strings.Join(lines, "\n"))
		if got := b.String(); got != "<p>"+want+"</p>\n" {
			t.Errorf("%q\ngot  %q\nwant %q", src, got, want)
		}
	})
}

// TestWorstTexts tests that no text costs much more than an ordinary one of the same length. Of the units some took
// seconds in the library, which looks back at all that precedes, or ahead to the end.
func TestWorstTexts(t *testing.T) {
	const length, most = 8000, 16
	fill := func(unit string) string {
		runes := []rune(strings.Repeat(unit, length/len([]rune(unit))+1))
		return string(runes[:length])
	}
	ordinary := fill("Some *words* and `code`, a [link](https://a.example/) and **more** of it.\n- one\n- two\n\n")
	texts := map[string]string{
		"1. then line breaks": fill("1. ")[:length/2] + fill("\n")[:length/2],
		"> then -":            fill("> ")[:length/2] + fill("- ")[:length/2],
		"table":               "|" + fill("a|")[:length/3] + "\n|" + fill("-|")[:length/3] + "\n" + fill("|\n")[:length/3],
		"one reference":       "[a]: /" + fill("b")[:length/2] + "\n\n" + fill("[a] ")[:length/2],
	}
	for _, unit := range []string{
		"*", "**", "_", "*a ", "*a_ ", "_a_", "a**", "*a _b ", "**a*", "`", "`` `", "\\```\n", "`a``", "[", "]", "](", "[a](",
		"![", "[](",
		"[a](b)", "[a][", "[a]: b\n", "](![", "<", "<a", "<a@", "<http://a", "<!--", "<a b=\"", "</", "<?", "<![CDATA[", ">",
		"> ", ">\n", ">\t",
		"- ", "-\n", "-\t", "+ ", "* ", "1. ", "1)\n", "- [ ] ", "> - ", "#\n", "# ", "=\n", "---\n", "a\n=\n", "```\n",
		"```go\n", "~~~\n", "- ```go\n",
		"    a\n", "\t", "|", "|-|\n", "|a|\n|-|\n", "&", "&amp;", "&#35;", "\\", "\\\n", "  \n", "\n", " ", "~", "~~a ",
		"http://a ", "@a ", "a@b.c ",
		"#a ", ":a: ", "\u00a0", "é", "👩\u200d",
	} {
		texts[unit] = fill(unit)
	}
	for _, lang := range []string{"go", "c", "python", "json", "yaml", "html", "sql", "diff"} {
		for _, unit := range []string{"\n", ":", "\"", "\"\\", "'", "`", "/*", "/", "#", "a ", "a(", "1.", "<a ", "- ", "{"} {
			texts["```"+lang+" "+unit] = "```" + lang + "\n" + fill(unit)[:length-10]
		}
	}
	for name, text := range texts {
		ratio := costtest.Ratio(t, most, func() { Render(text, nil) }, func() { Render(ordinary, nil) })
		if ratio > most {
			t.Errorf("%q costs %.1f times an ordinary text", name, ratio)
		}
	}
}

// In markup a digit is not looked at together with all that follow it: digits cost what letters do.
func TestDigitsInMarkup(t *testing.T) {
	for _, unit := range []string{"1", "1.", "1a_", "<a 1."} {
		text := func(unit string) string { return "```html\n" + strings.Repeat(unit, 8000/len(unit)) }
		digits, letters := text(unit), text("a ")
		// tags cost 6 times as much as letters, and 8 times under the race detector; what grew with the square of them, 80
		if ratio := costtest.Ratio(t, 20, func() { Render(digits, nil) }, func() { Render(letters, nil) }); ratio > 20 {
			t.Errorf("%q costs %.1f times as much as letters", unit, ratio)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for name, src := range map[string]string{
		"plain": "Has anyone seen the new version? It works well here, on both machines.",
		"short": "Has **anyone** seen the new `version`? It works well here, on both machines.",
		"long": strings.Repeat("Some *words* and `code`, a [link](https://a.example/) and **more** of it.\n- one\n- two\n\n",
			90),
		"code": "```go\n" + strings.Repeat("func main() { println(\"hello\", 1) } // greets\n", 150) + "```",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				Render(src, nil)
			}
		})
	}
}
