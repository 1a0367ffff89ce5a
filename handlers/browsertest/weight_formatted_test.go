package browsertest

import (
	"fmt"
	"testing"
)

// formattedVisit is the maximum weight of a first visit to formatted messages over the wire, in bytes.
const formattedVisit = 45_000

// TestWeightOfFormattedText weighs a first visit to a channel of 100 messages as people write them.
func TestWeightOfFormattedText(t *testing.T) {
	t.Parallel()
	app := Start(t)
	bob, carol := app.Client("Bob"), app.Client("Carol")
	kinds := []string{
		"Message %d: the **new version** is out, see [the notes](https://example.org/notes/%[1]d).",
		"@Carol can you look at `handlers/page.go` line %d? It fails in _two_ of ten runs.",
		"For release %d we still need:\n\n- the *translations* from last week\n- a picture of the table\n- [x] the tests",
		"> Does anyone know why number %d is slow?\n\nThe index is missing, ~~as ever~~ this time.",
		"```go\nfunc total%d(list []int) (sum int) {\n\tfor _, n := range list {\n\t\tif n < 0 {\n\t\t\tcontinue\n\t\t}\n" +
			"\t\tsum += n // only what came in\n\t}\n\treturn sum\n}\n```",
		"| name | before | after |\n|---|--:|--:|\n| load | %d ms | 80 ms |\n| rows | 100 | 250 |\n\nBetter " +
			"than we **hoped**.",
		"1. stop the server\n2. copy `chat.db`\n3. start it again\n\nThat took me %d minutes, @Bob.",
		"Sounds good, %d times yes! See you at https://example.org/meeting 🎉",
		"# Plan for week %d\nFirst the *mentions*, then the **gallery**.",
		"Thanks, that is what people say in a day about number %d.",
	}
	for i := range 50 {
		bob.Post(general, fmt.Sprintf(kinds[2*i%len(kinds)], 2*i+1))
		carol.Post(general, fmt.Sprintf(kinds[(2*i+1)%len(kinds)], 2*i+2))
		if i%5 == 0 {
			at := fmt.Sprintf("/c/%s/%d/reactions", general, 2*i+1)
			carol.Form(at, form("emoji", "👍"))
			bob.Form(at, form("emoji", "👍"))
			bob.Form(at, form("emoji", "🎉"))
		}
	}
	tab := app.User("Ada").Tab()
	tab.Open("/healthz")
	tab.Eval(`fetch('/signin', {method: 'POST', body: new URLSearchParams({name: 'Ada'}), redirect: 'manual'})`, nil)
	packed(t, app, bob.Get("/c/"+general))
	weight := tab.Weight(func() {
		tab.Open("/c/" + general)
		tab.Connected()
		tab.Wait("all messages are there", `document.querySelectorAll('#messages article').length === 100
			&& document.querySelector('.body pre code .k') && document.querySelector('.body td')`)
	})
	t.Logf("first visit: %d bytes", weight)
	if weight > formattedVisit {
		t.Errorf("the first visit to 100 formatted messages weighs %d bytes, at most %d was promised", weight, formattedVisit)
	}
}
