-- Search: an index of messages that is made after they are stored.
--
-- A message has a number if it can be found: the next one when it is stored, and again whenever what the index knows of
-- it changes. So the index need only follow the numbers, and what it holds of a number that no message has any more is
-- outdated. Messages of before have none yet; they get theirs in the background, in the order of the primary key.

-- +goose Up
ALTER TABLE messages ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
CREATE INDEX messages_by_number ON messages (number);

INSERT INTO counters (name, value) VALUES ('numbers', 0);
-- How far the messages of before are numbered; the channel is -1 when all are.
INSERT INTO counters (name, value)
    SELECT 'numbered_channel', CASE WHEN EXISTS (SELECT 1 FROM messages) THEN 0 ELSE -1 END;
INSERT INTO counters (name, value) VALUES ('numbered_seq', 0);

-- What is indexed of the messages with the numbers first to last. What is in a row never changes.
CREATE TABLE search_blocks (
    id      BIGINT NOT NULL PRIMARY KEY,
    first   BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    size    BIGINT NOT NULL, -- of the texts, in bytes
    words   TEXT   NOT NULL,
    lists   BYTEA  NOT NULL,
    columns BYTEA  NOT NULL
);
CREATE UNIQUE INDEX search_blocks_by_number ON search_blocks (first, last, id, entries, size);
-- Numbers that no message has any more, until their blocks are made anew.
CREATE TABLE search_stale (
    number BIGINT NOT NULL PRIMARY KEY,
    at     BIGINT NOT NULL
);
