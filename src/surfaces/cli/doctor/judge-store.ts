import type {
  ContentInspection,
  DatabaseInspection,
  SchemaInspection,
  StoreInspection,
} from "../../../ports/store-inspection.ts";
import type { Finding } from "./finding.ts";
import { judgeDurability } from "./judge-durability.ts";
import { judgeRecord, judgeWaiting } from "./judge-content.ts";

/** With less than this a burst of webhooks may fill the disk; then nothing more is stored until there is room. */
const SCARCE_BYTES = 256 * 1024 * 1024;
const LITTLE_BYTES = 2 * 1024 * 1024 * 1024;

const KINDS = {
  server: "a PostgreSQL server",
  "local-server": "PostgreSQL on a data directory, run by Baton",
  embedded: "the embedded database on a data directory",
} as const;

/** What is to be said of a store, most fundamental first. */
export function judgeStore(store: StoreInspection): readonly Finding[] {
  const { database } = store;
  const findings = [judgePlace(store), ...judgeHolder(store), ...judgeDisk(store)];
  if (database.kind !== "open") return findings;
  return [
    ...findings,
    ...judgeDurability(database.settings, database.commit),
    judgeSchema(database.schema),
    ...judgeContent(database.content),
  ];
}

function judgePlace({ kind, place, database }: StoreInspection): Finding {
  const where = `${KINDS[kind]}: ${place}.`;
  return { topic: "store", ...judgeAccess(database, where) };
}

function judgeAccess(database: DatabaseInspection, where: string): Pick<Finding, "verdict" | "says"> {
  switch (database.kind) {
    case "open":
      return { verdict: "fine", says: where };
    case "new":
      return { verdict: "note", says: `${where} Nothing is stored there yet; the first start makes it.` };
    case "closed":
      return {
        verdict: "note",
        says: `${where} Only the process that has it can look into it: stop that one to have all of it checked.`,
      };
    case "unreachable":
      return { verdict: "danger", says: `${where} It cannot be opened: ${database.why}` };
  }
}

function judgeHolder({ kind, holder }: StoreInspection): readonly Finding[] {
  if (kind === "server") return [];
  const says = holder
    ? `In use by process ${holder.pid} on ${holder.host}, started at ${holder.startedAt}.`
    : "Nobody has the directory open.";
  return [{ topic: "holder", verdict: "fine", says }];
}

function judgeDisk({ freeBytes }: StoreInspection): readonly Finding[] {
  if (freeBytes === null) return [];
  const free = `${showBytes(freeBytes)} free.`;
  if (freeBytes < SCARCE_BYTES) {
    return [
      {
        topic: "disk",
        verdict: "danger",
        says: `${free} On a full disk no webhook is stored: make room, or move the data directory.`,
      },
    ];
  }
  return [{ topic: "disk", verdict: freeBytes < LITTLE_BYTES ? "note" : "fine", says: free }];
}

function showBytes(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}

function judgeSchema({ applied, known, refusal }: SchemaInspection): Finding {
  const topic = "schema";
  if (refusal !== null) return { topic, verdict: "danger", says: refusal };
  if (applied === known) return { topic, verdict: "fine", says: `All ${known} migrations are applied.` };
  return {
    topic,
    verdict: "note",
    says: `${applied} of ${known} migrations are applied; the next start applies the rest. The record was not checked.`,
  };
}

function judgeContent(content: ContentInspection | null): readonly Finding[] {
  if (content === null) return [];
  return [
    judgeRecord(content.record),
    judgeWaiting("inbox", content.deliveries),
    judgeWaiting("outbox", content.effects),
  ];
}
