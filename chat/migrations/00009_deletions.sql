-- Which messages are deleted is asked at the start: they count as unread for nobody.

-- +goose Up
CREATE INDEX messages_deleted ON messages (channel_id, seq) WHERE deleted_at > 0;
