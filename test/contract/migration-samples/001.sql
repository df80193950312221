-- A task with two events, the delivery and the effect that led to them, and one of each that waits.

INSERT INTO tenant (id, created_at)
VALUES (4711, '2026-03-01 12:00:01+00');

INSERT INTO repository (id, tenant_id, owner, name, default_branch)
VALUES (1300192, 4711, 'octo', 'hello', 'main');

INSERT INTO task (id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, pull_number, run_id, projection, opened_at, changed_at)
VALUES ('1300192-7-1', 4711, 1300192, 7, 1, 2, '\x44ec670aa0162db0289374c424af87605417a757c6bb70171a212acd30d9ba1a', 'open', 'baton/7-greet-in-french', NULL, NULL, '{"id":"1300192-7-1","tenant":4711,"repository":{"id":1300192,"owner":"octo","name":"hello","defaultBranch":"main"},"issue":{"number":7,"title":"Greet in French","body":"Say *bonjour*.","labels":["baton"]},"requester":"ada","openedAt":"2026-03-01T12:00:00.000Z","policy":{"digest":"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f","trigger":"baton","stages":{"plan":{"role":"developer","harness":{"name":"command","model":null,"settings":{"run":["node","agent.mjs"]}},"timeoutMs":600000},"test":{"role":"developer","harness":{"name":"command","model":null,"settings":{"run":["node","agent.mjs"]}},"timeoutMs":600000},"implement":{"role":"developer","harness":{"name":"command","model":null,"settings":{"run":["node","agent.mjs"]}},"timeoutMs":600000},"verify":{"role":"developer","harness":{"name":"command","model":null,"settings":{"run":["node","agent.mjs"]}},"timeoutMs":600000},"review":{"role":"developer","harness":{"name":"command","model":null,"settings":{"run":["node","agent.mjs"]}},"timeoutMs":600000}},"retry":{"maxRetries":3,"backoffMs":30000,"backoffCapMs":600000},"tiers":{"default":"medium","rules":[]},"merge":{"automatic":false,"method":"squash"},"verify":{"command":null,"required":[],"timeoutMs":600000},"scope":{"deny":[],"tests":["test/**"],"maxFiles":100,"maxBytes":1000000},"lease":{"ttlMs":90000},"permissions":{},"bots":[]},"baseSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","branch":"baton/7-greet-in-french","tier":"medium","tierReasons":["The policy''s default tier is medium."],"phase":{"kind":"queued","stage":"plan"},"hold":null,"stages":[],"plan":null,"pull":null,"headSha":null,"verification":null,"changedFiles":[],"approvals":[],"lastFailure":null,"guidance":null,"retrying":false,"begun":false,"attemptOrdinal":0,"mergeRefusal":null}', '2026-03-01 12:00:00+00', '2026-03-01 12:00:00+00');

INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
VALUES ('1300192-7-1', 1, 4711, 'TaskOpened', '2026-03-01 12:00:00+00', '{"event":{"baseSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","branch":"baton/7-greet-in-french","issue":{"body":"Say *bonjour*.","labels":["baton"],"number":7,"title":"Greet in French"},"policy":{"bots":[],"digest":"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f","lease":{"ttlMs":90000},"merge":{"automatic":false,"method":"squash"},"permissions":{},"retry":{"backoffCapMs":600000,"backoffMs":30000,"maxRetries":3},"scope":{"deny":[],"maxBytes":1000000,"maxFiles":100,"tests":["test/**"]},"stages":{"implement":{"harness":{"model":null,"name":"command","settings":{"run":["node","agent.mjs"]}},"role":"developer","timeoutMs":600000},"plan":{"harness":{"model":null,"name":"command","settings":{"run":["node","agent.mjs"]}},"role":"developer","timeoutMs":600000},"review":{"harness":{"model":null,"name":"command","settings":{"run":["node","agent.mjs"]}},"role":"developer","timeoutMs":600000},"test":{"harness":{"model":null,"name":"command","settings":{"run":["node","agent.mjs"]}},"role":"developer","timeoutMs":600000},"verify":{"harness":{"model":null,"name":"command","settings":{"run":["node","agent.mjs"]}},"role":"developer","timeoutMs":600000}},"tiers":{"default":"medium","rules":[]},"trigger":"baton","verify":{"command":null,"required":[],"timeoutMs":600000}},"repository":{"defaultBranch":"main","id":1300192,"name":"hello","owner":"octo"},"requester":"ada","task":"1300192-7-1","tenant":4711,"tier":"medium","tierReasons":["The policy''s default tier is medium."],"type":"TaskOpened"},"meta":{"actor":"ada","at":"2026-03-01T12:00:00.000Z","cause":"delivery:sample"},"sequence":1,"task":"1300192-7-1"}', '\x744acfc1b6c4c29410ffc511fdadf8361a27ee5cf357a5a5ba51a8a0d824fb23');

INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
VALUES ('1300192-7-1', 2, 4711, 'TaskHeld', '2026-03-01 12:00:00+00', '{"event":{"by":"person 1","type":"TaskHeld"},"meta":{"actor":"ada","at":"2026-03-01T12:00:00.000Z","cause":"delivery:sample"},"sequence":2,"task":"1300192-7-1"}', '\x44ec670aa0162db0289374c424af87605417a757c6bb70171a212acd30d9ba1a');

INSERT INTO delivery (id, sequence, event, body, received_at, outcome, settled_at) OVERRIDING SYSTEM VALUE
VALUES ('6f1d2a10-1111-4c1e-9a52-000000000001', 1, 'issues', '\x7b2264656c6976657279223a2236663164326131302d313131312d346331652d396135322d303030303030303030303031227d', '2026-03-01 12:00:00+00', 'Opened.', '2026-03-01 12:00:01+00');

INSERT INTO delivery (id, sequence, event, body, received_at, outcome, settled_at) OVERRIDING SYSTEM VALUE
VALUES ('6f1d2a10-1111-4c1e-9a52-000000000002', 2, 'issues', '\x7b2264656c6976657279223a2236663164326131302d313131312d346331652d396135322d303030303030303030303032227d', '2026-03-01 12:00:00+00', NULL, NULL);

INSERT INTO effect (id, sequence, task_id, tenant_id, kind, payload, due_at, failures, last_failure, outcome, done_at) OVERRIDING SYSTEM VALUE
VALUES ('1300192-7-1/1/0', 1, '1300192-7-1', 4711, 'mirror', '{"kind":"mirror"}', '2026-03-01 12:00:00+00', 0, NULL, 'Mirrored.', '2026-03-01 12:00:01+00');

INSERT INTO effect (id, sequence, task_id, tenant_id, kind, payload, due_at, failures, last_failure, outcome, done_at) OVERRIDING SYSTEM VALUE
VALUES ('1300192-7-1/2/0', 2, '1300192-7-1', 4711, 'mirror', '{"kind":"mirror"}', '2026-03-01 12:00:00+00', 0, NULL, NULL, NULL);

SELECT setval(pg_get_serial_sequence('delivery', 'sequence'), 2);
SELECT setval(pg_get_serial_sequence('effect', 'sequence'), 2);
