-- The task's label and comment were shown, and the comment is being shown again.
INSERT INTO mirror (task_id, digests, showing)
VALUES ('1300192-7-1', jsonb_build_object('label', repeat('ab', 32)), '3f0c7c0e-53a5-4d8f-9d0e-0d2b8f6f5a11');
