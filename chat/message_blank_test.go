package chat

import (
	"errors"
	"testing"
)

// A message that would show nothing is refused as a blank one is: when it is posted, and when it is edited. Beside a
// file there is no text then.
func TestMessagesShowSomething(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	row := mustPost(t, c, ada, "something")
	for _, body := range []string{"#", "## \n#", "&#8203;", "&nbsp;", "-", "- \n- ", "> ", ">", "```", "```\n\n```", "1.",
		"# &nbsp;", "[\u200b](https://x.org)", "&#x2060;\n&shy;", "* -", "&#32;"} {
		if _, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: body}); !errors.Is(err, errNothing) {
			t.Errorf("%q is posted: %v", body, err)
		}
		if _, err := c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, body); !errors.Is(err, errNothing) {
			t.Errorf("an edit makes %q of it: %v", body, err)
		}
	}
	for _, body := range []string{"---", "***", "[](https://x.org)", "[]()", "`x`", "&amp;", "- x", "```go\n```",
		"<b>", "\\",
		"<!-- -->", "🎉", "#\n.", "[a]: /x", "|"} {
		mustPost(t, c, ada, body)
	}
	file := Attachment{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 1}
	row, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "#", Files: []Attachment{file}})
	must(t, err)
	m, err := c.Messages.Get(t.Context(), ada, "general-talk", row.Seq)
	if err != nil || m.Body != "" || m.HTML != "" || len(m.Attachments) != 1 {
		t.Errorf("with a file: %+v, %v", m, err)
	}
	_, err = c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, "&nbsp;")
	must(t, err)
}
