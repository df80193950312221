-- A delivery whose body was packed before it was stored.
INSERT INTO delivery (id, event, body, unpacked_bytes, received_at)
VALUES ('6f1d2a10-1111-4c1e-9a52-000000000011', 'issues', '\x8b17807b22616374696f6e223a226c6162656c6564222c227265706f7369746f7279223a7b226964223a313330303139327d7d03', 48, '2026-03-01 12:00:04+00');
