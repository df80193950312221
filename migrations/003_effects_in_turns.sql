-- A task's open effects are run in turns. Settled effects leave these indexes, so that neither finding who is next nor
-- reading one turn grows with what a task or a tenant has behind it.

-- What a turn runs. No statement reads the settled effects of a task.
CREATE INDEX effect_waiting_of_task ON effect (task_id, due_at, sequence) WHERE done_at IS NULL;
DROP INDEX effect_of_task;

-- The oldest of each tenant, however many another tenant has.
CREATE INDEX effect_waiting_of_tenant ON effect (tenant_id, due_at, sequence) WHERE done_at IS NULL;
