package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// size is a number of bytes, written with KB, MB or GB (powers of 1024).
type size int64

var units = []struct {
	name  string
	bytes size
}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}}

func (s *size) String() string {
	for _, u := range units {
		if *s >= u.bytes && *s%u.bytes == 0 {
			return strconv.FormatInt(int64(*s/u.bytes), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Set reads "25MB", "25 mb", or a bare number of bytes.
func (s *size) Set(text string) error {
	number, unit := strings.ToUpper(strings.TrimSpace(text)), size(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > int64(1<<40/unit) {
		return errors.New("it is not a size like 25MB, of at most 1024GB")
	}
	*s = size(n) * unit
	return nil
}

// sizeOrNone is a size that may be 0.
type sizeOrNone int64

func (s *sizeOrNone) String() string { return (*size)(s).String() }

// Set implements flag.Value.
func (s *sizeOrNone) Set(text string) error {
	if strings.TrimSpace(text) == "0" {
		*s = 0
		return nil
	}
	return (*size)(s).Set(text)
}

// prefixes are networks or single addresses, separated by commas.
type prefixes []netip.Prefix

func (p *prefixes) String() string {
	var list []string
	for _, prefix := range *p {
		list = append(list, prefix.String())
	}
	return strings.Join(list, ",")
}

// Set implements flag.Value.
func (p *prefixes) Set(text string) error {
	*p = nil
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(item)
		if addr, addrErr := netip.ParseAddr(item); addrErr == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return fmt.Errorf("%q in it is neither an address nor a network like 10.0.0.0/8", item)
		}
		*p = append(*p, prefix.Masked())
	}
	return nil
}

// count is a non-negative whole number.
type count int

func (n *count) String() string { return strconv.Itoa(int(*n)) }

// Set implements flag.Value.
func (n *count) Set(text string) error {
	const most = 1_000_000_000
	v, err := strconv.Atoi(text)
	if err != nil || v < 0 || v > most {
		return errors.New("it is not a whole number from 0 to a billion")
	}
	*n = count(v)
	return nil
}

// lifetime is a duration of at least a minute, written in hours, minutes or both.
type lifetime time.Duration

func (l *lifetime) String() string {
	text := time.Duration(*l).String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// Set implements flag.Value.
func (l *lifetime) Set(text string) error {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return errors.New("it is not a time like 720h or 90m")
	case d < time.Minute:
		return errors.New("it is shorter than a minute")
	}
	*l = lifetime(d)
	return nil
}

// level is the minimum level of log lines.
type level slog.Level

func (l *level) String() string { return strings.ToLower(slog.Level(*l).String()) }

// Set implements flag.Value.
func (l *level) Set(text string) error {
	for _, known := range []level{level(slog.LevelDebug), level(slog.LevelInfo), level(slog.LevelWarn),
		level(slog.LevelError)} {
		if strings.EqualFold(text, known.String()) {
			*l = known
			return nil
		}
	}
	return errors.New("it is none of debug, info, warn and error")
}

// maxAge is a lifetime, or 0 for no limit.
type maxAge time.Duration

func (a *maxAge) String() string {
	if *a == 0 {
		return "0"
	}
	return (*lifetime)(a).String()
}

// Set implements flag.Value.
func (a *maxAge) Set(text string) error {
	if text == "0" {
		*a = 0
		return nil
	}
	return (*lifetime)(a).Set(text)
}

// names are hosts, separated by commas.
type names []string

func (n *names) String() string { return strings.Join(*n, ",") }

// Set implements flag.Value.
func (n *names) Set(text string) error {
	*n = nil
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		host := item
		if before, port, err := net.SplitHostPort(item); err == nil && strings.Trim(port, "0123456789") == "" {
			host = before
		}
		name, err := hostName(host)
		if err != nil {
			return fmt.Errorf("%q in it is not a name like chat.example.com", item)
		}
		*n = append(*n, name)
	}
	return nil
}

// hsts is how long browsers must insist on TLS. Its default depends on the port.
type hsts time.Duration

const hstsOn443 = -1

func (h *hsts) String() string {
	if *h <= 0 {
		return ""
	}
	return (*lifetime)(h).String()
}

// Set implements flag.Value.
func (h *hsts) Set(text string) error { return (*maxAge)(h).Set(text) }
