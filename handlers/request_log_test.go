package handlers

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"
)

// records is a log that records entries from a level on.
type records struct {
	from slog.Level
	mu   sync.Mutex
	all  []slog.Record
}

func (r *records) Enabled(_ context.Context, l slog.Level) bool { return l >= r.from }
func (r *records) WithAttrs([]slog.Attr) slog.Handler           { return r }
func (r *records) WithGroup(string) slog.Handler                { return r }
func (r *records) Handle(_ context.Context, record slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, record)
	return nil
}

// A request is one log line, without looking up its caller.
func TestRequestIsOneLine(t *testing.T) {
	log := &records{from: slog.LevelInfo}
	s := newTestServer(t, func(o *Options) { o.Log = slog.New(log) })
	begun := time.Now()
	s.newClient().get("/signin?next=/c/secret").want(200)
	log.mu.Lock()
	defer log.mu.Unlock()
	if len(log.all) != 1 {
		t.Fatalf("%d lines: %v", len(log.all), log.all)
	}
	line := log.all[0]
	said := map[string]string{}
	line.Attrs(func(a slog.Attr) bool { said[a.Key] = a.Value.String(); return true })
	if line.Message != "request" || line.Level != slog.LevelInfo || line.Time.Before(begun) || said["method"] != "GET" ||
		said["route"] != "/signin" || said["status"] != "200" || said["duration"] == "" || said["request"] == "" ||
		len(said) != 5 {
		t.Errorf("%v %v %q %v", line.Time, line.Level, line.Message, said)
	}
	if line.PC != 0 {
		t.Error("it was looked up who wrote the line")
	}
}

func TestQuietLogHearsNothing(t *testing.T) {
	log := &records{from: slog.LevelWarn}
	s := newTestServer(t, func(o *Options) { o.Log = slog.New(log) })
	s.newClient().get("/signin").want(200)
	log.mu.Lock()
	defer log.mu.Unlock()
	if len(log.all) != 0 {
		t.Errorf("a log from warnings on heard %v", log.all)
	}
}
