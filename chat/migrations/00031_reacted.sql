-- The time of the newest reaction of somebody else than the author; 0: there is none. Authors find their messages by it,
-- each once, however many reactions it has.

-- +goose Up
ALTER TABLE messages ADD COLUMN reacted_at BIGINT NOT NULL DEFAULT 0;
UPDATE messages SET reacted_at = COALESCE((SELECT max(r.created_at) FROM reactions r
    WHERE r.channel_id = messages.channel_id AND r.seq = messages.seq AND r.user_id <> messages.user_id), 0)
    WHERE reactions > 0;
CREATE INDEX messages_reacted ON messages (user_id, reacted_at, number) WHERE reacted_at > 0;
