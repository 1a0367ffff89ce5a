-- +goose Up
-- A thread is a feed of its own: its id is the channel_id of its replies in messages, and of all that belongs to them.
-- seq: its root's, in the channel. last_seq, last_rev, last_at: as a channel has them. shown_rev: its rev as of which
-- its root shows how many replies there are.
CREATE TABLE threads (
    id         BIGINT NOT NULL PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seq   BIGINT NOT NULL,
    last_rev   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    shown_rev  BIGINT NOT NULL
);
CREATE UNIQUE INDEX threads_by_root ON threads (channel_id, seq);
CREATE INDEX threads_by_time ON threads (last_at);
CREATE INDEX threads_outdated ON threads (id) WHERE shown_rev < last_rev;

-- Who follows a thread, or did (following is false): what they have not read of it is counted.
CREATE TABLE thread_followers (
    thread_id BIGINT  NOT NULL,
    user_id   BIGINT  NOT NULL,
    following BOOLEAN NOT NULL,
    read_seq  BIGINT  NOT NULL,
    PRIMARY KEY (thread_id, user_id)
);
CREATE INDEX thread_followers_by_user ON thread_followers (user_id) WHERE following;

-- replies: what a root shows of its thread, '' without one: their number, when the last one came, and who replied last.
ALTER TABLE messages ADD COLUMN replies TEXT NOT NULL DEFAULT '';
-- A reply may be shown in the channel too, by a row there without a text of its own: thread_id and thread_seq say which
-- reply it shows, and broadcast_seq of the reply is its seq.
ALTER TABLE messages ADD COLUMN thread_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN thread_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN broadcast_seq BIGINT NOT NULL DEFAULT 0;
