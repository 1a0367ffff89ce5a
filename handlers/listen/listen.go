// Package listen opens the server's address, with TLS of its own where it was given a certificate.
package listen

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
)

// Listen listens on an address, host:port, and speaks TLS there when there is a certificate; the log hears of new ones.
// It accepts while there are files for it, and keeps some for the rest of the program. Its errors are sentences for
// people, but for the full stop.
func Listen(addr string, certificate *Certificate, log *slog.Logger) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program listens on %s already", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s: ports below 1024 need a permission of the system", addr)
	case err != nil:
		return nil, fmt.Errorf("nothing can listen on %s: %w", addr, err)
	}
	ln = &guard{Listener: ln, log: log}
	if certificate == nil {
		return ln, nil
	}
	certificate.log = log
	return tls.NewListener(plainHTTPDetector{ln}, &tls.Config{
		GetCertificate: certificate.get,
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"}, // all that the server speaks
	}), nil
}

// plainHTTPDetector accepts connections on which TLS is to begin.
type plainHTTPDetector struct{ net.Listener }

// Accept waits for a connection, and lets it in after a look at how it begins.
func (l plainHTTPDetector) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &plainHTTPConn{Conn: conn}, nil
}

// plainHTTPConn is such a connection. Who typed http:// is told so in plain words: a browser would show the bytes of
// TLS's own refusal, or nothing at all.
type plainHTTPConn struct {
	net.Conn
	open bool // the first bytes were those of TLS
}

const plainHTTPResponse = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Connection: close\r\n\r\n" +
	"This address speaks HTTPS. Please write https:// in front of it.\n"

var errNoTLS = errors.New("listen: the client does not speak TLS")

// Read is called by one goroutine, that of the handshake, until the handshake is over.
func (d *plainHTTPConn) Read(p []byte) (int, error) {
	n, err := d.Conn.Read(p)
	if d.open || n == 0 {
		return n, err
	}
	if p[0] >= 'A' && p[0] <= 'Z' { // a method; a handshake begins with 0x16
		_, _ = d.Write([]byte(plainHTTPResponse)) // who is gone needs no answer
		return 0, errNoTLS
	}
	d.open = true
	return n, err
}
