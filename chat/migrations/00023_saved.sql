-- +goose Up
-- Messages that users have saved for later. place: a user's rows in the order in which they were saved or marked done;
-- at: when. The rows of a message end with it.
CREATE TABLE saved (
    channel_id BIGINT  NOT NULL,
    seq        BIGINT  NOT NULL,
    user_id    BIGINT  NOT NULL,
    done       BOOLEAN NOT NULL,
    place      BIGINT  NOT NULL,
    at         BIGINT  NOT NULL,
    PRIMARY KEY (channel_id, seq, user_id)
);
CREATE INDEX saved_by_user ON saved (user_id, place);
