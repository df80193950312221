-- An effect that waits for its time, and one that failed once.

INSERT INTO effect (id, task_id, tenant_id, kind, payload, due_at, failures, last_failure, outcome, done_at)
VALUES ('1300192-7-1/2/1', '1300192-7-1', 4711, 'wake', '{"kind":"wake","notBefore":"2026-03-01T12:05:00.000Z"}', '2026-03-01 12:05:00+00', 0, NULL, NULL, NULL);

INSERT INTO effect (id, task_id, tenant_id, kind, payload, due_at, failures, last_failure, outcome, done_at)
VALUES ('1300192-7-1/2/2', '1300192-7-1', 4711, 'remove-trigger-label', '{"kind":"remove-trigger-label"}', '2026-03-01 12:01:00+00', 1, 'GitHub answered 503.', NULL, NULL);
