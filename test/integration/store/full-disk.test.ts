import { spawnSync } from "node:child_process";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { appendFileSync, chmodSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { LastingLocation } from "../../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openIngress, SECRET } from "../webhook/ingress-server.ts";

/** Room for a new database of either kind, and little more. */
const DISK_BYTES = 128 * 1024 * 1024;
const LEFT_BYTES = 4 * 1024 * 1024;
const BODY_BYTES = 400_000;

const folder = mkdtempSync(join(tmpdir(), "baton-full-"));
// PostgreSQL runs as another user where this is root.
chmodSync(folder, 0o711);
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES},mode=711`, "tmpfs", folder]);

/** Needs root, as in CI's container; elsewhere `durable-node-fs` and the contracts stand alone. */
describe.skipIf(mounted.status !== 0)("a full disk", () => {
  afterAll(() => {
    spawnSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const kinds: readonly [string, (dir: string) => LastingLocation][] = [
    ["the embedded database", (dataDir) => ({ dataDir })],
    ["a PostgreSQL of our own", (serverDir) => ({ serverDir })],
  ];

  test.each(kinds)(
    "%s acknowledges nothing that it cannot keep, and goes on when there is room",
    async (_name, locate) => {
      const dir = join(folder, "data");
      const store = await openStore(locate(dir));
      const { port } = await openIngress({ inbox: store.inbox });
      const acknowledged: string[] = [];
      const sendNext = async () => {
        const id = randomUUID();
        const answer = await sendWebhook(port, id);
        if (answer.status === 202) acknowledged.push(id);
        return answer;
      };
      expect((await sendNext()).status).toBe(202);

      const ballast = fillDisk();
      let refused = await sendNext();
      while (refused.status === 202) refused = await sendNext();
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);

      rmSync(ballast);
      await waitFor(async () => expect((await sendNext()).status).toBe(202));
      await store.close();
      const again = await openStore(locate(dir));
      const kept = new Set<string>((await again.inbox.pending(1_000)).map(({ id }) => id));
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
      await again.close();
      rmSync(dir, { recursive: true });
    },
  );
});

/** Leaves some room for what is under way; the file's removal gives the rest back. */
function fillDisk(): string {
  const ballast = join(folder, "ballast");
  const { bavail, bsize } = statfsSync(folder);
  const chunk = Buffer.alloc(1024 * 1024);
  for (let left = bavail * bsize - LEFT_BYTES; left > 0; left -= chunk.byteLength) {
    appendFileSync(ballast, left < chunk.byteLength ? chunk.subarray(0, left) : chunk);
  }
  return ballast;
}

/** A body that no compression makes smaller. */
function sendWebhook(port: number, id: string): Promise<Response> {
  const body = JSON.stringify({ noise: randomBytes(BODY_BYTES).toString("base64") });
  return fetch(`http://127.0.0.1:${port}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
    body,
  });
}
