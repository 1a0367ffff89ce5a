package chat

import (
	"strings"
	"testing"
)

// What version 1 has stored has its mentions and its good links still, and no links that are none today: those that
// browsers take for addresses of hosts, and those that do something here.
func TestOldLinksAreSanitized(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner := mustOwn(t, c, "Olga")
	row, _, err := c.Messages.Post(t.Context(), owner, "general-talk", Draft{Body: "[in](https:x.example)"})
	must(t, err)
	const (
		mention = `<a class="mention" href="/u/x1">@Ada</a> `
		good    = ` <a href="https://ok.example/?a&amp;b" rel="nofollow noreferrer noopener" target="_blank">ok</a> ` +
			`<a href="/c/hall/3">three</a>` + "<br>&lt;b&gt;"
	)
	mustExec(t, c, `UPDATE messages SET html = '1p' || $1`, mention+`<a href="https:x.example">in</a>`+
		`<a href="/signout">, out</a> <a href="../c">up</a>`+good)
	want := mention + "in, out up" + good
	mustExec(t, c, `INSERT INTO message_versions (channel_id, seq, rev, body, html, written_at)
		SELECT channel_id, seq, 0, body, html, 1 FROM messages`)
	m, err := c.Messages.Get(t.Context(), owner, "general-talk", row.Seq)
	if must(t, err); m.HTML != want || m.Blocks {
		t.Errorf("the message is shown as\n%s, not\n%s", m.HTML, want)
	}
	versions, err := c.Messages.Versions(t.Context(), owner, "general-talk", row.Seq, 0)
	if must(t, err); versions.Versions[0].HTML != want {
		t.Errorf("a version is shown as\n%s, not\n%s", versions.Versions[0].HTML, want)
	}
	blocks := "<p>a</p>\n<ul>\n<li>" + good + "</li>\n</ul>"
	if f := formattedFrom("1b"+blocks, "x"); f.HTML != blocks || !f.Blocks {
		t.Error("blocks are shown as", f.HTML)
	}
	for _, stored := range []string{"1t", formatVersion + "t"} {
		if f := formattedFrom(stored, "**x**"); f != (Formatted{}) {
			t.Errorf("%q is shown as %q", stored, f.HTML)
		}
	}
	if stored := (Formatted{HTML: good}).stored("x"); strings.HasPrefix(stored, formatVersion1) {
		t.Error("a new text is stored as an old one")
	}
}
