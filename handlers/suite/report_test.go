package main

import (
	"strings"
	"testing"
)

const events = `{"Action":"start","Package":"chitchat/chat"}
{"Action":"run","Package":"chitchat/chat","Test":"TestGood"}
{"Action":"output","Package":"chitchat/chat","Test":"TestGood","Output":"not to be seen\n"}
{"Action":"pass","Package":"chitchat/chat","Test":"TestGood","Elapsed":1.25}
{"Action":"output","Package":"chitchat/chat","Test":"TestElsewhere","Output":"    x_test.go:3: no window here\n"}
{"Action":"output","Package":"chitchat/chat","Test":"TestElsewhere","Output":"--- SKIP: TestElsewhere\n"}
{"Action":"skip","Package":"chitchat/chat","Test":"TestElsewhere","Elapsed":0}
`

func TestReportOfWhatPassed(t *testing.T) {
	var out strings.Builder
	r := newReport(&out)
	if err := r.read(strings.NewReader(events + `{"Action":"pass","Package":"chitchat/chat","Elapsed":2}` +
		"\n")); err != nil {
		t.Fatal(err)
	}
	if err := r.tell(5); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		"pass chat", "1.25 s  chat TestGood", "skipped: chat TestElsewhere: x_test.go:3: no window here",
		"1 passed, 0 failed, 1 skipped",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "not to be seen") {
		t.Errorf("what passed is told in words:\n%s", &out)
	}
}

func TestReportOfFailures(t *testing.T) {
	for name, c := range map[string]struct{ events, want string }{
		"a test": {
			`{"Action":"output","Package":"chitchat/chat","Test":"TestBad","Output":"why it failed\n"}
{"Action":"fail","Package":"chitchat/chat","Test":"TestBad","Elapsed":1}
{"Action":"fail","Package":"chitchat/chat","Elapsed":2}`, "why it failed",
		},
		"a package that panics while a test is under way": {
			`{"Action":"output","Package":"chitchat/chat","Test":"TestHalf","Output":"so far so good\n"}
{"Action":"output","Package":"chitchat/chat","Output":"panic: for no reason\n"}
{"Action":"fail","Package":"chitchat/chat","Elapsed":2}`, "so far so good",
		},
		"a package that does not compile": {
			`{"Action":"build-output","ImportPath":"chitchat/chat","Output":"undefined: it\n"}
{"Action":"fail","Package":"chitchat/chat","Elapsed":0}`, "undefined: it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(events + c.events)); err != nil {
				t.Fatal(err)
			}
			if err := r.tell(5); err == nil {
				t.Error("it is called good")
			}
			if !strings.Contains(out.String(), c.want) {
				t.Errorf("no %q in\n%s", c.want, &out)
			}
		})
	}
}

// A run without tests proves nothing.
func TestReportOfNothing(t *testing.T) {
	var out strings.Builder
	if err := newReport(&out).tell(5); err == nil {
		t.Error("nothing is called good")
	}
}
