package handlers

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCutUploadLeavesNothing(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	body, kind := multipartForm(t, part{"client_id", "", "cut"}, part{"body", "", "never to be seen"},
		part{"file", "done.txt", "complete"}, part{"file", "cut.txt", strings.Repeat("cut ", 20_000)})
	for name, head := range map[string]string{
		"of known length": fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)),
		"chunked":         fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", len(body)),
	} {
		for _, cut := range []int{len(body) - 40_000, len(body) - 10, 300} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = fmt.Fprintf(conn, "POST %s/messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: %s\r\n%s", general,
				cookies(p), kind, head)
			_, _ = conn.Write(body[:cut])
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			answer, _ := io.ReadAll(conn)
			if bytes.HasPrefix(answer, []byte("HTTP/1.1 2")) || bytes.HasPrefix(answer, []byte("HTTP/1.1 3")) {
				t.Errorf("%s, cut after %d: %.100s", name, cut, answer)
			}
			_ = conn.Close()
		}
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(conn,
		"POST %s/messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: "+
			"application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nbody=half+a+mess", general, cookies(p))
	_ = conn.(*net.TCPConn).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if got, _ := io.ReadAll(conn); bytes.HasPrefix(got, []byte("HTTP/1.1 2")) ||
		bytes.HasPrefix(got, []byte("HTTP/1.1 3")) {
		t.Errorf("half a form: %.100s", got)
	}
	_ = conn.Close()
	p.get(general).want(200).wantNot("<article")
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
}

func TestShutdownGivesUpHalfSentUploads(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	body, kind := multipartForm(t, part{"body", "", "never to be seen"}, part{"file", "done.txt", "complete"},
		part{"file", "cut.txt", strings.Repeat("cut ", 20_000)})
	cookie := cookies(s.signedIn("Ann"))
	var conns []net.Conn
	for _, head := range []string{fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)),
		fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", len(body))} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_, _ = fmt.Fprintf(conn, "POST %s/messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: %s\r\n%s", general,
			cookie, kind, head)
		_, _ = conn.Write(body[:len(body)-20_000])
		conns = append(conns, conn)
	}
	eventually(t, "the uploads begin", func() bool { return s.stored() >= 4 })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var fed sync.WaitGroup
	for _, conn := range conns { // each is so slow that only the shutdown ends it
		fed.Go(func() {
			for {
				if _, err := conn.Write([]byte("c")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	if err := s.Shutdown(ctx); err != nil {
		t.Error("down:", err)
	}
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
	for _, conn := range conns {
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if got, _ := io.ReadAll(conn); !bytes.HasPrefix(got, []byte("HTTP/1.1 400")) {
			t.Errorf("%.100s", got)
		}
		_ = conn.Close()
	}
	fed.Wait()
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Error(log)
	}
}

// TestUnreadBodyIsNoRequest tests that the body of a refused form is not parsed as the connection's next request.
func TestUnreadBodyIsNoRequest(t *testing.T) {
	s := newTestServer(t)
	inner := "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
		"13\r\n\r\nname=Smuggled"
	pad := strings.Repeat("x", 40_000) + "\r\n"
	for name, request := range map[string]string{
		"foreign, small": fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nOrigin: "+
			"http://evil\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"foreign, large": fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nOrigin: http://evil\r\nContent-Length: "+
			"%d\r\n\r\n%s%s", len(pad+inner), pad, inner),
		"foreign, chunked": fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nOrigin: http://evil\r\nTransfer-Encoding: "+
			"chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(inner), inner),
		"signed out": fmt.Sprintf("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"not there": fmt.Sprintf("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(inner),
			inner),
		"of a GET": fmt.Sprintf("GET /signin HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"unfinished": fmt.Sprintf("POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n",
			len(inner), inner),
		"too large": fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: "+
			"application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s%s", len(pad)*3+len(inner), pad+pad+pad, inner),
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, request)
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			r := bufio.NewReader(conn)
			answers := 0
			for {
				res, err := http.ReadResponse(r, nil)
				if err != nil {
					break
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				answers++
				if strings.HasPrefix(res.Header.Get("Set-Cookie"), "chitchat=") {
					t.Error("somebody was signed in")
				}
			}
			if answers != 1 {
				t.Errorf("%d answers to one request", answers)
			}
		})
	}
	s.newClient().post("/signin", url.Values{"name": {"Smuggled"}}).want(303) // the name is free
}
