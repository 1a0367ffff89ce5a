package handlers

import (
	"strings"
	"testing"

	"chitchat/chat/costtest"
)

func TestFromHTML(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"<p>a <b>bold</b> <i>x</i> <a href='https://a.b/c'>l</a></p><ul><li>1<li>2</ul>",
			"a **bold** _x_ [l](https://a.b/c)\n\n- 1\n- 2"},
		{"<table><tr><td>a<td>b<tr><td>1<td>2</table>",
			"| a | b |\n|---|---|\n| 1 | 2 |"},
		{"<table><tr><th>a|b<th>c<tr><td>x<br>y<td>z</table>",
			"| a\\|b | c |\n|---|---|\n| x y | z |"},
		{"<table><tr><td colspan=1000 rowspan=1000>a<tr><td>b</table>",
			"| a |\n|---|\n| b |"},
		{"<b style='font-weight: normal'>x</b> <img src='data:x' alt=y><img src='http://a/b.png' alt=z>",
			"x ![z](http://a/b.png)"},
		{"<p>so <img class='big emoji' src='/emoji/1' alt=':party:'> <img class=emoji src=x alt='🎉'><img class=emoji></p>",
			"so :party: 🎉"},
		{"<pre><code class='language-go'>x := 1\ny</code></pre>",
			"```go\nx := 1\ny\n```"},
		{"<h1>T</h1>*star* <s>z</s><script>x</script><style>y</style>",
			"# T\n\n\\*star* ~~z~~"},
		{"<blockquote>a<br>b</blockquote>",
			"> a  \n> b"},
		{"<span>http://a.b/c_d_e</span> first_last@x.org snake_case_x _y_ a__b __z__ http://a.b/_c_/*d*?e&amp;f=~g~ *z*",
			"http://a.b/c_d_e first_last@x.org snake_case_x \\_y_ a__b \\_\\_z\\__ http://a.b/_c_/*d*?e&f=~g~ \\*z*"},
		{"<a href='http://a.b/c_d'>http://a.b/c_d</a> <code>a_b\\_c</code><pre>x_y\\_z</pre>",
			"[http://a.b/c_d](http://a.b/c_d) `a_b\\_c`\n\n```\nx_y\\_z\n```"},
		{"<span style='color:red; font-weight: 700'>b</span> <span style='font-weight:bold'>c</span> " +
			"<span style='font-weight:400'>d</span> <b>e<span style='font-weight:700'>f</span></b>",
			"**b** **c** d **ef**"},
		{"<ul><li><input type=checkbox> a_b<li><label><input type=checkbox checked>c</label></ul>x<input type=checkbox>",
			"- [ ] a_b\n- [x] c\n\nx"},
		{"<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"},
		{"<ol><li><p>a</p>\n<ol><li>b<ul><li>c</ul></ol><li><ul><li>d</ul></ol>",
			"1. a\n   1. b\n      - c\n2. - d"},
		{"a\uFDD0b&#xFDD8;", "a\uFFFDb\uFFFD"},
	} {
		if got, err := fromHTML(c.src); got != c.want || err != nil {
			t.Errorf("%s\ngot  %q, %v\nwant %q", c.src, got, err, c.want)
		}
	}
	for _, long := range []string{strings.Repeat("<b>", 1000), strings.Repeat("<br>", 30_000),
		strings.Repeat("word ", 7000),
		strings.Repeat("[", 1000)} {
		if _, err := fromHTML(long); err == nil {
			t.Errorf("%.20s… is converted", long)
		}
	}
}

// A table of one cell, of 1,000 columns and rows each, took 72 s and a gigabyte, and 256 kB of brackets half a minute.
func TestPasteIsBounded(t *testing.T) {
	const most = 25
	ordinary := strings.Repeat("<p>some <b>words</b></p>", 2000)
	for _, unit := range []string{"<b>a</b>", "<i>a</i><b>b</b>", "<p>", "<div>a", "<li>", "<ol><li>", "<tr><td>",
		"<td colspan=1000>a",
		"<table><tr><td rowspan=1000 colspan=1000>a</table>", "<table><tr><td>a</table>", "<a href=b>c", "*", "_a", "[a",
		"<br>", "`",
		"<code>`</code>", "<blockquote>", "<h1>", "<img src=a>", "&amp;", "<!--", "<b> </b>", "\n",
		"<x>", "<select>", "<template>"} {
		src := strings.Repeat(unit, maxPaste/len(unit))
		result := ""
		ratio := costtest.Ratio(t, most, func() { result, _ = fromHTML(src) }, func() { _, _ = fromHTML(ordinary) })
		if ratio > most || len(result) > 2*len(src) {
			t.Errorf("%s: %.1f times an ordinary one, %d bytes", unit, ratio, len(result))
		}
	}
}
