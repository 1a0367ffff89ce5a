-- People and permission: accounts, roles, private channels, direct messages, moderation.
-- Secrets that people carry (links, codes) are kept as SHA-256 of 128 random bits or more; passwords as argon2id.

-- +goose Up
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
ALTER TABLE users ADD COLUMN deactivated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN handle TEXT;
ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN pronouns TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_emoji TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_text TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN avatar BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX users_by_handle ON users (handle);

-- passkey_too: after the password, one of the person's passkeys is asked for.
CREATE TABLE passwords (
    user_id     BIGINT PRIMARY KEY,
    hash        TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    passkey_too BOOLEAN NOT NULL DEFAULT FALSE
);

-- confirmed_at 0: the code was shown and not yet proved. last_step: a code works once.
CREATE TABLE totps (
    user_id      BIGINT PRIMARY KEY,
    secret       TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    last_step    BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    data       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- Secrets that work once: links for the owner of a new place, for one's phone, for someone locked out; a sign-in under way.
CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    user_id    BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    data       TEXT NOT NULL
);
CREATE INDEX tokens_by_expiry ON tokens (expires_at);

CREATE TABLE invitations (
    id         BIGINT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    max_uses   BIGINT NOT NULL,
    uses       BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE TABLE invitation_channels (
    invitation_id BIGINT NOT NULL,
    channel_id    BIGINT NOT NULL,
    PRIMARY KEY (invitation_id, channel_id)
);

ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- kind: public, private or direct. archived_at 0: in use. members_key: who a direct conversation is between, sorted.
ALTER TABLE channels ADD COLUMN kind TEXT NOT NULL DEFAULT 'public';
ALTER TABLE channels ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN archived_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN announce_only BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE channels ADD COLUMN slow_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN members_key TEXT;
-- edition is raised by every change of what does not count messages. Of a deleted channel the row stays, without a
-- name: other nodes learn of it so.
ALTER TABLE channels ADD COLUMN edition BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX channels_by_members ON channels (members_key);

-- Where the old links of a renamed channel lead.
CREATE TABLE old_slugs (
    slug       TEXT PRIMARY KEY,
    channel_id BIGINT NOT NULL
);

-- state: seen (a public channel that one has read in, no more), joined, left (a public channel that one does not want
-- in the list) or removed (by oneself or by others, of one that only members see). Rows stay, with rev raised by every
-- change of what is not read_seq: other nodes learn of it so.
-- role: owner or member. notify: all, mentions or nothing. hidden_seq: a direct conversation is not listed until
-- its last_seq is larger.
ALTER TABLE memberships ADD COLUMN state TEXT NOT NULL DEFAULT 'joined';
ALTER TABLE memberships ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
ALTER TABLE memberships ADD COLUMN favourite BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE memberships ADD COLUMN muted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE memberships ADD COLUMN notify TEXT NOT NULL DEFAULT 'all';
ALTER TABLE memberships ADD COLUMN hidden_seq BIGINT NOT NULL DEFAULT -1;
ALTER TABLE memberships ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
CREATE INDEX memberships_by_rev ON memberships (rev);
INSERT INTO counters (name, value) VALUES ('memberships', 0);
-- Until now everyone was everywhere: in it is who said something, and in the first channel everyone.
UPDATE memberships SET state = 'seen'
WHERE channel_id <> (SELECT min(id) FROM channels) AND NOT EXISTS (
    SELECT 1 FROM messages m WHERE m.channel_id = memberships.channel_id AND m.user_id = memberships.user_id);

-- removed_by: who took a message of someone else away.
ALTER TABLE messages ADD COLUMN removed_by BIGINT NOT NULL DEFAULT 0;

CREATE TABLE blocks (
    user_id    BIGINT NOT NULL,
    blocked_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);

-- channel_id 0: the whole place. until 0: without an end. lifted_at 0: in force.
CREATE TABLE bans (
    id         BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    lifted_at  BIGINT NOT NULL
);
CREATE INDEX bans_by_user ON bans (user_id, channel_id);

CREATE TABLE reports (
    id         BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_by  BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL
);
CREATE INDEX reports_open ON reports (closed_at, id);

-- Append-only: the program has no statement that changes or deletes a row of it.
CREATE TABLE audit (
    id         BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor_id   BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    address    TEXT NOT NULL,
    action     TEXT NOT NULL,
    user_id    BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    detail     TEXT NOT NULL
);
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
CREATE INDEX audit_by_user ON audit (user_id, id);
