package markdown

import (
	"strings"
	"testing"
)

// A line of many signs, as programs print, leaves the rest of the text formatted; one that would nest too deeply is
// text from there on.
func TestLinesOfSigns(t *testing.T) {
	for _, line := range []string{
		"----+" + strings.Repeat("-", 24), "+--------+-----+" + strings.Repeat("-", 24),
		"------ cut here ------" + "----------",
		strings.Repeat("*", 30) + " x", strings.Repeat("-", 30), strings.Repeat("- ", 30), strings.Repeat("+", 30),
		strings.Repeat("> ", 100) + "x", strings.Repeat(">", 100) + "x", strings.Repeat("- ", 100) + "x",
		strings.Repeat("+ ", 100), strings.Repeat("1. ", 100) + "x", strings.Repeat("> - ", 100) + "x",
		strings.Repeat("2) ", 30) + "\n" + strings.Repeat("> ", 60),
	} {
		for _, src := range []string{line + "\n\n**b** `c`", "**b** `c`\n\n" + line, "a\n" + line + "\n\n**b** `c`"} {
			html, _ := Render(src, nil)
			if !strings.Contains(html, "<strong>b</strong> <code>c</code>") {
				t.Errorf("%q is %s", src, html)
			}
		}
		html, _ := Render("```\n"+line+"\n```\n**b**", nil)
		if !strings.Contains(html, "<strong>b</strong>") || !strings.Contains(html, "<pre") {
			t.Errorf("%q in a fence is %s", line, html)
		}
	}
	deep := ""
	for n := range 40 {
		deep += strings.Repeat("  ", n) + "- x\n"
	}
	html, _ := Render(deep, nil)
	if n := strings.Count(html, "<ul>"); n != maxNesting/2 {
		t.Errorf("%d lists within each other: %s", n, html)
	}
	if spoken := Spoken("----+" + strings.Repeat("-", 24) + "\n```\n@Bob\n```"); strings.Contains(spoken, "@") {
		t.Errorf("code is spoken: %q", spoken)
	}
}
