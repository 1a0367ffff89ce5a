-- +goose Up
-- One row for each emoji with which a user has reacted to a message. created_at gives the order of the kinds and people.
CREATE TABLE reactions (
	channel_id BIGINT NOT NULL,
	seq        BIGINT NOT NULL,
	emoji      TEXT   NOT NULL,
	user_id    BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (channel_id, seq, emoji, user_id)
);
-- What a user has used last.
CREATE INDEX reactions_by_user ON reactions (user_id, created_at);
-- The number of kinds of a message's reactions: messages without any need no second query.
ALTER TABLE messages ADD COLUMN reactions BIGINT NOT NULL DEFAULT 0;
