import type { AttemptId, LeaseId } from "../../base/ids.ts";
import type { AttemptStore } from "../../ports/task-store.ts";
import { textArray } from "./parameter.ts";
import * as sql from "./sql/attempts.ts";
import type { SqlClient } from "./sql-client.ts";
import { storableText } from "./storable-text.ts";

export class PostgresAttemptStore implements AttemptStore {
  readonly #client: SqlClient;

  constructor(client: SqlClient) {
    this.#client = client;
  }

  async saveLease(lease: Parameters<AttemptStore["saveLease"]>[0]): Promise<void> {
    const { id, attempt, tenant, tokenHash, seenAt } = lease;
    await this.#client.query(sql.saveLease, [id, attempt, tenant, tokenHash, seenAt]);
  }

  async findLease(tokenHash: string): Promise<{ readonly id: LeaseId; readonly attempt: AttemptId } | null> {
    const rows = await this.#client.query<{ id: LeaseId; attempt: AttemptId }>(sql.findLease, [tokenHash]);
    return rows[0] ?? null;
  }

  async touchLease(id: LeaseId, seenAt: string): Promise<void> {
    await this.#client.query(sql.touchLease, [id, seenAt]);
  }

  async leaseSeenAt(id: LeaseId): Promise<string | null> {
    const rows = await this.#client.query<{ seen_at: Date }>(sql.leaseSeenAt, [id]);
    return rows[0]?.seen_at.toISOString() ?? null;
  }

  async appendSessionEvents(attempt: AttemptId, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    await this.#client.query(sql.appendSessionEvents, [attempt, textArray(lines.map(storableText))]);
  }

  async sessionEvents(attempt: AttemptId): Promise<readonly string[]> {
    const rows = await this.#client.query<{ lines: string[] }>(sql.readSessionEvents, [attempt]);
    return rows.flatMap((row) => row.lines);
  }

  async saveSnapshot(attempt: AttemptId, snapshot: Uint8Array): Promise<void> {
    await this.#client.query(sql.saveSnapshot, [attempt, Buffer.from(snapshot)]);
  }

  async loadSnapshot(attempt: AttemptId): Promise<Uint8Array | null> {
    const rows = await this.#client.query<{ bytes: Buffer }>(sql.loadSnapshot, [attempt]);
    return rows[0]?.bytes ?? null;
  }

  async newestSnapshot(attempts: readonly AttemptId[]): Promise<AttemptId | null> {
    const rows = await this.#client.query<{ attempt: AttemptId }>(sql.newestSnapshot, [
      textArray([...attempts]),
    ]);
    return rows[0]?.attempt ?? null;
  }

  async dropSnapshots(attempts: readonly AttemptId[]): Promise<void> {
    await this.#client.query(sql.dropSnapshots, [textArray([...attempts])]);
  }

  async saveBundle(attempt: AttemptId, bundle: Uint8Array): Promise<void> {
    await this.#client.query(sql.saveBundle, [attempt, Buffer.from(bundle)]);
  }

  async loadBundle(attempt: AttemptId): Promise<Uint8Array | null> {
    const rows = await this.#client.query<{ bytes: Buffer }>(sql.loadBundle, [attempt]);
    return rows[0]?.bytes ?? null;
  }
}
