package handlers

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

// A browser that signed in to an earlier version stays signed in: its cookie remains valid.
func TestCookiesOfEarlierVersions(t *testing.T) {
	for name, cookies := range map[string]map[string]string{
		"schema1.sql": {"5D2LJ2W4EAEV5IZIAJ3JB5J7OW": "Ada Lovelace", "UOKJCISNRVEUJ2R6VJFLI2VWVD": "Robert"},
		"schema2.sql": {"ESPRBXDH5ZLXR2H7AMT3AM5TCH": "Owner", "NR3TP3JIY7LRLU5P6UVYSRJQ53": "Bob",
			"JTBWMQ5TGOPG6U7EIENU73GROP": "Guest"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "chat", "testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			db, err := sql.Open("sqlite", filepath.Join(dir, "chat.db"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), string(text)); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			s := newTestServerIn(t, dir)
			for cookie, who := range cookies {
				s.newClient().get("/me", "Cookie", "chitchat="+cookie).want(200, who)
			}
			s.newClient().get("/me", "Cookie", "chitchat=AAAAAAAAAAAAAAAAAAAAAAAAAA").to("/signin?next=%2Fme")
		})
	}
}
