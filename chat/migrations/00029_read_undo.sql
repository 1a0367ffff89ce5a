-- +goose Up
-- The read marks of channels and threads from before a user marked them as read, so that they can undo that: of the last
-- time only, which batch names. What is older than an hour is removed.
CREATE TABLE read_undo (
    user_id  BIGINT NOT NULL,
    feed_id  BIGINT NOT NULL,
    batch    BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (user_id, feed_id)
);
CREATE INDEX read_undo_by_time ON read_undo (at);
