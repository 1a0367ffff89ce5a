package chat

import (
	"context"
	"embed"
	"io/fs"

	"chitchat/chat/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// unsynced is set by tests, which need not survive a power cut.
var unsynced bool

// openDatabase opens the database file and brings its schema up to date.
func openDatabase(ctx context.Context, o Options) (*sqlite.DB, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, o.Path, sqlite.Options{Migrations: files, Beside: o.Beside, Trace: o.Trace, Unsynced: unsynced,
		Steps: sqlite.Steps{13: moveSessionKeys}})
}
