package listen

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// renew overwrites the files with a certificate of a serial number, and its key.
func renew(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der},
		key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		write(t, name, pem.EncodeToMemory(block))
	}
}

// writes counts the writes: each sets a time one second later, because the file system's clock may be too coarse for a
// test.
var writes time.Duration

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	writes++
	at := time.Now().Add(writes * time.Second)
	if err := errors.Join(os.WriteFile(name, content, 0o600), os.Chtimes(name, at, at)); err != nil {
		t.Fatal(err)
	}
}

// open listens with a certificate of serial number 1, sends "hello" to every client, and returns its log.
func open(t *testing.T) (c *Certificate, addr string, log *bytes.Buffer) {
	t.Helper()
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	renew(t, cert, key, 1)
	c, err := Load(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	c.every = 0
	log = &bytes.Buffer{}
	ln, err := Listen("127.0.0.1:0", c, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "hello")
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = ln.Close(); <-done })
	return c, ln.Addr().String(), log
}

// serial returns the serial number of the certificate that a client gets.
func serial(t *testing.T, addr string) int64 {
	t.Helper()
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if text, err := io.ReadAll(conn); err != nil || string(text) != "hello" {
		t.Errorf("%q, %v", text, err)
	}
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestNewCertificate(t *testing.T) {
	c, addr, log := open(t)
	if n := serial(t, addr); n != 1 {
		t.Fatal("serial number", n)
	}
	old, err := os.ReadFile(c.key)
	if err != nil {
		t.Fatal(err)
	}
	renew(t, c.cert, c.key, 2)
	if n := serial(t, addr); n != 2 {
		t.Error("after the renewal: serial number", n)
	}
	if n := serial(t, addr); n != 2 || strings.Count(log.String(), "there is a new certificate") != 1 {
		t.Error(n, log)
	}
	for what, damage := range map[string]func(){
		"a key of another certificate": func() { write(t, c.key, append(old, '\n')) },
		"no key":                       func() { _ = os.Remove(c.key) },
		"half a certificate":           func() { write(t, c.cert, []byte("-----BEGIN CERTIFICATE-----\nMII")) },
	} {
		log.Reset()
		damage()
		if n := serial(t, addr) + serial(t, addr); n != 4 {
			t.Errorf("%s: not the old certificate", what)
		}
		if strings.Count(log.String(), "cannot be used, the old one stays") != 1 {
			t.Errorf("%s: logged %q", what, log)
		}
	}
	renew(t, c.cert, c.key, 3)
	if n := serial(t, addr); n != 3 {
		t.Error("after the next renewal: serial number", n)
	}
	c.every = time.Hour
	renew(t, c.cert, c.key, 4)
	if n := serial(t, addr); n != 3 {
		t.Error("looked before its time: serial number", n)
	}
}

func TestVersions(t *testing.T) {
	_, addr, _ := open(t)
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if state := conn.ConnectionState(); state.NegotiatedProtocol != "http/1.1" || state.Version != tls.VersionTLS13 {
		t.Errorf("%q over %s", state.NegotiatedProtocol, tls.VersionName(state.Version))
	}
	if _, err := tls.Dial("tcp", addr,
		&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was taken")
	}
}

// A plain HTTP request is told to use https; anything else that is no handshake gets no answer.
func TestWrongDoor(t *testing.T) {
	_, addr, _ := open(t)
	for sent, want := range map[string]string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n": "Please write https://",
		"\x00\x01\x02\x03\x04": "", "SSH": "HTTPS"} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, sent)
		got, err := io.ReadAll(conn)
		if err != nil || !strings.Contains(string(got), want) || want == "" && bytes.Contains(got, []byte("HTTP")) {
			t.Errorf("%q: %q, %v", sent, got, err)
		}
		_ = conn.Close()
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	cert, key, other := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "other.pem")
	renew(t, filepath.Join(dir, "unused.pem"), other, 1)
	renew(t, cert, key, 1)
	for _, c := range []struct{ cert, key, says string }{
		{"none.pem", key, `--tls-cert "none.pem" cannot be read: no such file`},
		{cert, dir, `--tls-key "` + dir + `" cannot be read: is a directory`},
		{cert, other, "private key does not match"},
		{key, cert, "may have been switched"},
		{cert, cert, "cannot be used: "},
	} {
		_, err := Load(c.cert, c.key)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "tls: ") {
			t.Errorf("%s, %s: %v", c.cert, c.key, err)
		}
	}
}

func TestAt(t *testing.T) {
	first, err := Listen("127.0.0.1:0", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	client, err := net.Dial("tcp", first.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	conn, err := first.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, ok := conn.(*net.TCPConn); !ok { // sockets are polled then
		t.Errorf("without a certificate a connection is a %T", conn)
	}
	if _, err := Listen(first.Addr().String(), nil, nil); err == nil ||
		!strings.Contains(err.Error(), "another program listens on") {
		t.Error(err)
	}
	if _, err := Listen("192.0.2.1:0", nil, nil); err == nil || !strings.HasPrefix(err.Error(), "nothing can listen on") ||
		errors.Unwrap(err) == nil {
		t.Error(err)
	}
}
