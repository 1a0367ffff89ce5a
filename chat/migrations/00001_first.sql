-- Written in the SQL that SQLite and PostgreSQL share. Times are milliseconds since 1970, UTC; 0 means never.
-- Keys of the tables that grow with the talk start with channel_id: it is what they will be divided by.

-- +goose Up
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('names', 0);

-- A user whose name_key is NULL has lost the name to someone else: no session was left, and nothing was ever posted.
-- Ways to sign in (a password, a passkey) will be rows of their own that point here.
CREATE TABLE users (
    id              BIGINT PRIMARY KEY,
    name            TEXT NOT NULL,
    name_key        TEXT UNIQUE,
    name_rev        BIGINT NOT NULL,
    posted          BOOLEAN NOT NULL,
    last_channel_id BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX users_by_name_rev ON users (name_rev);

CREATE TABLE sessions (
    id         BIGINT PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What the web layer keeps under a session's cookie. The key is a hash: a copy of this table opens no session.
CREATE TABLE session_data (
    key        TEXT PRIMARY KEY,
    value      BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_data_by_expiry ON session_data (expires_at);

CREATE TABLE channels (
    id         BIGINT PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL UNIQUE,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seq   BIGINT NOT NULL,
    last_rev   BIGINT NOT NULL
);

CREATE TABLE memberships (
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    read_seq   BIGINT NOT NULL,
    joined_at  BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE messages (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    rev        BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    client_id  TEXT NOT NULL,
    body       TEXT NOT NULL,
    continued  BOOLEAN NOT NULL,
    files      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at  BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, seq)
);
CREATE UNIQUE INDEX messages_by_client_id ON messages (channel_id, user_id, client_id);
CREATE UNIQUE INDEX messages_by_rev ON messages (channel_id, rev);

-- A file with seq 0 waits for its message: an earlier form was refused for another reason, and kept it.
CREATE TABLE attachments (
    channel_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    thumb      BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, id)
);
CREATE INDEX attachments_by_message ON attachments (channel_id, seq, position);
CREATE INDEX attachments_by_id ON attachments (id);
CREATE INDEX attachments_waiting ON attachments (created_at) WHERE seq = 0;
