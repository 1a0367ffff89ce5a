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

// Certificate is the server's, from two PEM files. They are looked at while people come in, at most once a second,
// and read again when they have changed: what renews them has nothing to tell the server. Safe for concurrent use.
type Certificate struct {
	cert, key string
	every     time.Duration // between two looks
	log       *slog.Logger

	mu     sync.Mutex
	looked time.Time
	stamp  string // what stat said of the files when they were read
	pair   *tls.Certificate
}

// Load reads a certificate and its key. Its errors name the flags that hold the files' names.
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

// look says what would be different about other files, or other content.
func (c *Certificate) look() string {
	stamp := ""
	for _, name := range []string{c.cert, c.key} {
		info, err := os.Stat(name) // through links: what renews certificates likes to exchange those
		if err != nil {
			stamp += err.Error()
			continue
		}
		stamp += fmt.Sprint(info.ModTime().UnixNano(), info.Size(), ";")
	}
	return stamp
}

// get is what tls.Config asks at each handshake. Files that cannot be used, such as a certificate whose key has not
// been written yet, leave the old one in place until they change again.
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
