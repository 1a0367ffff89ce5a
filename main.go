// Chit-Chat is team chat in one binary: run it, open the address it prints, talk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"chitchat/chat"
	"chitchat/chat/guard"
	"chitchat/handlers"
	"chitchat/handlers/command"
	"chitchat/handlers/config"
	"chitchat/handlers/listen"
	"chitchat/handlers/memory"
	"chitchat/uploads"
	"chitchat/uploads/filetext"
)

// shutdownTime is how long running requests may take to finish on shutdown. Tests shorten it.
var shutdownTime = 4 * time.Second

// settleDelay is how long after the start memory is freed: the first requests have then been answered.
const settleDelay = 250 * time.Millisecond

func main() {
	filetext.Main() // which does not return in a process that only reads a file
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(start(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// start runs the program without the process. It returns the exit status: 2 for a wrong setting, 1 for a failure, 0
// after a requested stop.
func start(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	syscall.Umask(0o077) // messages and files are readable by this user only
	cfg, words, err := config.Parse(args)
	var do command.Command
	if err == nil {
		do, err = command.Parse(words)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		config.Help(stdout)
		return 0
	case err != nil:
		printf(stderr, "Chit-Chat did not start: %v. See --help.\n", err)
		return 2
	case cfg.Version:
		printf(stdout, "Chit-Chat %s\n", config.Version())
		return 0
	case do != nil:
		err = runCommand(ctx, cfg, do, stdout)
	default:
		err = run(ctx, cfg, stdout, stderr)
	}
	if err != nil {
		printf(stderr, "Chit-Chat stopped: %v.\n", err)
		return 1
	}
	return 0
}

// run serves until ctx ends, then stops in order: sockets, requests, database. It prints the address once it listens.
func run(ctx context.Context, cfg *config.Config, stdout, stderr io.Writer) (err error) {
	begun := time.Now()
	log := cfg.Log(stderr)
	unlock, err := lock(cfg.Data)
	if err != nil {
		return err
	}
	defer unlock()
	files, err := uploads.Open(filepath.Join(cfg.Data, "uploads"),
		uploads.Options{MaxSize: cfg.MaxUpload, Reserve: cfg.KeepFree, Log: log})
	if err != nil {
		return fmt.Errorf("the files in %s cannot be opened: %w", cfg.Data, err)
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	app, err := chat.Open(ctx, chat.Options{
		Path: filepath.Join(cfg.Data, "chat.db"), RenderRow: handlers.RenderRow, Frame: handlers.Frame,
		WarmChannels:    cfg.WarmChannels,
		SessionLifetime: cfg.SessionLifetime, SessionMaxAge: cfg.SessionMaxAge, JoinPolicy: cfg.Access, Log: log,
		Shortcode: handlers.Shortcode, Links: linkFetcher(cfg, files, log), FileTexts: handlers.NewFileTexts(files),
		Dropped: func(ids []chat.ID) {
			for _, id := range ids {
				if err := files.Remove(id.String()); err != nil {
					log.Warn("a file that waited too long was not removed", "file", id, "error", err)
				}
			}
		},
	})
	if err != nil {
		return fmt.Errorf("the database in %s cannot be opened: %w", cfg.Data, err)
	}
	defer func() { err = errors.Join(err, app.Close()) }()
	listener, err := listen.Listen(cfg.Addr, cfg.Certificate, log)
	if err != nil {
		return err
	}
	// before serving: afterwards the owner command may replace the link by a newer one
	secret, err := app.Accounts.CreateSetupLink(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("the database in %s cannot be written to: %w", cfg.Data, err), listener.Close())
	}
	quiet := func() {
		app.ReleaseMemory()
		memory.Settle()
	}
	server, err := handlers.New(handlers.Options{
		Chat: app, Files: files, Log: log, MaxUpload: cfg.MaxUpload, PublicURL: cfg.URL, Hosts: cfg.Hosts,
		TLS: cfg.Certificate != nil, HSTS: cfg.HSTS,
		Port: listener.Addr().(*net.TCPAddr).Port, TrustedProxies: cfg.TrustedProxies, Settled: quiet,
		SessionLifetime: cfg.SessionLifetime,
		SignIns:         cfg.LimitSignIns, Passwords: cfg.LimitPasswords, Posts: cfg.LimitPosts, Uploads: cfg.LimitUploads,
		UploadBytes: cfg.UploadBytes, Changes: cfg.LimitChanges,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	printf(stdout, "Chit-Chat is listening on %s\n", cfg.Listening(listener))
	if secret != "" {
		printf(stdout, "This workspace has no owner yet. To become its owner, open %s%s\n",
			cfg.Base(listener.Addr().String()),
			command.SetupPath(secret))
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	swept := make(chan struct{})
	guard.Go(log, "sweeping the files", func() {
		defer close(swept)
		sweep(ctx, begun, files, app, log)
	})
	served := make(chan struct{})
	var failure error // of the listener; read it only after served is closed
	guard.Go(log, "serving", func() {
		defer close(served)
		failure = errors.New("serving failed") // remains after a panic, which is logged
		failure = server.Serve(listener)
	})
	settled := guard.AfterFunc(log, "tidying up", settleDelay, quiet)
	defer settled.Stop()
	select {
	case <-served: // the listener failed
	case <-ctx.Done():
		log.Info("stopping")
	}
	cancel()
	deadline, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer stop()
	if err := server.Shutdown(deadline); err != nil {
		log.Warn("some requests were cut off", "error", err)
	}
	// Shutdown misses the listener if Serve has not used it yet. If it is closed already, the error means nothing.
	_ = listener.Close()
	<-served
	<-swept
	return failure
}

// A file without a message may belong to one that is being posted, unless it is older than the start of the program;
// file systems' clocks may lag by some milliseconds. Later sweeps remove only files older than any form takes to
// arrive: see slowestRate of handlers.
const (
	coarse   = time.Second
	leftOver = 7 * 24 * time.Hour
)

// linkFetcher returns what fetches the pages behind links; nil: none are fetched.
func linkFetcher(cfg *config.Config, files *uploads.Store, log *slog.Logger) chat.LinkFetcher {
	if cfg.NoLinkPreviews {
		return nil
	}
	return handlers.NewLinkFetcher(files, cfg.URL, cfg.Hosts, log)
}

// sweep removes files without a message, at the start (begun) and once a day: files that a crash left, and those whose
// message was never posted.
func sweep(ctx context.Context, begun time.Time, files *uploads.Store, app *chat.Chat, log *slog.Logger) {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for before := begun.Add(-coarse); ; before = time.Now().Add(-leftOver) {
		var removed int
		var err error
		if failure := guard.Run(log, "sweeping the files",
			func() { removed, err = sweepOnce(ctx, before, files, app) }); failure != nil {
			removed = 0 // tried again tomorrow
		}
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

// sweepOnce removes the files from before that time that belong to no message, and returns how many.
func sweepOnce(ctx context.Context, before time.Time, files *uploads.Store, app *chat.Chat) (removed int, err error) {
	return files.Sweep(ctx, before, func(ctx context.Context, names []string) (map[string]bool, error) {
		ids := make([]chat.ID, 0, len(names))
		for _, name := range names {
			if id, err := chat.ParseID(name); err == nil {
				ids = append(ids, id)
			}
		}
		there, err := app.Messages.KnownFiles(ctx, ids)
		found := make(map[string]bool, len(there))
		for id := range there {
			found[id.String()] = true
		}
		return found, err
	})
}

// lock creates the data folder and locks it against other processes. The lock is released by unlock, and when the
// process ends.
func lock(folder string) (unlock func(), err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	if entries, err := os.ReadDir(folder); err == nil && (len(entries) == 0 ||
		slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "chat.db" })) {
		_ = os.Chmod(folder, 0o700) //nolint:gosec // folders need x; an error means that another user owns it
	}
	f, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be written to: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another Chit-Chat uses the data folder %s", folder), f.Close())
	}
	return func() { _ = f.Close() }, nil // closing releases the lock, even if it fails
}

// runCommand runs a command on the database, and prints its link. Another process may be serving the database.
func runCommand(ctx context.Context, cfg *config.Config, do command.Command, stdout io.Writer) (err error) {
	path := filepath.Join(cfg.Data, "chat.db")
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no Chit-Chat in the data folder %s", cfg.Data)
	}
	unlock, err := lock(cfg.Data)
	served := err != nil
	if !served {
		defer unlock()
	}
	app, err := chat.Open(ctx, chat.Options{Path: path, RenderRow: handlers.RenderRow, Beside: served})
	if err != nil {
		return fmt.Errorf("the database in %s cannot be opened: %w", cfg.Data, err)
	}
	defer func() { err = errors.Join(err, app.Close()) }()
	link, err := do(ctx, app)
	if err == nil {
		printf(stdout, "%s%s\n", cfg.Base(cfg.Addr), link)
	}
	return err
}

// printf prints a message. Write errors are ignored.
func printf(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
