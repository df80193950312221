-- The task has had an entry of two events since, and waits for a run.
INSERT INTO entry (task_id, sequence, tenant_id, canonical, hash)
VALUES ('1300192-7-1', 4, 4711, '{"events":[{"by":"bob","type":"TaskHeld"},{"by":"ada","type":"TaskResumed"}],"meta":{"actor":"bob","at":"2026-03-01T12:00:00.000Z","cause":"delivery:sample"},"sequence":4,"task":"1300192-7-1"}', '\x3cf0f2a6122144643bf8bb654486c793234372f3eced51b72caa749ddc424e0e');

UPDATE task SET version = 4, head_hash = '\x3cf0f2a6122144643bf8bb654486c793234372f3eced51b72caa749ddc424e0e' WHERE id = '1300192-7-1';

INSERT INTO run (repository_id, id, task_id)
VALUES (1300192, 77001, '1300192-7-1');
