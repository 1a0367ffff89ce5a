package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// Querier is a DB or a Tx, for functions that read.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is the only writing transaction at its time, with that time. It must be used by one goroutine at a time.
type Tx struct {
	*sql.Tx
	Now time.Time

	release func()
}

// Begin waits for the previous transaction to end, then begins one, which the caller must end by Commit or Rollback.
func (db *DB) Begin(ctx context.Context, now time.Time) (*Tx, error) {
	db.turn.Lock()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		db.turn.Unlock()
		return nil, located("BEGIN", err)
	}
	return &Tx{Tx: tx, Now: now, release: db.turn.Unlock}, nil
}

// Commit commits the changes. The next transaction can begin afterwards, even on error.
func (tx *Tx) Commit() error {
	defer tx.end()
	return located("COMMIT", tx.Tx.Commit())
}

// Rollback discards the changes. After Commit it does nothing.
func (tx *Tx) Rollback() error {
	defer tx.end()
	return tx.Tx.Rollback()
}

func (tx *Tx) end() {
	if tx.release != nil {
		tx.release()
		tx.release = nil
	}
}
