import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";

const PRIVATE_KEY = generateKeyPairSync("rsa", { modulusLength: 2_048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

/** What the server prints as it ends because it cannot start, and its exit code. */
async function failToStart(environment: Record<string, string>) {
  const server = spawn(process.execPath, ["src/main/server.ts"], {
    env: { PATH: process.env["PATH"], APP_ID: "1", PRIVATE_KEY, WEBHOOK_SECRET: "secret", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const [code] = (await once(server, "close")) as [number | null];
  return { code, printed };
}

test("a server that cannot reach GitHub says so in one line", async () => {
  const { code, printed } = await failToStart({ GITHUB_API_URL: "http://127.0.0.1:1" });
  expect({ code, printed }).toEqual({
    code: 1,
    printed: "Baton could not start. GitHub did not answer GET /app.\n",
  });
});

test("a server whose data directory another process has says who has it, and no more", async () => {
  const folder = await mkdtemp(join(tmpdir(), "baton-failed-start-"));
  const github = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end('{"id":1,"slug":"baton"}');
  }).listen(0, "127.0.0.1");
  await once(github, "listening");
  const store = await openStore({ dataDir: folder });
  try {
    const { code, printed } = await failToStart({
      GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
      BATON_DATA_DIR: folder,
    });
    expect(code).toBe(1);
    expect(printed).toMatch(new RegExp(`^Baton could not start\\. .*\\b${process.pid}\\b.*\\n$`));
  } finally {
    await store.close();
    github.close();
    await rm(folder, { recursive: true, force: true });
  }
});
