-- A user who says so is shown as away, until they say otherwise.

-- +goose Up
ALTER TABLE users ADD COLUMN away BOOLEAN NOT NULL DEFAULT FALSE;
