-- The task's state was kept at its second event, and it has had a third since.
INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
VALUES ('1300192-7-1', 3, 4711, 'TaskResumed', '2026-03-01 12:00:00+00', '{"event":{"by":"bob","type":"TaskResumed"},"meta":{"actor":"bob","at":"2026-03-01T12:00:00.000Z","cause":"delivery:sample"},"sequence":3,"task":"1300192-7-1"}', '\x6f65816bc85037cd72ea32392e0ac62f9e16afdb4b8bb83e9931dc1184c0ea6a');

UPDATE task SET version = 3, head_hash = '\x6f65816bc85037cd72ea32392e0ac62f9e16afdb4b8bb83e9931dc1184c0ea6a' WHERE id = '1300192-7-1';

UPDATE task SET run_id = 77000 WHERE id = '1300192-7-1';
