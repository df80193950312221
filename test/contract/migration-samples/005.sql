-- A delivery whose body was given up.
INSERT INTO delivery (id, event, body, body_digest, received_at, outcome, settled_at)
VALUES ('6f1d2a10-1111-4c1e-9a52-000000000005', 'issues', '', sha256('{}'), '2026-01-01 12:00:00+00', 'Opened.', '2026-01-01 12:00:01+00');
