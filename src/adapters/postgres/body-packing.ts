import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { SqlSession, Statement } from "./sql-client.ts";

/** A body as it lies in the database. */
export type StoredBody = {
  readonly body: Uint8Array;
  /** Its length before it was packed; null where it lies there as it came. */
  readonly unpacked_bytes: number | null;
};

export type PackBody = (body: Uint8Array) => StoredBody;

/** At the level that costs least: JSON of 20 kB becomes a tenth in some 40 µs. */
const packed: PackBody = (body) => {
  const unpacked_bytes = body.byteLength;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_SIZE_HINT]: unpacked_bytes };
  return { body: brotliCompressSync(body, { params }), unpacked_bytes };
};

const asItCame: PackBody = (body) => ({ body, unpacked_bytes: null });

/** The body as it came. */
export function unpackBody({ body, unpacked_bytes }: StoredBody): Uint8Array {
  if (unpacked_bytes === null) return body;
  return brotliDecompressSync(body, { maxOutputLength: Math.max(1, unpacked_bytes) });
}

/** 'e' is EXTERNAL: see migration 005. */
const bodyStorage: Statement = {
  name: "body_storage",
  text: `
SELECT attstorage = 'e' AS as_it_is FROM pg_attribute
WHERE attrelid = 'delivery'::regclass AND attname = 'body'`,
};

/** How bodies are to be stored: packed where the database would leave them as they are. */
export async function packingFor(session: SqlSession): Promise<PackBody> {
  const [storage] = await session.query<{ as_it_is: boolean }>(bodyStorage);
  return storage?.as_it_is === true ? packed : asItCame;
}
