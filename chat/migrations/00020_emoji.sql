-- +goose Up
-- The workspace's own emoji. id is also that of the picture in the file store, of size bytes; name is in lower case,
-- without colons. The counter changes with the table, so that each node knows when to read it anew.
CREATE TABLE emoji (
    id         BIGINT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    size       BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('emoji', 0);
