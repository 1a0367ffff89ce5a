package browsertest

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Link is a separate network to the program that can be cut, frozen and slowed.
type Link struct {
	URL string // use it instead of App.URL

	t        testing.TB
	to       string
	listener net.Listener
	done     sync.WaitGroup
	people   []*User // its users

	mu     sync.Mutex
	thawed *sync.Cond // its lock is mu
	ends   map[net.Conn]bool
	cut    bool
	frozen bool
	closed bool
	rate   int // bytes/s from the browser to the program; 0: unlimited
	drip   int // bytes/s from the program to the browser; 0: unlimited
}

// Link opens a network to the program.
func (a *App) Link() *Link {
	a.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	l := &Link{URL: "http://" + listener.Addr().String(), t: a.t, to: a.Host(), listener: listener,
		ends: map[net.Conn]bool{}}
	l.thawed = sync.NewCond(&l.mu)
	l.done.Go(l.accept)
	a.t.Cleanup(l.close)
	return l
}

// Cut closes every connection, and refuses new ones until Heal.
func (l *Link) Cut() {
	l.expectDisconnects()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	l.endAll()
}

// Freeze keeps connections open but passes nothing until Heal: as when a radio loses its signal.
func (l *Link) Freeze() {
	l.expectDisconnects()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = true
}

// Heal undoes Cut and Freeze.
func (l *Link) Heal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut, l.frozen = false, false
	l.thawed.Broadcast()
}

// Slow limits the bytes per second to the program; 0 is no limit.
func (l *Link) Slow(bytesPerSecond int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rate = bytesPerSecond
}

// Drip limits the bytes per second from the program, passed a few at a time; 0 is no limit.
func (l *Link) Drip(bytesPerSecond int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drip = bytesPerSecond
}

func (l *Link) expectDisconnects() {
	for _, p := range l.people {
		p.ExpectDisconnects()
	}
}

func (l *Link) close() {
	_ = l.listener.Close() // the listener may be closed already
	l.mu.Lock()
	l.closed = true
	l.endAll()
	l.thawed.Broadcast()
	l.mu.Unlock()
	l.done.Wait()
}

// endAll closes all connections. The caller holds the lock.
func (l *Link) endAll() {
	for c := range l.ends {
		_ = c.Close() // cut on purpose
	}
	clear(l.ends)
}

func (l *Link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return // closed
		}
		far, err := net.Dial("tcp", l.to)
		if err != nil { // the program is down: refuse, as without a link
			_ = near.Close()
			continue
		}
		if tcp, ok := near.(*net.TCPConn); ok {
			// a slow connection buffers little; otherwise the browser believes that it has sent more
			_ = tcp.SetReadBuffer(32 << 10)
		}
		l.mu.Lock()
		if l.cut || l.closed {
			_, _ = near.Close(), far.Close()
		} else {
			l.ends[near], l.ends[far] = true, true
			l.done.Go(func() { l.pump(far, near, true) })
			l.done.Go(func() { l.pump(near, far, false) })
		}
		l.mu.Unlock()
	}
}

// pump copies bytes in one direction until either end closes.
func (l *Link) pump(to, from net.Conn, up bool) {
	defer l.drop(to, from)
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		for rest := buf[:n]; len(rest) > 0; {
			drop := rest[:l.gulp(len(rest), up)]
			if !l.pass(len(drop), up) {
				return
			}
			if _, err := to.Write(drop); err != nil {
				return
			}
			rest = rest[len(drop):]
		}
		if err != nil {
			return
		}
	}
}

// gulp returns how many of n bytes are passed at once: a drip comes twenty times a second.
func (l *Link) gulp(n int, up bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !up && l.drip > 0 {
		return min(max(l.drip/20, 1), n)
	}
	return n
}

// pass blocks until n bytes may go on; it returns false if the link is closed.
func (l *Link) pass(n int, up bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.frozen && !l.closed {
		l.thawed.Wait()
	}
	rate := l.drip
	if up {
		rate = l.rate
	}
	if rate > 0 {
		l.mu.Unlock()
		time.Sleep(time.Duration(n) * time.Second / time.Duration(rate)) // the connection's speed, not a wait for a condition
		l.mu.Lock()
	}
	return !l.closed
}

func (l *Link) drop(ends ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range ends {
		_ = c.Close() // the other end may have closed it already
		delete(l.ends, c)
	}
}
