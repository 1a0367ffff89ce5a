package linkpreview

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
)

// pipes is a network in memory: whatever is dialed is answered by one server.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// fetcher returns a Fetcher for which the handler is the whole web.
func fetcher(t testing.TB, web http.HandlerFunc) *Fetcher {
	t.Helper()
	f := New(func(host string) bool { return host == "chat.example" })
	p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	f.client.Transport.(*http.Transport).DialContext = p.dial
	serve(t, p, web)
	return f
}

func serve(t testing.TB, l net.Listener, web http.HandlerFunc) {
	t.Helper()
	server := &http.Server{Handler: web}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // which Close ends
	}()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-ended
	})
}

// says answers with a page.
func says(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}
}
