-- A session is one row: what stands in its cookie opens it. session_data is taken over by the next migration.

-- +goose Up
-- key_hash is the hash of the key that opens the session (NULL: none does), key_role the person's role when that was made, and
-- key_sent_at when it was last sent to the browser. data is what the web layer keeps with it (NULL: nothing). A session of
-- user 0 is of somebody who has not signed in.
ALTER TABLE sessions ADD COLUMN key_hash TEXT;
ALTER TABLE sessions ADD COLUMN key_role TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN key_sent_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN data BYTEA;
CREATE UNIQUE INDEX sessions_by_key ON sessions (key_hash);
