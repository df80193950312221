import type { Statement } from "../sql-client.ts";

export const saveLease: Statement = {
  name: "save_lease",
  text: `INSERT INTO lease (id, attempt_id, tenant_id, token_hash, seen_at) VALUES ($1, $2, $3, $4, $5::timestamptz)`,
};

export const findLease: Statement = {
  name: "find_lease",
  text: `SELECT id, attempt_id AS attempt FROM lease WHERE token_hash = $1`,
};

// Heartbeats of one holder can overtake each other: the last sign of life never moves back.
export const touchLease: Statement = {
  name: "touch_lease",
  text: `UPDATE lease SET seen_at = greatest(seen_at, $2::timestamptz) WHERE id = $1`,
};

export const leaseSeenAt: Statement = {
  name: "lease_seen_at",
  text: `SELECT seen_at FROM lease WHERE id = $1`,
};

export const appendSessionEvents: Statement = {
  name: "append_session_events",
  text: `INSERT INTO session_event (attempt_id, lines) VALUES ($1, $2::text[])`,
};

export const readSessionEvents: Statement = {
  name: "read_session_events",
  text: `SELECT lines FROM session_event WHERE attempt_id = $1 ORDER BY chunk`,
};

// A runner that did not hear our answer uploads again; the last upload is the one its report names.
export const saveBundle: Statement = {
  name: "save_bundle",
  text: `
INSERT INTO bundle (attempt_id, bytes) VALUES ($1, $2)
ON CONFLICT (attempt_id) DO UPDATE SET bytes = excluded.bytes, saved_at = now()`,
};

export const loadBundle: Statement = {
  name: "load_bundle",
  text: `SELECT bytes FROM bundle WHERE attempt_id = $1`,
};

export const saveSnapshot: Statement = {
  name: "save_snapshot",
  text: `
INSERT INTO snapshot (attempt_id, bytes) VALUES ($1, $2)
ON CONFLICT (attempt_id) DO UPDATE SET bytes = excluded.bytes, saved_at = now()`,
};

export const loadSnapshot: Statement = {
  name: "load_snapshot",
  text: `SELECT bytes FROM snapshot WHERE attempt_id = $1`,
};

export const newestSnapshot: Statement = {
  name: "newest_snapshot",
  text: `
SELECT attempt_id AS attempt FROM snapshot WHERE attempt_id = ANY ($1::text[])
ORDER BY array_position($1::text[], attempt_id) DESC LIMIT 1`,
};

export const dropSnapshots: Statement = {
  name: "drop_snapshots",
  text: `DELETE FROM snapshot WHERE attempt_id = ANY ($1::text[])`,
};
