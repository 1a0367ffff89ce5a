-- Moderation: reports keep what was reported, slow mode knows when someone wrote last, and mentions are counted.

-- +goose Up
-- author_id, said_at, body and files are the message as it was when it was reported, whatever becomes of it. The text
-- and the names of the files, one a line, go when the report is closed.
ALTER TABLE reports ADD COLUMN author_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reports ADD COLUMN said_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reports ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN files TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX reports_once ON reports (channel_id, seq, created_by);

-- When someone last wrote while the channel was in slow mode.
ALTER TABLE memberships ADD COLUMN posted_at BIGINT NOT NULL DEFAULT 0;

-- Whom a message mentions; user_id 0: everyone in the channel.
CREATE TABLE mentions (
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id, seq)
);
CREATE INDEX mentions_by_message ON mentions (channel_id, seq);
