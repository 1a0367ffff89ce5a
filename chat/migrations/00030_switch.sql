-- visited: the IDs of the channels that a user visited last, the latest first, separated by spaces. letter_keys: single
-- letters act on the message that has the focus.

-- +goose Up
ALTER TABLE users ADD COLUMN visited TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN letter_keys BOOLEAN NOT NULL DEFAULT TRUE;
