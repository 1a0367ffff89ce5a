// Package listen opens the server's address, with TLS if it has a certificate.
package listen

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
)

// Listen listens on addr, host:port, with TLS if there is a certificate; reloaded certificates are logged. It refuses
// connections when files run out, and keeps some for the rest of the program. Its errors are sentences for people,
// without the full stop.
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

// plainHTTPDetector accepts connections on which TLS must begin.
type plainHTTPDetector struct{ net.Listener }

// Accept returns a connection whose first bytes are checked when it is read.
func (l plainHTTPDetector) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &plainHTTPConn{Conn: conn}, nil
}

// plainHTTPConn is such a connection. To plain HTTP it answers with a hint to use https://: a browser would show the
// bytes of TLS's own alert, or nothing at all.
type plainHTTPConn struct {
	net.Conn
	open bool // the first bytes were TLS
}

const plainHTTPResponse = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Connection: close\r\n\r\n" +
	"This address speaks HTTPS. Please write https:// in front of it.\n"

var errNoTLS = errors.New("listen: the client does not speak TLS")

// Read is called by one goroutine, the handshake's, until the handshake is over.
func (d *plainHTTPConn) Read(p []byte) (int, error) {
	n, err := d.Conn.Read(p)
	if d.open || n == 0 {
		return n, err
	}
	if p[0] >= 'A' && p[0] <= 'Z' { // a method; a handshake begins with 0x16
		_, _ = d.Write([]byte(plainHTTPResponse)) // if the client is gone, it needs no answer
		return 0, errNoTLS
	}
	d.open = true
	return n, err
}
