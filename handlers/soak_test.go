package handlers

import (
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
)

var (
	soak       = flag.Duration("soak", 0, "how long TestSoak lasts; 0: for some acts of each person")
	soakPauses = flag.Duration("soak-pauses", 40*time.Millisecond,
		"how long each person of TestSoak waits between two acts, at most")
)

// What may remain when all users have left, compared with the state after a first round: caches that fill, and database
// connections opened when needed.
const (
	soakHeap       = 4 << 20 // bytes
	soakGoroutines = 8
	soakFiles      = 8
)

// first is how many actions per user make a first round, if -soak sets no time: a slow machine must fill its caches
// too.
const first = 10

// round is how long users continue: a number of actions each, or until a time.
type round struct {
	acts int // 0: as many as time allows
	end  time.Time
}

func newRound(acts int, d time.Duration) round {
	if d == 0 {
		return round{acts, time.Now().Add(patience)}
	}
	return round{0, time.Now().Add(d)}
}

func (r round) goesOn(done int) bool {
	return time.Now().Before(r.end) && (r.acts == 0 || done < r.acts)
}

// TestSoak lets users connect, post, edit, delete, send files, abort and leave for as long as -soak sets, and tests
// repeatedly that resources are freed.
func TestSoak(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Log = slog.New(slog.DiscardHandler) })
	people := make([]*testClient, 12)
	for i := range people {
		people[i] = s.signedIn(fmt.Sprintf("Person %d", i))
	}
	begun := time.Now()
	s.talk(people, newRound(first, *soak/5))
	before := s.atRest(t, people)
	t.Log("after a first round:", before)
	var after usage
	visitors := 0
	for rounds := max(1, int(*soak/(2*time.Minute))); rounds > 0; rounds-- {
		visitors += s.talk(people, newRound(3*first, *soak*4/5/time.Duration(max(1, int(*soak/(2*time.Minute))))))
		after = s.atRest(t, people)
		t.Logf("after %v: %v; %d visitors", time.Since(begun).Round(time.Second), after, visitors)
	}
	// resources that are only freed later
	for deadline := time.Now().Add(patience); after.exceeds(before); after = s.atRest(t, people) {
		if time.Now().After(deadline) {
			t.Fatalf("at rest there were %v, and are %v", before, after)
		}
	}
}

// usage is the resources of the process.
type usage struct {
	heap              uint64
	goroutines, files int
}

// exceeds reports whether more remains than allowed.
func (u usage) exceeds(before usage) bool {
	return u.heap > before.heap+soakHeap || u.goroutines > before.goroutines+soakGoroutines ||
		u.files > before.files+soakFiles
}

func (u usage) String() string {
	return fmt.Sprintf("%.1f MB in the heap, %d goroutines, %d files", float64(u.heap)/(1<<20), u.goroutines, u.files)
}

// atRest waits until running work has ended, and returns the usage.
func (s *testServer) atRest(t *testing.T, people []*testClient) (u usage) {
	t.Helper()
	for _, p := range people {
		p.client.CloseIdleConnections()
	}
	// Presence lasts two seconds.
	for calm, last, deadline := 0, 0, time.Now().Add(patience); calm < 11 &&
		time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		u.goroutines = runtime.NumGoroutine()
		if calm++; u.goroutines != last {
			calm, last = 0, u.goroutines
		}
	}
	debug.FreeOSMemory() // collects twice: pools release their values the second time
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.heap = m.HeapAlloc
	if list, err := os.ReadDir("/proc/self/fd"); err == nil { // elsewhere files are not counted
		u.files = len(list)
	}
	return u
}

// talk runs users and visitors for a round, and returns the number of visitors. All sockets are closed then.
func (s *testServer) talk(people []*testClient, r round) (visitors int) {
	var all sync.WaitGroup
	for _, p := range people {
		all.Go(func() {
			for done := 0; r.goesOn(done); done++ {
				p.doSomething(r.end)
				time.Sleep(rand.N(*soakPauses))
			}
		})
	}
	for ; r.goesOn(visitors); visitors++ {
		s.visit(fmt.Sprintf("Visitor %d %d", visitors, r.end.UnixMilli()))
		time.Sleep(rand.N(2 * *soakPauses))
	}
	all.Wait()
	return visitors
}

// doSomething is one action of a user who stays.
func (p *testClient) doSomething(end time.Time) {
	p.t.Helper()
	switch kind := rand.IntN(20); {
	case kind < 6:
		p.post(general+"/messages", url.Values{"body": {strings.Repeat("words ", 1+rand.IntN(60))}}, asHTMX...).
			want(http.StatusOK)
	case kind < 7:
		p.upload(general+"/messages", asHTMX, part{name: "body", content: "a file"},
			part{name: "file", file: "notes.txt", content: "notes"}).want(http.StatusOK)
	case kind < 10:
		row := p.say("to be changed")
		_, rest, _ := strings.Cut(row, ` data-seq="`)
		seq, _, _ := strings.Cut(rest, `"`)
		if kind < 9 {
			p.post(general+"/"+seq+"/edit", url.Values{"body": {"changed"}}, asHTMX...).want(http.StatusOK)
		} else {
			p.post(general+"/"+seq+"/delete", nil, asHTMX...).want(http.StatusOK)
		}
	case kind < 12:
		p.get(general).want(http.StatusOK)
	case kind < 13:
		p.get(general + "?before=50").want(http.StatusOK)
	default:
		p.listenFor(min(rand.N(soakListens()), time.Until(end)), kind%3)
	}
}

// soakListens bounds how long a page is open.
func soakListens() time.Duration {
	if *soak == 0 {
		return 100 * time.Millisecond
	}
	return 3 * time.Second
}

// listenFor keeps a page open for a while. how decides whether it sends a close frame or drops the connection.
func (p *testClient) listenFor(d time.Duration, how int) {
	conn, _, err := p.connect()
	if err != nil {
		p.t.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	if how == 2 {
		return // without a close frame
	}
	if err := conn.WriteJSON(p.at()); err != nil {
		p.t.Error(err)
		return
	}
	_ = conn.SetReadDeadline(time.Now().Add(d))
	for err == nil {
		_, _, err = conn.ReadMessage()
	}
	if how == 0 {
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""),
			time.Now().Add(time.Second))
	}
}

// visit is a user who signs in, looks around and leaves.
func (s *testServer) visit(name string) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	p := &testClient{testServer: s, t: s.t, jar: jar, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	p.post("/signin", url.Values{"name": {name}}).want(http.StatusSeeOther)
	p.get(general).want(http.StatusOK)
	p.listenFor(rand.N(min(soakListens(), 300*time.Millisecond)), rand.IntN(3))
	p.post("/signout", nil).want(http.StatusSeeOther)
}
