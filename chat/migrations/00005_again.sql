-- A message can be reported again once a report of it is closed, and pictures of people have a size.

-- +goose Up
DROP INDEX reports_once;
CREATE UNIQUE INDEX reports_once ON reports (channel_id, seq, created_by) WHERE closed_at = 0;

-- Bytes; 0 also of a picture that was set before this was counted.
ALTER TABLE users ADD COLUMN avatar_size BIGINT NOT NULL DEFAULT 0;
