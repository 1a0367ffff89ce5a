-- What names look like, so that nobody takes one that could pass for another's. The rows are made when the program starts.

-- +goose Up
CREATE TABLE likenesses (
    likeness TEXT NOT NULL,
    user_id  BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (likeness, user_id)
);
CREATE INDEX likenesses_by_user ON likenesses (user_id);
