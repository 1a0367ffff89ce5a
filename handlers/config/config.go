// Package config reads the program's settings from flags and environment variables, and words its errors for people.
package config

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/peterbourgon/ff/v3"

	"chitchat/chat"
	"chitchat/handlers/listen"
)

// Config holds the settings: the flags of README.md's table.
type Config struct {
	Addr string // host:port to listen on
	Data string // the folder of the database and the files
	URL  string // scheme and host of the public address, as browsers send them; "": derived from Addr

	// further host names of the server, as browsers send them, without ports
	Hosts []string
	HSTS  time.Duration // how long browsers must insist on TLS; 0: they need not

	Access         chat.JoinPolicy // empty: as the owner has set it
	MaxUpload      int64           // bytes
	UploadBytes    int64           // per user and day; 0: no limit
	KeepFree       int64           // bytes of the disk that files must leave free; 0: none
	TrustedProxies []netip.Prefix
	WarmChannels   int
	NoLinkPreviews bool // connect to no other server

	TLSCert, TLSKey string              // PEM files; both or neither
	Certificate     *listen.Certificate // loaded from them; nil: the server speaks no TLS

	SessionLifetime time.Duration // at least a minute
	SessionMaxAge   time.Duration // at least a minute, or 0: no end

	// Limits per minute; 0: no limit.
	LimitSignIns   int
	LimitPasswords int
	LimitPosts     int
	LimitUploads   int
	LimitChanges   int

	LogFormat string // text or json
	LogLevel  slog.Level

	Version bool // print the version and stop
}

// Parse reads the flags and, for those not given, the environment. words are the arguments that are not flags, in
// order; flags may precede, separate or follow them. A word that begins with a dash needs "--" before it. The error is
// a sentence about the one wrong setting, or flag.ErrHelp.
func Parse(args []string) (cfg *Config, words []string, err error) {
	cfg = &Config{}
	fs := cfg.flags()
	for {
		if err := ff.Parse(fs, args, ff.WithEnvVarPrefix(prefix)); err != nil {
			return nil, nil, plain(err)
		}
		if fs.NArg() == 0 {
			return cfg, words, cfg.check()
		}
		words, args = append(words, fs.Arg(0)), fs.Args()[1:]
	}
}

// prefix begins the names of the environment variables.
const prefix = "CHITCHAT"

func (cfg *Config) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("chitchat", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // Parse's caller prints the error
	fs.StringVar(&cfg.Addr, "addr", "127.0.0.1:8080", "`host:port` to listen on; no host means every network")
	fs.StringVar(&cfg.Data, "data", "./data", "`folder` for the database and the files; made if it is not there")
	fs.StringVar(&cfg.URL, "url", "",
		"`address` that people use, like https://chat.example.com, when a proxy stands in front")
	fs.Var((*names)(&cfg.Hosts), "hosts",
		"comma-separated `names` by which people reach the server, besides that of --url or, without it, localhost, the "+
			"machine's name and its numbers")
	cfg.HSTS = hstsOn443
	fs.Var((*hsts)(&cfg.HSTS), "hsts",
		"how long browsers insist on HTTPS for the whole host: a `time` like 720h; 0: they need not; without it, a year "+
			"when people use port 443")
	fs.Func("access", "`who` may come in: open, everyone by a display name, or invite, people with an account; the "+
		"owner can set it too, when this is not given", cfg.setAccess)
	cfg.MaxUpload = 100 << 20
	fs.Var((*size)(&cfg.MaxUpload), "max-upload", "`size` of the largest file, in KB, MB or GB")
	cfg.UploadBytes = 2 << 30
	fs.Var((*sizeOrNone)(&cfg.UploadBytes), "limit-upload-bytes",
		"`size` of all files that one user may send in a day, and 50 times as much from one address; 0: no limit")
	cfg.KeepFree = 256 << 20
	fs.Var((*sizeOrNone)(&cfg.KeepFree), "keep-free",
		"`size` of the space on the disk that is left to messages: when less is free, no file is taken; 0: none")
	fs.StringVar(&cfg.LogFormat, "log-format", "text", "`text or json`")
	fs.Var((*level)(&cfg.LogLevel), "log-level", "the least `level` to log: debug, info, warn or error")
	fs.StringVar(&cfg.TLSCert, "tls-cert", "", "PEM `file` with the certificate, to serve HTTPS without a proxy")
	fs.StringVar(&cfg.TLSKey, "tls-key", "", "PEM `file` with the certificate's key")
	fs.Var((*prefixes)(&cfg.TrustedProxies), "trusted-proxies",
		"comma-separated `addresses` or networks whose X-Forwarded-* headers are believed")
	cfg.LimitSignIns = 120
	fs.Var((*count)(&cfg.LimitSignIns), "limit-signins", "sign-ins a minute from one address; 0: no limit")
	cfg.LimitPasswords = 10
	fs.Var((*count)(&cfg.LimitPasswords), "limit-passwords",
		"passwords a minute that are tried for one name from one address, and 20 times as many from all; 0: no limit")
	cfg.LimitPosts = 1200
	fs.Var((*count)(&cfg.LimitPosts), "limit-posts",
		"messages, edits and deletions a minute by one user, as many reactions, and 50 times as many from one address; "+
			"0: no limit")
	cfg.LimitUploads = 240
	fs.Var((*count)(&cfg.LimitUploads), "limit-uploads",
		"files a minute by one user, and 50 times as many from one address; 0: no limit")
	cfg.LimitChanges = 60
	fs.Var((*count)(&cfg.LimitChanges), "limit-changes",
		"new channels and conversations a minute by one user, as many changes of their name and profile, invitations and "+
			"reports, five times as many searches and changes of all else, ten times as many pages that are opened, and 50 "+
			"times as many from one address; 0: no limit")
	cfg.WarmChannels = 100
	fs.Var((*count)(&cfg.WarmChannels), "warm-channels", "channels that stay in memory while nobody looks")
	fs.BoolVar(&cfg.NoLinkPreviews, "no-link-previews", false,
		"never fetch the pages behind links: it is all for which the server connects to others")
	cfg.SessionLifetime = chat.DefaultSessionLifetime
	fs.Var((*lifetime)(&cfg.SessionLifetime), "session-lifetime",
		"how long a session lasts without a visit: a `time` like 720h or 90m")
	cfg.SessionMaxAge = 365 * 24 * time.Hour
	fs.Var((*maxAge)(&cfg.SessionMaxAge), "session-max-age",
		"how long a session lasts, however much it is used: a `time` like 720h; 0: without end")
	fs.BoolVar(&cfg.Version, "version", false, "print the version and stop")
	return fs
}

func (cfg *Config) setAccess(text string) error {
	if cfg.Access = chat.JoinPolicy(text); !cfg.Access.Valid() {
		return errors.New("it is neither open nor invite")
	}
	return nil
}

// check validates what the flags cannot check on their own.
func (cfg *Config) check() error {
	_, port, err := net.SplitHostPort(cfg.Addr)
	if _, portErr := net.LookupPort("tcp", port); err != nil || portErr != nil {
		return fmt.Errorf("--addr %q is not of the form host:port", cfg.Addr)
	}
	if cfg.Data == "" {
		return errors.New("--data names no folder")
	}
	if cfg.URL != "" {
		address, err := origin(cfg.URL)
		if err != nil {
			return fmt.Errorf("--url %q: %w", cfg.URL, err)
		}
		cfg.URL = address
	}
	if cfg.LogFormat != "text" && cfg.LogFormat != "json" {
		return fmt.Errorf("--log-format %q is neither text nor json", cfg.LogFormat)
	}
	if (cfg.TLSCert == "") != (cfg.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if cfg.TLSCert != "" {
		cfg.Certificate, err = listen.Load(cfg.TLSCert, cfg.TLSKey)
	}
	if cfg.HSTS == hstsOn443 {
		cfg.HSTS = 0
		if cfg.publicPort() == "443" {
			cfg.HSTS = 365 * 24 * time.Hour
		}
	}
	return err
}

// publicPort returns the port of the public address.
func (cfg *Config) publicPort() string {
	if u, err := url.Parse(cfg.URL); err == nil && cfg.URL != "" {
		return cmp.Or(u.Port(), map[string]string{"https": "443", "http": "80"}[u.Scheme])
	}
	_, port, _ := net.SplitHostPort(cfg.Addr)
	return port
}
