package faulttest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

// Parameters of TestMisbehave.
const (
	halfOpen   = 5000      // connections that never become sockets of a page
	dripping   = 10        // of each kind that sends one byte a second
	perSession = 100       // sockets that a session may have
	mostMemory = 400 << 20 // of the program, with all of them connected
)

// TestMisbehave runs thousands of clients that do what no browser does, and tests that well-behaved ones are not
// affected, and that the others are closed: by a close code on sockets. Most of its time is the program's timeouts.
func TestMisbehave(t *testing.T) {
	t.Parallel()
	crowd := halfOpen
	if browsertest.RaceDetector {
		crowd /= 5
	}
	app := browsertest.Start(t, "--limit-posts", "0", "--limit-signins", "0", "--log-level", "warn")
	good := startBystanders(t, app)
	var checks sync.WaitGroup
	check := func(what string, l *rawConn, want ...int) {
		checks.Go(func() {
			code, err := l.ends()
			for _, w := range want {
				if err == nil && code == w {
					return
				}
			}
			t.Errorf("%s: closed with %d, %v, want %v", what, code, err, want)
		})
	}
	mallory := signIn(t, app.URL, "mallory")

	// Frames: the socket package tests the whole tables.
	hello := masked(0x81, `{"channel":"general-talk","since":0,"epoch":"","names":0}`)
	for what, c := range map[string]struct {
		frames string
		code   int
	}{
		"a reserved bit":              {hello + masked(0xC1, "{}"), 1002},
		"a frame without a mask":      {"\x81\x02{}", 1002},
		"a close frame of a byte":     {hello + masked(0x88, "x"), 1002},
		"a ping in parts":             {hello + masked(0x09, "x"), 1002},
		"2^63 bytes":                  {hello + "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 1002},
		"bytes":                       {hello + masked(0x82, "{}"), 1003},
		"a text that is not UTF-8":    {masked(0x81, "{\"channel\":\"\xff\"}"), 1007},
		"a hello that is none":        {masked(0x81, "hello"), 1008},
		"a message that is none":      {hello + masked(0x81, "[]"), 1008},
		"too large a message":         {hello + "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00", 1009},
		"a channel that is not there": {masked(0x81, `{"channel":"nowhere"}`), 4404},
		"a flood of pings":            {hello + strings.Repeat(masked(0x89, "x"), 5000), 1008},
		"a flood of messages":         {hello + strings.Repeat(masked(0x81, `{"read":1}`), 5000), 1008},
		"a flood of hellos":           {strings.Repeat(hello, 1000), 1008},
	} {
		check(what, dial(t, app, handshake(app, mallory.cookie())+c.frames), c.code)
	}
	check("a socket without a session", dial(t, app, handshake(app, "")), 4401)

	// Requests that never end.
	for range dripping {
		cookie := mallory.cookie()
		for what, c := range map[string]struct {
			first, rest string
			codes       []int
		}{
			"a request": {"", handshake(app, cookie), []int{0, 400, 408}},
			"a hello":   {handshake(app, cookie), hello, []int{1013}},
			"a small form": {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: " +
				"application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n", strings.Repeat("x", 5000), []int{0, 400, 408}},
			"a large upload": {"POST " + general + "/messages HTTP/1.1\r\nHost: " + app.Host() + "\r\nCookie: " + cookie +
				"\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: " +
				"20000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=file; filename=x.txt\r\n\r\n",
				strings.Repeat("x", 5000), []int{0, 400, 408}},
		} {
			l := dial(t, app, c.first)
			go l.drip(c.rest)
			check(what+", a byte a second", l, c.codes...)
		}
	}

	// Handshakes that are never finished, and sockets that never send their position.
	cookies := make([]string, 0)
	for i := range crowd/3/(perSession/2) + 1 {
		cookies = append(cookies, signIn(t, app.URL, fmt.Sprintf("silent%d", i)).cookie())
	}
	begun := time.Now()
	for i := range crowd {
		switch i % 3 {
		case 0:
			check("a connection that says nothing", dial(t, app, ""), 0, 408)
		case 1:
			whole := handshake(app, cookies[0])
			check("half a handshake", dial(t, app, whole[:1+i%(len(whole)-1)]), 0, 400, 408)
		case 2:
			check("a silent socket", dial(t, app, handshake(app, cookies[i/3%len(cookies)])), 1013)
		}
	}
	t.Logf("%d half-open handshakes within %v; the program has %d MB", crowd, time.Since(begun).Round(time.Millisecond),
		resident(t, app.PID())>>20)
	if r := resident(t, app.PID()); r > mostMemory && !browsertest.RaceDetector {
		t.Errorf("the program has %d MB in memory", r>>20)
	}
	checks.Wait()
	good.end()
	t.Logf("when all of them have gone, the program has %d MB", resident(t, app.PID())>>20)
}

// TestFilesRunOut gives the program few files, and uses all of them up by connections: connected users continue, and
// once the attackers leave, everyone can connect.
func TestFilesRunOut(t *testing.T) {
	t.Parallel()
	const files = 400
	app := browsertest.StartWithFiles(t, files, "--limit-posts", "0", "--log-level", "warn")
	good := startBystanders(t, app)
	var lines []*rawConn
	for range 2 * files { // the system accepts them: the waiting connections are the program's to handle
		lines = append(lines, dial(t, app, ""))
	}
	good.saysMore(21) // two of them have a file
	for _, l := range lines {
		_ = l.Close()
	}
	good.end()
	if said := app.Said(); !strings.Contains(said, "too many connections") {
		t.Errorf("nobody was told: %s", said)
	}
	signIn(t, app.URL, "late")
}
