package faulttest

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
)

// snapshot returns the database of a data folder as it is now, for reading, until end is called.
func snapshot(t *testing.T, data string) (tx *sql.Tx, end func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "chat.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	tx, err = db.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		_ = db.Close()
		t.Fatal(err)
	}
	return tx, func() {
		_ = tx.Rollback()
		_ = db.Close()
	}
}

// each calls f for the rows of a query.
func each(t *testing.T, tx *sql.Tx, query string, f func(scan func(...any) error) error) {
	t.Helper()
	list, err := tx.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = list.Close() }()
	for list.Next() {
		err = errors.Join(err, f(list.Scan))
	}
	if err = errors.Join(err, list.Err()); err != nil {
		t.Fatal(err)
	}
}
