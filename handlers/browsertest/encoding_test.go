package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// The browser accepts pages joined from parts that were compressed apart, in each encoding.
func TestEncodings(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob := app.Client("Bob")
	for i := range 120 {
		bob.Post(general, fmt.Sprintf("Message %d, with a sign: ✓", i+1))
	}
	tab := app.User("Ada").SignIn()
	for _, want := range []string{"gzip", "br"} {
		tab.run(network.SetExtraHTTPHeaders(network.Headers{"Accept-Encoding": want}))
		for _, path := range []string{"/c/" + general, "/c/" + general + "?before=60"} {
			var got string
			tab.Eval(fmt.Sprintf(`fetch(%q).then(r => r.headers.get('content-encoding'))`, path), &got)
			if got != want {
				t.Errorf("GET %s: the browser got %q, want %q", path, got, want)
			}
		}
		tab.Open("/me")
		tab.Click(fmt.Sprintf(`#channels a[href="/c/%s"]`, general)) // the first page of a visit is compressed differently
		tab.At("/c/" + general)
		tab.Connected()
		tab.InOrder(21, 120)
		tab.Open("/c/" + general + "?before=60")
		tab.Sees("Message 59, with a sign: ✓")
		if n := tab.Count("#composer textarea"); n != 1 {
			t.Errorf("in %s, the page ends before its composer", want)
		}
	}
}
