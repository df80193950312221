-- The first attempt of the task, in the middle of its work.

INSERT INTO lease (id, attempt_id, tenant_id, token_hash, seen_at)
VALUES ('lease-1', '1300192-7-1.1', 4711, repeat('ab', 32), '2026-03-01 12:00:00+00');

INSERT INTO session_event (attempt_id, lines)
VALUES ('1300192-7-1.1', ARRAY['{"sequence":1,"type":"run.started"}', '{"sequence":2,"type":"message"}']);

INSERT INTO bundle (attempt_id, bytes, saved_at)
VALUES ('1300192-7-1.1', '\x2320763220676974', '2026-03-01 12:00:00+00');
