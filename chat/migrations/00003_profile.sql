-- A status ends by itself, and a file may be someone's picture: both are found without looking at everyone.

-- +goose Up
CREATE INDEX users_by_status_until ON users (status_until) WHERE status_until > 0;
CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar > 0;
