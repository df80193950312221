-- Another effect of the newest entry, which is done.
INSERT INTO effect (task_id, version, ordinal, tenant_id, kind, payload, due_at, failures, last_failure, outcome, done_at)
VALUES ('1300192-7-1', 4, 1, 4711, 'mirror', '{"kind":"mirror"}', '2026-03-01 12:00:00+00', 0, NULL, 'Mirrored.', '2026-03-01 12:00:03+00');
