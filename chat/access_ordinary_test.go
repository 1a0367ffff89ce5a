package chat

import (
	"reflect"
	"testing"
)

// postRules are the fields of Channel that decide who may post in one, and when, each with what turns a channel that
// everyone may post in into another; "": the field has no say in that.
var postRules = map[string]string{
	"Kind":        `kind = 'private'`,
	"ArchivedAt":  `archived_at = 1`,
	"Announce":    `announce_only = TRUE`,
	"SlowSeconds": `slow_seconds = 10`,
	"deleted":     `deleted_at = 1`,

	"ID": "", "Slug": "", "Name": "", "Topic": "", "Description": "", "CreatedAt": "", "LastSeq": "", "LastRev": "",
	"With": "", "key": "", "about": "", "lastAt": "", "version": "", "general": "", "Pins": "",
}

// Of ordinary channels the writer remembers what sessions may do, and their rules are not looked at closely: each rule
// has to make a channel another one, as it stands in the database. A new field fails until it is named above.
func TestOrdinaryChannelsHaveNoRules(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	fields := reflect.TypeFor[Channel]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		rule, known := postRules[name]
		if !known {
			t.Errorf("does Channel.%s decide who may post, or when? Say so in postRules", name)
		}
		if rule == "" {
			continue
		}
		ch, err := c.Channels.Create(t.Context(), ada, "Channel of "+name, Public)
		if err != nil {
			t.Fatal(err)
		}
		ordinary := func() bool {
			t.Helper()
			found, ordinary, err := selectMembershipsOfSessions(t.Context(), c.db, ch.ID, []ID{bob.Session}, c.now())
			if acc := found[bob.Session]; err != nil || acc == nil || acc.ordinary != ordinary || acc.cacheable() != ordinary {
				t.Fatal(acc, ordinary, err)
			}
			return ordinary
		}
		if !ordinary() {
			t.Errorf("a public channel is not ordinary")
		}
		if _, err := c.db.WritePool().ExecContext(t.Context(), `UPDATE channels SET `+rule+` WHERE id = $1`,
			ch.ID); err != nil {
			t.Fatal(err)
		}
		if ordinary() {
			t.Errorf("a channel with %s is ordinary", rule)
		}
	}
	if found, ordinary, err := selectMembershipsOfSessions(t.Context(), c.db, NewID(), []ID{bob.Session},
		c.now()); err != nil || len(found) != 1 || ordinary {
		t.Errorf("no channel at all: %v, %v, %v", found, ordinary, err)
	}
}
