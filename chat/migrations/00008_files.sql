-- Pictures that move are told apart; those that were sent before count as still. Files that wait for their message are
-- found by who sent them.

-- +goose Up
ALTER TABLE attachments ADD COLUMN moves BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX attachments_waiting_by_user ON attachments (user_id, created_at) WHERE seq = 0;
