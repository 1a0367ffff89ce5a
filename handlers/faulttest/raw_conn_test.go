package faulttest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

// rawConn is a connection of a misbehaving client.
type rawConn struct {
	net.Conn
	opened time.Time
}

func dial(t *testing.T, app *browsertest.App, first string) *rawConn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", app.Host(), patience)
	if err == nil && first != "" {
		_, err = io.WriteString(conn, first)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &rawConn{conn, time.Now()}
}

func handshake(app *browsertest.App, cookie string) string {
	return "GET /live HTTP/1.1\r\nHost: " + app.Host() + "\r\nOrigin: " + app.URL + "\r\nCookie: " + cookie +
		"\r\nUpgrade: websocket\r\n" +
		"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
}

// masked is a client's frame of up to 125 bytes, with a mask of zeros.
func masked(first byte, payload string) string {
	return string([]byte{first, 0x80 | byte(len(payload)), 0, 0, 0, 0}) + payload
}

// ends reads to the end of the connection, and returns the close code of a socket, or the status of an answer.
func (l *rawConn) ends() (code int, err error) {
	_ = l.SetReadDeadline(l.opened.Add(patience))
	said, err := io.ReadAll(l)
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return 0, fmt.Errorf("still open after %v", time.Since(l.opened).Round(time.Millisecond))
	}
	status, rest := 0, said
	if m := statusPattern.FindSubmatch(said); m != nil {
		status, _ = strconv.Atoi(string(m[1])) // digits
		_, rest, _ = bytes.Cut(said, []byte("\r\n\r\n"))
	}
	if status != 101 {
		return status, nil
	}
	for len(rest) >= 2 { // the server's frames
		n, head := int(rest[1]), 2
		if n == 126 && len(rest) >= 4 {
			n, head = int(binary.BigEndian.Uint16(rest[2:])), 4
		}
		if n == 127 || len(rest) < head+n {
			return 0, fmt.Errorf("no frame: %.20q", rest)
		}
		if rest[0] == 0x88 && n >= 2 {
			return int(binary.BigEndian.Uint16(rest[head:])), nil
		}
		rest = rest[head+n:]
	}
	return 0, nil
}

var statusPattern = regexp.MustCompile(`^HTTP/1\.1 (\d{3}) `)

// drip sends a byte a second until the connection breaks.
func (l *rawConn) drip(bytes string) {
	for i := range len(bytes) {
		if _, err := io.WriteString(l, bytes[i:i+1]); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// resident returns a process's resident memory in bytes; 0 if the system does not report it.
func resident(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`).FindSubmatch(status)
	if m == nil {
		t.Fatalf("no memory in %s", status)
	}
	kb, _ := strconv.Atoi(string(m[1])) // digits
	return kb << 10
}
