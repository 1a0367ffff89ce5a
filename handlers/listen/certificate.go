package listen

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
)

// Certificate is the server's certificate, from two PEM files. It checks the files during handshakes, at most once a
// second, and reloads them when they change, so that renewing needs no signal. Safe for concurrent use.
type Certificate struct {
	cert, key string
	every     time.Duration // between two checks
	log       *slog.Logger

	mu     sync.Mutex
	looked time.Time
	stamp  string // what stat reported when the files were read
	pair   *tls.Certificate
}

// Load reads a certificate and its key. Its errors name the flags of the files.
func Load(cert, key string) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key, every: time.Second, log: slog.New(slog.DiscardHandler)}
	c.looked, c.stamp = time.Now(), c.look()
	var err error
	c.pair, err = c.read()
	return c, err
}

func (c *Certificate) read() (*tls.Certificate, error) {
	cert, err := readFile("--tls-cert", c.cert)
	if err != nil {
		return nil, err
	}
	key, err := readFile("--tls-key", c.key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %q and --tls-key %q cannot be used: %s", c.cert, c.key,
			strings.TrimPrefix(err.Error(), "tls: "))
	}
	return &pair, nil
}

func readFile(flag, name string) ([]byte, error) {
	content, err := os.ReadFile(name)
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%s %q cannot be read: %w", flag, name, err)
	}
	return content, nil
}

// look returns a stamp that changes with the files or their content.
func (c *Certificate) look() string {
	stamp := ""
	for _, name := range []string{c.cert, c.key} {
		info, err := os.Stat(name) // follows links: renewal tools replace those
		if err != nil {
			stamp += err.Error()
			continue
		}
		stamp += fmt.Sprint(info.ModTime().UnixNano(), info.Size(), ";")
	}
	return stamp
}

// get implements tls.Config's GetCertificate. If the files are unusable, such as a certificate whose key is not written
// yet, the old certificate stays until they change again.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < c.every {
		return c.pair, nil
	}
	c.looked = time.Now()
	stamp := c.look()
	if stamp == c.stamp {
		return c.pair, nil
	}
	c.stamp = stamp
	pair, err := c.read()
	if err != nil {
		c.log.Error("the new certificate cannot be used, the old one stays", "error", err)
		return c.pair, nil
	}
	c.pair = pair
	c.log.Info("there is a new certificate", "expires", pair.Leaf.NotAfter)
	return pair, nil
}
