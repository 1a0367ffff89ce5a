-- What the names of public channels look like, so that none could pass for another. The rows are made when the program starts.

-- +goose Up
CREATE TABLE channel_likenesses (
    likeness   TEXT NOT NULL,
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    PRIMARY KEY (likeness, channel_id)
);
CREATE INDEX channel_likenesses_by_channel ON channel_likenesses (channel_id);
