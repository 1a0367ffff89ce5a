// Chit-Chat is team chat in one binary: run it, open the address it prints, talk.
package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/peterbourgon/ff/v3"

	"chitchat/chat"
	"chitchat/handlers"
	"chitchat/uploads"
)

// shutdownTime is how long requests under way may take to finish once the program was told to stop.
const shutdownTime = 4 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(start(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// start is the program but for its process. It returns the exit status: 2 when a setting is wrong, 1 when the
// program could not do its work, 0 when it was told to stop.
func start(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	do, args := command(args)
	cfg, err := configure(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(stdout)
		return 0
	case err != nil:
		say(stderr, "Chit-Chat did not start: %v. See --help.\n", err)
		return 2
	case cfg.version:
		say(stdout, "Chit-Chat %s\n", version())
		return 0
	}
	if do == nil {
		do = run
	}
	if err := do(ctx, cfg, stdout, stderr); err != nil {
		say(stderr, "Chit-Chat stopped: %v.\n", err)
		return 1
	}
	return 0
}

// command takes a command off the arguments, if they begin with one; without one the program serves.
func command(args []string) (do func(context.Context, *config, io.Writer, io.Writer) error, rest []string) {
	switch {
	case len(args) > 0 && args[0] == "owner":
		return printOwnerLink, args[1:]
	case len(args) > 1 && args[0] == "reset-password":
		return func(ctx context.Context, cfg *config, stdout, _ io.Writer) error {
			return printRecoveryLink(ctx, cfg, args[1], stdout)
		}, args[2:]
	}
	return nil, args
}

// config is what can be set, by flags or by environment variables of the same names.
type config struct {
	addr, data, url string
	access          chat.Access
	logFormat       string
	logLevel        level
	maxUpload       size
	tlsCert, tlsKey string
	tls             *tls.Config
	proxies         prefixes
	limitSignIns    count
	limitPasswords  count
	limitPosts      count
	limitUploads    count
	limitChanges    count
	warmChannels    count
	sessionLifetime lifetime
	sessionMaxAge   maxAge
	version         bool
}

func (cfg *config) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("chitchat", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // start says what is wrong
	fs.StringVar(&cfg.addr, "addr", "127.0.0.1:8080", "`host:port` to listen on; no host means every network")
	fs.StringVar(&cfg.data, "data", "./data", "`folder` for the database and the files; made if it is not there")
	fs.StringVar(&cfg.url, "url", "", "`address` that people use, like https://chat.example.com, when a proxy stands in front")
	fs.Func("access", "`who` may come in: open, everyone by a display name, or invite, people with an account; the owner can set it too, when this is not given", cfg.setAccess)
	cfg.maxUpload = 25 << 20
	fs.Var(&cfg.maxUpload, "max-upload", "`size` of the largest file, in KB, MB or GB")
	fs.StringVar(&cfg.logFormat, "log-format", "text", "`text or json`")
	fs.Var(&cfg.logLevel, "log-level", "the least `level` to log: debug, info, warn or error")
	fs.StringVar(&cfg.tlsCert, "tls-cert", "", "PEM `file` with the certificate, to serve HTTPS without a proxy")
	fs.StringVar(&cfg.tlsKey, "tls-key", "", "PEM `file` with the certificate's key")
	fs.Var(&cfg.proxies, "trusted-proxies", "comma-separated `addresses` or networks whose X-Forwarded-* headers are believed")
	cfg.limitSignIns = 120
	fs.Var(&cfg.limitSignIns, "limit-signins", "sign-ins a minute from one address; 0: no limit") //nolint:misspell // not "signings"
	cfg.limitPasswords = 10
	fs.Var(&cfg.limitPasswords, "limit-passwords", "passwords a minute that are tried for one name; 0: no limit")
	cfg.limitPosts = 1200
	fs.Var(&cfg.limitPosts, "limit-posts", "messages, edits and deletions a minute by one person, and 50 times as many from one address; 0: no limit")
	cfg.limitUploads = 240
	fs.Var(&cfg.limitUploads, "limit-uploads", "files a minute by one person, and 50 times as many from one address; 0: no limit")
	cfg.limitChanges = 60
	fs.Var(&cfg.limitChanges, "limit-changes", "new channels a minute by one person, as many changes of their name, invitations and reports, and 50 times as many from one address; 0: no limit")
	cfg.warmChannels = 100
	fs.Var(&cfg.warmChannels, "warm-channels", "channels that stay in memory while nobody looks")
	cfg.sessionLifetime = lifetime(90 * 24 * time.Hour)
	fs.Var(&cfg.sessionLifetime, "session-lifetime", "how long one stays signed in without a visit: a `time` like 720h or 90m")
	cfg.sessionMaxAge = maxAge(365 * 24 * time.Hour)
	fs.Var(&cfg.sessionMaxAge, "session-max-age", "how long after signing in one has to do it again: a `time` like 720h; 0: never")
	fs.BoolVar(&cfg.version, "version", false, "print the version and stop")
	return fs
}

func (cfg *config) setAccess(text string) error {
	if cfg.access = chat.Access(text); !cfg.access.Valid() {
		return errors.New("it is neither open nor invite")
	}
	return nil
}

// configure reads flags, and the environment for those not given.
func configure(args []string) (*config, error) {
	cfg := &config{}
	fs := cfg.flags()
	if err := ff.Parse(fs, args, ff.WithEnvVarPrefix("CHITCHAT")); err != nil {
		return nil, plain(err)
	}
	if fs.NArg() > 0 {
		return nil, fmt.Errorf("%q is not a flag", fs.Arg(0))
	}
	return cfg, cfg.check()
}

// What the flag package and ff say about a wrong flag: the errors have no types to tell them apart.
var (
	unknownFlag  = regexp.MustCompile(`flag provided but not defined: -(.*)$`)
	lonelyFlag   = regexp.MustCompile(`flag needs an argument: -(.*)$`)
	brokenFlag   = regexp.MustCompile(`bad flag syntax: (.*)$`)
	wrongValue   = regexp.MustCompile(`(?s)invalid value (".*") for flag -(\S+): (.*)$`)
	wrongBoolean = regexp.MustCompile(`(?s)invalid boolean value (".*") for -(\S+): `)
	wrongEnv     = regexp.MustCompile(`(?s)setting flag ".*" from environment variable "(\w+)": (.*)$`)
)

// plain says in our own words what is wrong with the flags or the environment.
func plain(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	text := err.Error()
	if m := wrongValue.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s %s: %s", m[2], m[1], m[3])
	}
	if m := wrongBoolean.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s %s: it is neither true nor false", m[2], m[1])
	}
	if m := wrongEnv.FindStringSubmatch(text); m != nil { // of a value, our own Set says what is wrong; strconv, of --version
		why := m[2]
		if strings.Contains(why, "strconv") || why == "parse error" {
			why = "it is neither true nor false"
		}
		return fmt.Errorf("%s %q: %s", m[1], os.Getenv(m[1]), why)
	}
	if m := unknownFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("there is no flag --%s", m[1])
	}
	if m := lonelyFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s needs a value", m[1])
	}
	if m := brokenFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%q is not a flag", m[1])
	}
	return err
}

func (cfg *config) check() error {
	_, port, err := net.SplitHostPort(cfg.addr)
	if _, portErr := net.LookupPort("tcp", port); err != nil || portErr != nil {
		return fmt.Errorf("--addr %q is not of the form host:port", cfg.addr)
	}
	if cfg.data == "" {
		return errors.New("--data names no folder")
	}
	if cfg.url != "" {
		u, err := url.Parse(cfg.url)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
			return fmt.Errorf("--url %q is not of the form https://host", cfg.url)
		}
		cfg.url = u.Scheme + "://" + strings.ToLower(u.Host) // what browsers send as Origin
	}
	if cfg.logFormat != "text" && cfg.logFormat != "json" {
		return fmt.Errorf("--log-format %q is neither text nor json", cfg.logFormat)
	}
	if (cfg.tlsCert == "") != (cfg.tlsKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if cfg.tlsCert != "" {
		cert, err := tls.LoadX509KeyPair(cfg.tlsCert, cfg.tlsKey)
		if err != nil {
			return fmt.Errorf("--tls-cert and --tls-key cannot be used: %w", err)
		}
		cfg.tls = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	return nil
}

// run serves until ctx ends, then stops in order: sockets, requests, database. It prints the address once it listens.
func run(ctx context.Context, cfg *config, stdout, stderr io.Writer) (err error) {
	log := newLog(cfg, stderr)
	unlock, err := lock(cfg.data)
	if err != nil {
		return err
	}
	defer unlock()
	files, err := uploads.Open(filepath.Join(cfg.data, "uploads"), uploads.Options{MaxSize: int64(cfg.maxUpload), Log: log})
	if err != nil {
		return fmt.Errorf("the files in %s cannot be opened: %w", cfg.data, err)
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	talk, err := chat.Open(ctx, chat.Options{
		Path: filepath.Join(cfg.data, "chat.db"), RenderRow: handlers.RenderRow, WarmChannels: int(cfg.warmChannels),
		SessionLifetime: time.Duration(cfg.sessionLifetime), SessionMaxAge: time.Duration(cfg.sessionMaxAge), Access: cfg.access, Log: log,
	})
	if err != nil {
		return fmt.Errorf("the database in %s cannot be opened: %w", cfg.data, err)
	}
	defer func() { err = errors.Join(err, talk.Close()) }()
	server, err := handlers.New(handlers.Options{
		Chat: talk, Files: files, Log: log, MaxUpload: int64(cfg.maxUpload), PublicURL: cfg.url, TLS: cfg.tls != nil,
		TrustedProxies: cfg.proxies, SessionLifetime: time.Duration(cfg.sessionLifetime),
		SignIns: int(cfg.limitSignIns), Passwords: int(cfg.limitPasswords), Posts: int(cfg.limitPosts), Uploads: int(cfg.limitUploads), Changes: int(cfg.limitChanges),
	})
	if err != nil {
		return err
	}
	listener, err := listen(cfg)
	if err != nil {
		return err
	}
	secret, err := talk.OwnerLink(ctx) // first: once people can come in, the command owner may make a newer one
	if err != nil {
		return errors.Join(fmt.Errorf("the database in %s cannot be written to: %w", cfg.data, err), listener.Close())
	}
	say(stdout, "Chit-Chat is listening on %s\n", address(cfg, listener))
	if secret != "" {
		say(stdout, "Nobody owns this place yet. To own it, open %s/owner/%s\n", base(cfg, listener.Addr().String()), secret)
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		sweep(ctx, files, talk, log)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err = <-served: // the listener failed
	case <-ctx.Done():
		log.Info("stopping")
	}
	cancel()
	deadline, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer stop()
	if err := server.Shutdown(deadline); err != nil {
		log.Warn("some requests were cut off", "error", err)
	}
	<-swept
	return err
}

// sweep removes files that belong to no message, at the start and once a day: those that a crash left, and those
// that waited for a message that was never sent.
func sweep(ctx context.Context, files *uploads.Store, talk *chat.Chat, log *slog.Logger) {
	known := func(ctx context.Context, names []string) (map[string]bool, error) {
		ids := make([]chat.ID, 0, len(names))
		for _, name := range names {
			if id, err := chat.ParseID(name); err == nil {
				ids = append(ids, id)
			}
		}
		there, err := talk.KnownFiles(ctx, ids)
		found := make(map[string]bool, len(there))
		for id := range there {
			found[id.String()] = true
		}
		return found, err
	}
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for before := time.Now(); ; before = time.Now().Add(-time.Hour) { // what is being posted now has no message yet
		removed, err := files.Sweep(ctx, before, known)
		if err != nil && ctx.Err() == nil {
			log.Error("sweeping the files", "error", err)
		} else if removed > 0 {
			log.Info("removed files without a message", "files", removed)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// lock makes the data folder and holds it, so that no second process writes there. It is let go by unlock, and
// by the end of the process.
func lock(folder string) (unlock func(), err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be written to: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another Chit-Chat uses the data folder %s", folder), f.Close())
	}
	return func() { _ = f.Close() }, nil // closing lets go of the lock, whatever it returns
}

func listen(cfg *config) (net.Listener, error) {
	ln, err := net.Listen("tcp", cfg.addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program listens on %s already", cfg.addr)
	case err != nil:
		return nil, fmt.Errorf("nothing can listen on %s: %w", cfg.addr, err)
	case cfg.tls != nil:
		return tls.NewListener(ln, cfg.tls), nil
	}
	return ln, nil
}

func address(cfg *config, ln net.Listener) string {
	scheme := "http"
	if cfg.tls != nil {
		scheme = "https"
	}
	return scheme + "://" + ln.Addr().String()
}

// base is what links for people begin with.
func base(cfg *config, addr string) string {
	if cfg.url != "" {
		return cfg.url
	}
	scheme := "http"
	if cfg.tls != nil {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr)
	if ip, ipErr := netip.ParseAddr(host); err == nil && (host == "" || ipErr == nil && ip.IsUnspecified()) {
		addr = net.JoinHostPort("localhost", port)
	}
	return scheme + "://" + addr
}

// atDatabase opens the database for one command. The program may be serving it meanwhile.
func atDatabase(ctx context.Context, cfg *config, do func(*chat.Chat) error) (err error) {
	path := filepath.Join(cfg.data, "chat.db")
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no Chit-Chat in the data folder %s", cfg.data)
	}
	unlock, err := lock(cfg.data)
	beside := err != nil
	if !beside {
		defer unlock()
	}
	talk, err := chat.Open(ctx, chat.Options{Path: path, RenderRow: handlers.RenderRow, Beside: beside})
	if err != nil {
		return fmt.Errorf("the database in %s cannot be opened: %w", cfg.data, err)
	}
	defer func() { err = errors.Join(err, talk.Close()) }()
	return do(talk)
}

// printOwnerLink is the command "owner".
func printOwnerLink(ctx context.Context, cfg *config, stdout, _ io.Writer) error {
	return atDatabase(ctx, cfg, func(talk *chat.Chat) error {
		secret, err := talk.OwnerLink(ctx)
		if err == nil && secret == "" {
			err = errors.New("the place has an owner already")
		}
		if err != nil {
			return err
		}
		say(stdout, "%s/owner/%s\n", base(cfg, cfg.addr), secret)
		return nil
	})
}

// printRecoveryLink is the command "reset-password".
func printRecoveryLink(ctx context.Context, cfg *config, name string, stdout io.Writer) error {
	return atDatabase(ctx, cfg, func(talk *chat.Chat) error {
		secret, err := talk.RecoverFromServer(ctx, name)
		if refusal, ok := errors.AsType[*chat.Error](err); ok {
			err = errors.New(strings.TrimSuffix(refusal.Message, "."))
		}
		if err == nil {
			say(stdout, "%s/recover/%s\n", base(cfg, cfg.addr), secret)
		}
		return err
	})
}

func newLog(cfg *config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.Level(cfg.logLevel)}
	if cfg.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func help(w io.Writer) {
	say(w, "Chit-Chat is team chat in one program: start it and open the address it prints.\n\nUsage: chitchat [command] [flags]\n\n"+
		"Without a command it serves. The commands work beside a Chit-Chat that is serving:\n"+
		"  owner                  prints a new link that makes its opener the owner, while there is none\n"+
		"  reset-password NAME    prints a link, for 10 minutes, by which NAME comes in with a new password\n\n")
	(&config{}).flags().VisitAll(func(f *flag.Flag) {
		kind, usage := flag.UnquoteUsage(f)
		if kind == "value" {
			kind = "number"
		}
		if f.DefValue != "" && f.DefValue != "false" {
			usage += " (" + f.DefValue + ")"
		}
		env := "CHITCHAT_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		say(w, "  --%s\n      %s\n      %s\n", strings.TrimSpace(f.Name+" "+kind), usage, env)
	})
}

// say prints for people. When nobody reads, nobody is to be told.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = " " + s.Value
		}
	}
	return cmp.Or(info.Main.Version, "(devel)") + revision + " " + info.GoVersion
}

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

// prefixes are networks, or single addresses, separated by commas.
type prefixes []netip.Prefix

func (p *prefixes) String() string {
	var list []string
	for _, prefix := range *p {
		list = append(list, prefix.String())
	}
	return strings.Join(list, ",")
}

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

// count is a whole number that is not negative.
type count int

func (n *count) String() string { return strconv.Itoa(int(*n)) }

func (n *count) Set(text string) error {
	const most = 1_000_000_000
	v, err := strconv.Atoi(text)
	if err != nil || v < 0 || v > most {
		return errors.New("it is not a whole number from 0 to a billion")
	}
	*n = count(v)
	return nil
}

// lifetime is a time of a minute at least, written in hours, minutes or both.
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

// level is the least level that is logged.
type level slog.Level

func (l *level) String() string { return strings.ToLower(slog.Level(*l).String()) }

func (l *level) Set(text string) error {
	for _, known := range []level{level(slog.LevelDebug), level(slog.LevelInfo), level(slog.LevelWarn), level(slog.LevelError)} {
		if strings.EqualFold(text, known.String()) {
			*l = known
			return nil
		}
	}
	return errors.New("it is none of debug, info, warn and error")
}

// maxAge is a lifetime, or 0 for no end.
type maxAge time.Duration

func (a *maxAge) String() string {
	if *a == 0 {
		return "0"
	}
	return (*lifetime)(a).String()
}

func (a *maxAge) Set(text string) error {
	if text == "0" {
		*a = 0
		return nil
	}
	return (*lifetime)(a).Set(text)
}
