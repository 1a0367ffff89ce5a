-- Users can mark a channel as unread again: read_seq may move back. unread_rev is the rev of the membership when it
-- last did. Of two read marks the one with the larger unread_rev is the newer, and of the same, the one that is further.

-- +goose Up
ALTER TABLE memberships ADD COLUMN unread_rev BIGINT NOT NULL DEFAULT 0;
