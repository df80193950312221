import { afterEach, expect, test } from "vitest";
import type { Briefing } from "../../../src/contract/briefing.ts";
import { packSnapshot, unpackSnapshot } from "../../../src/runner/snapshot/pack-snapshot.ts";
import { systemTimers } from "../../../src/runner/timers.ts";
import { waitFor } from "../../support/wait-for.ts";
import { DONE, setScene, shellAgent, type Scene } from "./fixture/attempt-scene.ts";

const FILES = {
  "README.md": "hello\n",
  "src/greet.txt": "hi\n",
  "src/old.txt": "old\n",
  "CLAUDE.md": "Be kind.\n",
  "test/greet.txt": "expects hello\n",
};

/** Works, and then no more, until its run is cancelled. */
const WORKS =
  "echo hello > src/greet.txt; rm src/old.txt; echo new > src/new.txt; echo evil > CLAUDE.md; echo working; while :; do sleep 0.05; done";

const LOOKS = `cat "$BATON_PROMPT"; git status --short | sed "s/^/status /"; cat src/greet.txt CLAUDE.md; ${DONE}`;

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

async function stage(agent: string, more: Partial<Briefing> = {}): Promise<Scene> {
  scene = await setScene(FILES, () => ({ harness: shellAgent(agent), ...more }));
  return scene;
}

/** What an attempt leaves that loses its runner in the middle of its work. */
async function loseRunner(lost: Scene): Promise<Buffer> {
  const cancelled = new AbortController();
  const running = lost.run("agent", { cancelled: cancelled.signal });
  await lost.server.eventSeen((event) => event.type === "notice" && event.text === "working");
  await waitFor(() => expect(lost.server.snapshots.length).toBeGreaterThan(0));
  cancelled.abort();
  await running;
  return lost.server.snapshots[0] ?? Buffer.alloc(0);
}

test("another runner goes on with what was changed, and not with what steers agents", async () => {
  const one = await stage(WORKS);
  const { server, run } = one;
  server.snapshotToRestore = await loseRunner(one);
  server.briefing = { ...server.briefing, harness: shellAgent(LOOKS) };
  const host = await run("agent");
  const seen = host.lines.join("\n");
  expect(seen).toContain("Attempt 7-12-1.1 was interrupted: this one goes on from what it did.");
  expect(seen).toContain("# What is done already");
  expect(seen).toMatch(/status +M src\/greet\.txt/);
  expect(seen).toMatch(/status +D src\/old\.txt/);
  expect(seen).toMatch(/status +\?\? src\/new\.txt/);
  expect(seen).toContain("Be kind.");
  expect(server.reports.at(-1)).toMatchObject({ outcome: "done" });
  expect(server.bundle).not.toBeNull();
});

test("a snapshot is sent only when something was done since the last one", async () => {
  let pauses = 0;
  const { server, run } = await stage(WORKS);
  const interval = server.briefing.heartbeatMs * 2;
  const cancelled = new AbortController();
  const running = run("agent", {
    cancelled: cancelled.signal,
    timers: {
      ...systemTimers,
      sleep: (ms, signal) => {
        if (ms === interval && server.snapshots.length > 0) pauses++;
        return systemTimers.sleep(ms, signal);
      },
    },
  });
  await waitFor(() => expect(pauses).toBeGreaterThan(4));
  cancelled.abort();
  await running;
  // One while it changed files at most, and the one that has them all.
  expect(server.snapshots.length).toBeLessThanOrEqual(2);
});

test("what cannot be used is said, and the work begins anew", async () => {
  const one = await stage(WORKS);
  const { server, run } = one;
  const packed = await loseRunner(one);
  const snapshot = await unpackSnapshot(packed);
  if (!snapshot.ok) throw new Error(snapshot.error);
  server.briefing = { ...server.briefing, harness: shellAgent(LOOKS) };
  const elsewhere = await packSnapshot({ ...snapshot.value, startSha: "b".repeat(40) });
  for (const [bytes, why] of [
    [elsewhere, "The branch has moved since."],
    [Buffer.from("garbage"), "The snapshot cannot be read."],
  ] as const) {
    server.snapshotToRestore = bytes;
    const seen = (await run("agent")).lines.join("\n");
    expect(seen).toContain(`What attempt 7-12-1.1 had done is not used: ${why}`);
    expect(seen).not.toContain("# What is done already");
    expect(server.reports.at(-1)).toMatchObject({ outcome: "done" });
  }
});
