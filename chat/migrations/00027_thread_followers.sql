-- +goose Up
-- Users who never posted are deleted with the rows of threads that they followed and do not any more. An index without
-- those would leave that to a look at every row of every thread.
DROP INDEX thread_followers_by_user;
CREATE INDEX thread_followers_by_user ON thread_followers (user_id, following);
