-- The first attempt of the task left what it had done when its runner was lost.
INSERT INTO snapshot (attempt_id, bytes, saved_at)
VALUES ('1300192-7-1.1', '\x1f8b0800000000000000', '2026-03-01 12:00:30+00');
