package handlers

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// healthz reports that the process is alive.
func healthz(c *fiber.Ctx) error { return c.SendString("ok\n") }

// readyz reports whether the process can serve and write.
func (s *Server) readyz(c *fiber.Ctx) error {
	if err := s.ready.check(s.Chat.Ready); err != nil {
		level := slog.LevelError
		if chat.ErrorCode(err) == chat.CodeNoSpace { // the operator must free space; not a fault of the program
			level = slog.LevelWarn
		}
		s.Log.LogAttrs(c.UserContext(), level, "not ready", slog.Any("error", err))
		return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
	}
	return c.SendString("ready\n")
}

// readiness caches for a moment whether the chat is ready: the check writes to the disk, and anyone may request it.
type readiness struct {
	mu    sync.Mutex
	asked time.Time
	err   error
}

func (r *readiness) check(ask func(context.Context) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.asked) > time.Second {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		r.err, r.asked = ask(ctx), time.Now()
	}
	return r.err
}
