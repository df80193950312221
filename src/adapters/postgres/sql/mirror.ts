import type { Statement } from "../sql-client.ts";

/** Where all is shown already, it only reads: nothing is locked or written. */
export const beginShowing: Statement = {
  name: "begin_showing",
  text: `
INSERT INTO mirror (task_id, showing)
SELECT $1, gen_random_uuid()
WHERE $3::boolean OR NOT EXISTS (SELECT FROM mirror WHERE task_id = $1 AND digests @> $2::jsonb)
ON CONFLICT (task_id) DO UPDATE SET
  digests = mirror.digests - ARRAY(
    SELECT key FROM jsonb_each($2::jsonb) WHERE $3::boolean OR value IS DISTINCT FROM mirror.digests -> key
  ),
  alone = mirror.showing IS NULL,
  showing = excluded.showing
RETURNING showing AS id, ARRAY(SELECT key FROM jsonb_object_keys($2::jsonb) AS key WHERE NOT digests ? key) AS parts`,
};

/** A showing that began since then has not been alone either. */
export const endShowing: Statement = {
  name: "end_showing",
  text: `
UPDATE mirror SET
  digests = CASE WHEN alone AND showing = $2::uuid THEN digests || $3::jsonb ELSE '{}' END,
  alone = false,
  showing = nullif(showing, $2::uuid)
WHERE task_id = $1`,
};

export const forgetShown: Statement = {
  name: "forget_shown",
  text: `DELETE FROM mirror WHERE task_id = $1`,
};
