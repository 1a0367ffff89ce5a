package config

import (
	"io"
	"log/slog"
)

// Log returns a logger with the configured format and level.
func (cfg *Config) Log(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
