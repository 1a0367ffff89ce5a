package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// Querier is what reading helpers take: a DB, or a Tx.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a transaction that changes the file, the only one at its time, and when it does. For one goroutine.
type Tx struct {
	*sql.Tx
	Now time.Time

	release func()
}

// Begin waits for the transaction before, and begins one. It has to be ended by Commit or Rollback.
func (db *DB) Begin(ctx context.Context, now time.Time) (*Tx, error) {
	db.turn.Lock()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		db.turn.Unlock()
		return nil, located("BEGIN", err)
	}
	return &Tx{Tx: tx, Now: now, release: db.turn.Unlock}, nil
}

// Commit writes what was changed. Afterwards, whatever it returns, the next transaction begins.
func (tx *Tx) Commit() error {
	defer tx.end()
	return located("COMMIT", tx.Tx.Commit())
}

// Rollback takes back what was changed. After Commit, it does nothing.
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
