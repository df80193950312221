import type { SqlSession, Statement } from "../sql-client.ts";

/** Another process may have given a body up since `old` was read: the digest of what is left must not replace its own. */
const giveUpBodies: Statement = {
  name: "give_up_bodies",
  text: `
WITH old AS (
  SELECT id FROM delivery
  WHERE received_at < $1::timestamptz AND outcome IS NOT NULL AND body_digest IS NULL
  ORDER BY received_at LIMIT $2
)
UPDATE delivery SET body = '', body_digest = sha256(body) FROM old
WHERE delivery.id = old.id AND delivery.body_digest IS NULL
RETURNING delivery.id`,
};

/** Keeps digests alone of bodies that came before and are settled, the oldest `limit`. Returns how many it were. */
export async function writeBodiesGivenUp(session: SqlSession, before: Date, limit: number): Promise<number> {
  const rows = await session.query(giveUpBodies, [before.toISOString(), limit]);
  return rows.length;
}
