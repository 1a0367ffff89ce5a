//go:build linux

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// settle is how long a server is left idle before its memory is read.
const settle = 6 * time.Second

// idle measures what open pages cost while nothing happens: the increase of PSS per page.
func (b *bench) idle() error {
	for _, n := range []int{5000, 10000} {
		key := fmt.Sprintf("idle %d", n)
		for range b.runs {
			f, err := b.idleOnce(n, false)
			if err != nil {
				return fmt.Errorf("%d sockets: %w", n, err)
			}
			b.report(key, f)
		}
		b.result.hold("idle", fmt.Sprintf("memory of each of %s connections", number(float64(n))), "KiB", key, "KiB", "", "",
			valueAtMost(4))
		b.result.hold("idle", fmt.Sprintf("CPU with %s connections", number(float64(n))), "%", key, "cpu_percent", "", "",
			goal{})
	}
	return nil
}

// idleTLS is idle over the server's own TLS.
func (b *bench) idleTLS() error {
	const n = 5000
	for range b.runs {
		f, err := b.idleOnce(n, true)
		if err != nil {
			return err
		}
		b.report("idle TLS", f)
	}
	b.result.hold("idle", "memory of each of 5,000 connections, TLS", "KiB", "idle TLS", "KiB", "", "", valueAtMost(24))
	return nil
}

func (b *bench) idleOnce(n int, secure bool) (f figures, err error) {
	var flags []string
	if secure {
		cert, key, err := selfSigned(b.dir)
		if err != nil {
			return nil, err
		}
		flags = []string{"--tls-cert", cert, "--tls-key", key}
	}
	p, dir, err := b.programIn(flags...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := p.found(1); err != nil {
		return nil, err
	}
	share := max(1, n/1000)
	if err := p.invite((n + share - 1) / share); err != nil {
		return nil, err
	}
	at := make([]channel, len(p.people))
	err = parallel(len(at), 16, func(i int) (err error) {
		at[i], err = p.open(p.people[i], p.channels[0])
		_ = p.people[i].wire.Close() // its connection would be counted
		return err
	})
	if err != nil {
		return nil, err
	}
	// A fresh process has no memory left over from earlier work: returning that later would make connections look cheap.
	if err := p.stop(); err != nil {
		return nil, err
	}
	again, err := b.programAt(dir, "127.0.0.1:0", flags...)
	if err != nil {
		return nil, err
	}
	p.process, p.origin = again.process, again.origin
	time.Sleep(settle)
	before, err := memoryOf(p.pid())
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	hang, err := b.hang(p, n, share, at)
	if err != nil {
		return nil, err
	}
	defer hang()
	opened := time.Since(begun)
	time.Sleep(settle)
	used, _ := cpuTime(p.pid())
	time.Sleep(2 * time.Second)
	still, _ := cpuTime(p.pid())
	after, err := memoryOf(p.pid())
	if err != nil {
		return nil, err
	}
	return figures{
		"KiB": float64(after.Pss-before.Pss) / 1024 / float64(n), "before_MB": float64(before.Pss) / 1e6,
		"after_MB": float64(after.Pss) / 1e6,
		"open_s":   opened.Seconds(), "cpu_percent": (still - used).Seconds() / 2 * 100,
	}, nil
}

// hang opens sockets that stay idle, and returns a function that closes them.
func (b *bench) hang(p *server, n, share int, at []channel) (func(), error) {
	if !p.secure {
		c, err := b.gather(n, search{token: planToken}, func(i int) (*subscriber, []byte, error) {
			who := i / share
			fd, early, err := connect(p.addr, "/live", at[who].hello(), "Cookie", p.people[who].cookie, "Origin", p.origin)
			return &subscriber{fd: fd}, early, err
		})
		if err != nil {
			return nil, err
		}
		return c.close, nil
	}
	conns := make([]net.Conn, n)
	end := func() {
		for _, c := range conns {
			if c != nil {
				_ = c.Close() // nobody reads it
			}
		}
	}
	err := parallel(n, 16, func(i int) error {
		who := i / share
		w, err := dial(p.addr, true)
		if err != nil {
			return err
		}
		conns[i] = w
		a, err := w.do(request("GET", "/live", p.addr, nil, "Cookie", p.people[who].cookie, "Origin", p.origin, "Upgrade",
			"websocket",
			"Connection", "Upgrade", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))
		if err == nil && a.status != 101 {
			err = fmt.Errorf("the handshake was refused: status %d", a.status)
		}
		if err == nil {
			_, err = w.Write(clientFrame(1, at[who].hello()))
		}
		return err
	})
	if err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// selfSigned returns a certificate for the loopback addresses.
func selfSigned(dir string) (cert, key string, err error) {
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "load"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	if err != nil {
		return "", "", err
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		return "", "", err
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	err = errors.Join(
		os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs}), 0o600),
	)
	return cert, key, err
}
