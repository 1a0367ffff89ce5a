-- The sections of users' sidebars. id: 1 to 3 are the built-in ones (see channel_section.go), which have rows once
-- their user has changed any section; others are IDs. memberships.section: an own section of the user, or 0.

-- +goose Up
CREATE TABLE sections (
    user_id  BIGINT  NOT NULL,
    id       BIGINT  NOT NULL,
    name     TEXT    NOT NULL,
    position BIGINT  NOT NULL,
    folded   BOOLEAN NOT NULL,
    sort     TEXT    NOT NULL,
    PRIMARY KEY (user_id, id)
);
ALTER TABLE memberships ADD COLUMN section BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN hide_read BOOLEAN NOT NULL DEFAULT FALSE;
