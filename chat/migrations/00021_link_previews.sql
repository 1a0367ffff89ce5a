-- +goose Up
-- What pages said of themselves when they were fetched. title: '' when that failed; picture: in the file store, or 0.
-- A row stays while a message shows it, and for a day to be used again: in the channels of its scope only. What is
-- fetched anew or not would tell in one channel that, and when, a link was posted in another.
CREATE TABLE link_previews (
    id           BIGINT NOT NULL PRIMARY KEY,
    url          TEXT   NOT NULL,
    scope        BIGINT NOT NULL, -- the channel; 0: all that are public
    fetched_at   BIGINT NOT NULL,
    title        TEXT   NOT NULL,
    description  TEXT   NOT NULL,
    site         TEXT   NOT NULL,
    picture      BIGINT NOT NULL,
    picture_size BIGINT NOT NULL -- bytes
);
CREATE INDEX link_previews_by_url ON link_previews (url, scope, fetched_at);
CREATE INDEX link_previews_by_time ON link_previews (fetched_at);
CREATE INDEX link_previews_by_picture ON link_previews (picture) WHERE picture > 0;
-- The previews of a message's first links, in the order of place. url: as previews know it; href: as it was written.
-- number names the picture in its address: no other preview of the message ever had it. preview_id: 0 when its author
-- has removed it.
CREATE TABLE message_link_previews (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    url        TEXT   NOT NULL,
    href       TEXT   NOT NULL,
    place      BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    preview_id BIGINT NOT NULL,
    PRIMARY KEY (channel_id, seq, url)
);
CREATE INDEX message_link_previews_by_preview ON message_link_previews (preview_id);
-- The number of previews that a message shows: messages without any need no second query.
ALTER TABLE messages ADD COLUMN link_previews BIGINT NOT NULL DEFAULT 0;
