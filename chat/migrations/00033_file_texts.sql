-- What is in files, so that they are found by it. It is taken out after they were sent; of files of before too, in the
-- background: the state of an attachment says whether that is to be done. See textState.

-- +goose Up
ALTER TABLE attachments ADD COLUMN text_state BIGINT NOT NULL DEFAULT 0;
UPDATE attachments SET text_state = 1
    WHERE type NOT LIKE 'image/%' AND type NOT LIKE 'audio/%' AND type NOT LIKE 'video/%';
CREATE INDEX attachments_without_text ON attachments (id) WHERE text_state = 1 AND seq > 0;

CREATE TABLE file_texts (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    id         BIGINT NOT NULL, -- of the attachment
    size       BIGINT NOT NULL, -- of the text, in bytes
    text       TEXT   NOT NULL,
    PRIMARY KEY (channel_id, seq, id)
);

-- The index of these texts, in the same blocks as that of the messages, but read only when files are searched.
ALTER TABLE search_blocks ADD COLUMN file_words TEXT NOT NULL DEFAULT '';
ALTER TABLE search_blocks ADD COLUMN file_lists BYTEA NOT NULL DEFAULT '';
ALTER TABLE search_blocks ADD COLUMN file_columns BYTEA NOT NULL DEFAULT '';
