-- +goose Up
-- What a message said before each edit. rev: the message's when it said so; html: as in messages; written_at: when that
-- text was posted, or edited.
CREATE TABLE message_versions (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    rev        BIGINT NOT NULL,
    body       TEXT NOT NULL,
    html       TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, seq, rev)
);
