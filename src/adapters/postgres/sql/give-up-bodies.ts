import { hash } from "node:crypto";
import type { DeliveryId } from "../../../base/ids.ts";
import { type StoredBody, unpackBody } from "../body-packing.ts";
import { byteaArray, textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { bodiesAtOnce, MAX_BYTES_AT_ONCE } from "./bodies-at-once.ts";

const oldBodies: Statement = {
  name: "old_bodies",
  text: bodiesAtOnce(
    `SELECT * FROM delivery WHERE received_at < $1::timestamptz AND outcome IS NOT NULL AND body_digest IS NULL
    ORDER BY received_at LIMIT $2`,
    "received_at, id",
  ),
};

/** What another process has given up since it was read is left as it is. */
const giveUpBodies: Statement = {
  name: "give_up_bodies",
  text: `
UPDATE delivery SET body = '', unpacked_bytes = NULL, body_digest = old.digest
FROM unnest($1::text[], $2::bytea[]) AS old (id, digest)
CROSS JOIN LATERAL (SELECT ctid AS place FROM delivery WHERE id = old.id LIMIT 1) AS found
WHERE delivery.ctid = found.place AND delivery.body_digest IS NULL
RETURNING delivery.id`,
};

type Row = StoredBody & { readonly id: DeliveryId };

/**
 * Keeps digests alone of bodies that came before and are settled, of some of the oldest, `limit` at most. Returns how many
 * it were: 0 when no more are left, or another process gives up the same.
 */
export async function writeBodiesGivenUp(session: SqlSession, before: Date, limit: number): Promise<number> {
  const rows = await session.query<Row>(oldBodies, [before.toISOString(), limit, MAX_BYTES_AT_ONCE]);
  if (rows.length === 0) return 0;
  const givenUp = await session.query(giveUpBodies, [
    textArray(rows.map(({ id }) => id)),
    byteaArray(rows.map((row) => hash("sha256", unpackBody(row), "buffer"))),
  ]);
  return givenUp.length;
}
