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

export const saveBundle = saveBytes("bundle");
export const loadBundle = loadBytes("bundle");
export const saveSnapshot = saveBytes("snapshot");
export const loadSnapshot = loadBytes("snapshot");

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

type BytesTable = "bundle" | "snapshot";

/** A runner that did not hear our answer uploads again: the last upload of an attempt is the one that counts. */
function saveBytes(table: BytesTable): Statement {
  return {
    name: `save_${table}`,
    text: `
INSERT INTO ${table} (attempt_id, bytes) VALUES ($1, $2)
ON CONFLICT (attempt_id) DO UPDATE SET bytes = excluded.bytes, saved_at = now()`,
  };
}

function loadBytes(table: BytesTable): Statement {
  return { name: `load_${table}`, text: `SELECT bytes FROM ${table} WHERE attempt_id = $1` };
}
