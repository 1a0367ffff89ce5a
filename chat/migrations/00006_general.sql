-- The channel that everyone is in is marked: what it is hung on the order of IDs, which are times of a clock that may be wrong.
-- A key of an authenticator app that nobody confirms runs out, and old slugs have an order, to keep the newest.

-- +goose Up
ALTER TABLE channels ADD COLUMN general BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE channels SET general = TRUE WHERE id = (SELECT min(id) FROM channels WHERE created_by = 0 AND kind = 'public' AND deleted_at = 0);
CREATE UNIQUE INDEX channels_general ON channels (general) WHERE general;

ALTER TABLE totps ADD COLUMN started_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE old_slugs ADD COLUMN edition BIGINT NOT NULL DEFAULT 0; -- of the channel, when it had the slug
CREATE INDEX channels_by_maker ON channels (created_by);
