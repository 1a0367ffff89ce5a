package browsertest

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"
)

// Maximum weights over the wire, in bytes.
const (
	firstVisit = 40_000
	laterPage  = 10_000
	withThread = 12_000 // a later page, with a thread beside the channel
)

func TestWeight(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob, carol := app.Client("Bob"), app.Client("Carol")
	bob.Form("/c", form("name", "Side Room"))
	for i := range 50 {
		for _, slug := range []string{general, "side-room"} {
			bob.Post(slug, fmt.Sprintf("Message %d: what people say in a day has about as many words as this line here.", 2*i+1))
			carol.Post(slug, fmt.Sprintf("And %d: the answers are shorter, mostly. https://example.org/%d", 2*i+2, i))
		}
	}
	ada := app.User("Ada")
	tab := ada.Tab()
	// Signed in without the page, as a user who returns with an empty cache.
	tab.Open("/healthz")
	tab.Eval(`fetch('/signin', {method: 'POST', body: new URLSearchParams({name: 'Ada'}), redirect: 'manual'})`, nil)

	packed(t, app, bob.Get("/c/"+general))
	first := tab.Weight(func() {
		tab.Open("/c/" + general)
		tab.Connected()
		tab.InOrder(1, 100)
	})
	later := tab.Weight(func() {
		tab.Click(`#channels a[href="/c/side-room"]`)
		tab.At("/c/side-room")
		tab.Connected()
		tab.InOrder(1, 100)
	})
	for i := range 20 {
		bob.Form("/c/side-room/messages", form("thread", "99", "body",
			fmt.Sprintf("Reply %d: what people answer has about as many words as this line here.", i+1)))
	}
	tab.Wait("the root shows them", `document.querySelector('#messages [data-seq="99"]')?.dataset.replies === '20'`)
	beside := tab.Weight(func() {
		tab.Open("/c/side-room/99/thread")
		tab.Connected()
		tab.InOrder(1, 100)
		tab.Wait("the thread is there", `document.querySelectorAll('#thread article').length === 20`)
	})
	t.Logf("first visit: %d bytes, later page: %d bytes, with a thread: %d bytes", first, later, beside)
	if beside > withThread {
		t.Errorf("a page with a thread beside it weighs %d bytes, at most %d was promised", beside, withThread)
	}
	if first > firstVisit {
		t.Errorf("the first visit to a channel with 100 messages weighs %d bytes, at most %d was promised", first, firstVisit)
	}
	if later > laterPage {
		t.Errorf("a later page weighs %d bytes, at most %d was promised", later, laterPage)
	}
}

var assetPath = regexp.MustCompile(`/assets/[^"]+`)

// packed waits until the assets of a page have their smallest encoding. The program starts that on first use, and
// meanwhile serves a larger one by some hundred bytes.
func packed(t *testing.T, app *App, page string) {
	t.Helper()
	paths := assetPath.FindAllString(page, -1)
	if len(paths) < 3 {
		t.Fatal("the page loads", paths)
	}
	for _, path := range paths {
		for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, app.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "br")
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.Header.Get("Content-Encoding") == "br" {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(path, "is never packed")
			}
		}
	}
}
