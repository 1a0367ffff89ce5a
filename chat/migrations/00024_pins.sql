-- +goose Up
-- Messages that are pinned to their channel. place: a channel's pins in the order in which they came. The row ends with
-- the message.
CREATE TABLE pins (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    user_id    BIGINT NOT NULL, -- who pinned it
    place      BIGINT NOT NULL,
    pinned_at  BIGINT NOT NULL,
    PRIMARY KEY (channel_id, seq)
);
-- The number of a channel's pins: its page shows it without a query.
ALTER TABLE channels ADD COLUMN pins BIGINT NOT NULL DEFAULT 0;
-- Of a line that says that its author has pinned a message, that message's seq: negative once it is deleted. 0: an
-- ordinary message.
ALTER TABLE messages ADD COLUMN pins BIGINT NOT NULL DEFAULT 0;
CREATE INDEX messages_by_pin ON messages (channel_id, pins) WHERE pins > 0;
