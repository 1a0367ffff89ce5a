-- What grows has a bound or an end: direct conversations in which nothing was said, people who never posted, the log.

-- +goose Up
-- When the last message came: lists show the newest direct conversations.
ALTER TABLE channels ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
UPDATE channels SET last_at = COALESCE((SELECT created_at FROM messages m WHERE m.channel_id = channels.id AND m.seq = channels.last_seq), 0)
WHERE last_seq > 0;
CREATE INDEX channels_unsaid ON channels (created_by, created_at) WHERE kind = 'direct' AND last_seq = 0 AND deleted_at = 0;
CREATE INDEX channels_deleted ON channels (deleted_at) WHERE deleted_at > 0;

-- shut: a conversation of several that someone has started whom this person has blocked.
ALTER TABLE memberships ADD COLUMN shut BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE memberships SET shut = TRUE WHERE state = 'joined' AND EXISTS (
    SELECT 1 FROM channels ch JOIN blocks b ON b.blocked_id = ch.created_by
    WHERE ch.id = memberships.channel_id AND ch.kind = 'direct' AND b.user_id = memberships.user_id
        AND (SELECT count(*) FROM memberships o WHERE o.channel_id = ch.id AND o.state = 'joined') > 2);

CREATE INDEX users_without_post ON users (id) WHERE NOT posted;

-- The same act again within a minute is counted in the entry that is there: times is how often, and last_at when last (0: at).
-- user_name is the name of that time, for when that person is not there any more.
ALTER TABLE audit ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
UPDATE audit SET user_name = COALESCE((SELECT name FROM users u WHERE u.id = audit.user_id), '') WHERE user_id > 0;

CREATE INDEX mentions_by_user ON mentions (user_id);
