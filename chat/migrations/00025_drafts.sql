-- +goose Up
-- What users have written in a composer and not posted yet. channel_id: as in messages. client_id: of the form that
-- saved it last, whose post deletes it.
CREATE TABLE drafts (
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    client_id  TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id)
);
CREATE INDEX drafts_by_user ON drafts (user_id, updated_at);
