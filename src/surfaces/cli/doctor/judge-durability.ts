import type { CommitProbe, DurabilitySettings } from "../../../ports/store-inspection.ts";
import type { Finding } from "./finding.ts";

/** Each setting without which a power cut loses what was acknowledged, and what it costs to be without it. */
const NEEDED = [
  ["fsync", "fsync", "A power cut can lose everything"],
  ["synchronousCommit", "synchronous_commit", "A power cut or a crash of the server loses the last commits"],
  ["fullPageWrites", "full_page_writes", "A power cut can leave pages half written"],
] as const;

/** PostgreSQL commits are durable here with anything but `off`; the other values concern replicas. */
function isOn(value: string): boolean {
  return value !== "off";
}

/** Whether what is acknowledged is on the disk, and whether damage to it would be noticed. */
export function judgeDurability(settings: DurabilitySettings, commit: CommitProbe): readonly Finding[] {
  return [judgeCommits(settings, commit), judgeChecksums(settings)];
}

function judgeCommits(settings: DurabilitySettings, { durationMs, syncs }: CommitProbe): Finding {
  const topic = "commits";
  const [missing] = NEEDED.filter(([key]) => !isOn(settings[key]));
  if (missing) {
    const [, name, loss] = missing;
    return {
      topic,
      verdict: "danger",
      says: `${loss}: ${name} is off. Turn it on in the server's settings.`,
    };
  }
  if (syncs === 0) {
    return {
      topic,
      verdict: "danger",
      says: "A commit returned without asking the disk to keep it: a power cut can lose everything.",
    };
  }
  const counted = syncs === null ? "" : `, with ${syncs} sync${syncs === 1 ? "" : "s"} of its log`;
  const names = NEEDED.map(([, name]) => name).join(", ");
  return {
    topic,
    verdict: "fine",
    says:
      `Wait for the disk (${names} on; wal_sync_method ${settings.walSyncMethod}). ` +
      `One took ${durationMs.toFixed(2)} ms${counted}. PostgreSQL ${settings.serverVersion}.`,
  };
}

function judgeChecksums({ dataChecksums }: DurabilitySettings): Finding {
  const topic = "checksums";
  if (isOn(dataChecksums)) return { topic, verdict: "fine", says: "Every page of the database has one." };
  return {
    topic,
    verdict: "note",
    says: "Off: a page that the disk damages is not noticed. `pg_checksums --enable` adds them to a stopped server.",
  };
}
