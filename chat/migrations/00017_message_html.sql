-- +goose Up
-- The HTML of a message's text, with its version before it; '' for a plain text, and for what was posted before.
ALTER TABLE messages ADD COLUMN html TEXT NOT NULL DEFAULT '';
