//go:build linux

package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// patience is how long one answer may take before the run fails.
const patience = 2 * time.Minute

// wire is one kept-alive connection. Requests are prepared beforehand, and little is kept of an answer, to leave the
// processors to the server. It is not safe for concurrent use.
type wire struct {
	net.Conn
	in   *bufio.Reader
	body []byte
}

// response is an answer's header. The wire reuses the body's memory for the next answer.
type response struct {
	status   int
	cookies  []string // name=value
	location string
	encoding string
	body     []byte
}

func dial(addr string, secure bool) (*wire, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	if secure {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // our own server, with the certificate that we have just made
	}
	return &wire{Conn: conn, in: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// do sends a request and reads the whole answer.
func (w *wire) do(request []byte) (response, error) {
	if err := w.SetDeadline(time.Now().Add(patience)); err != nil {
		return response{}, err
	}
	if _, err := w.Write(request); err != nil {
		return response{}, err
	}
	a, length, err := w.head()
	if err != nil {
		return a, err
	}
	if length < 0 {
		return a, fmt.Errorf("an answer without a length, status %d", a.status)
	}
	if cap(w.body) < length {
		w.body = make([]byte, length)
	}
	a.body = w.body[:length]
	_, err = io.ReadFull(w.in, a.body)
	return a, err
}

// head reads an answer up to its body, and returns the body's length; -1 if it is not given.
func (w *wire) head() (a response, length int, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return a, 0, err
	}
	if len(line) < 12 {
		return a, 0, fmt.Errorf("not HTTP: %q", line)
	}
	if a.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return a, 0, err
	}
	length = -1
	if a.status == 204 || a.status == 304 || a.status == 101 {
		length = 0
	}
	for {
		line, err = w.in.ReadSlice('\n')
		if err != nil {
			return a, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return a, length, nil
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return a, 0, err
			}
		case bytes.EqualFold(name, []byte("Set-Cookie")):
			cookie, _, _ := strings.Cut(string(value), ";")
			a.cookies = append(a.cookies, cookie)
		case bytes.EqualFold(name, []byte("Location")):
			a.location = string(value)
		case bytes.EqualFold(name, []byte("Content-Encoding")):
			a.encoding = string(value)
		}
	}
}

// request returns the bytes of a request; headers are names and values in turn.
func request(method, path, host string, body []byte, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: chitchat-load\r\n", method, path, host)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	if method != "GET" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}
