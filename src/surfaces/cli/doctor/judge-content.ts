import type { Waiting } from "../../../ports/store-inspection.ts";
import type { RecordVerdict } from "../../../ports/task-store.ts";
import type { Finding } from "./finding.ts";

/** What waits longer than this waits for something that somebody should look at. */
const LONG_SECONDS = 10 * 60;

const SHOWN_FAULTS = 5;

type Fault = RecordVerdict["faults"][number];

const FAULTS: Readonly<Record<Fault["fault"]["kind"], string>> = {
  gap: "an entry is missing",
  misplaced: "an entry of another place stands there",
  "hash-differs": "the text is not the one that was hashed",
  "ends-elsewhere": "the entries end elsewhere than the task says",
};

/** Whether the entries are those that were written. */
export function judgeRecord({ tasks, entries, faults }: RecordVerdict): Finding {
  const topic = "record";
  const counted = `${count(tasks, "task")} with ${count(entries, "entry", "entries")}`;
  if (faults.length === 0) {
    return { topic, verdict: "fine", says: `${counted}: every hash chain is whole.` };
  }
  const named = faults.slice(0, SHOWN_FAULTS).map(describeFault).join("; ");
  const more = faults.length > SHOWN_FAULTS ? `; and ${faults.length - SHOWN_FAULTS} more` : "";
  return {
    topic,
    verdict: "danger",
    says: `${counted}, and ${count(faults.length, "broken chain")}: ${named}${more}. Compare with a backup.`,
  };
}

function describeFault({ task, fault }: Fault): string {
  return `${task} at entry ${fault.sequence}, ${FAULTS[fault.kind]}`;
}

/** Whether something waits for long in the inbox or the outbox: then the server is away, or cannot work on it. */
export function judgeWaiting(topic: "inbox" | "outbox", { count: waiting, oldestSeconds }: Waiting): Finding {
  if (waiting === 0 || oldestSeconds === null) return { topic, verdict: "fine", says: "Nothing waits." };
  const what = topic === "inbox" ? "webhook" : "effect";
  const says = `${count(waiting, what)} ${waiting === 1 ? "waits" : "wait"}, the oldest for ${showAge(oldestSeconds)}.`;
  if (oldestSeconds < LONG_SECONDS) return { topic, verdict: "fine", says };
  return {
    topic,
    verdict: "note",
    says: `${says} Nothing of it is lost: see in the server's log what it waits for.`,
  };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function showAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * 60 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * 24 * 60 * 60) return `${Math.round(seconds / 60 / 60)} h`;
  return `${Math.round(seconds / 24 / 60 / 60)} days`;
}
