import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { getRequestListener } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createEmptyRepository } from "../../../../src/forge/git/create-bare-repository.ts";
import {
  openPushDesk,
  type IncomingPush,
  type PushDesk,
  type PushReceiver,
} from "../../../../src/forge/git/push-desk.ts";
import { listRefs } from "../../../../src/forge/git/read-refs.ts";
import { serveGit, type GitAdmission } from "../../../../src/forge/git/serve-git.ts";
import { updateRefs, type RefUpdate } from "../../../../src/forge/git/update-refs.ts";
import { cloneWithGit, createGitClient, type GitClient } from "./git-client.ts";

let root: string;
let gitDir: string;
let desk: PushDesk;
let server: Server;
let url: string;
let received: RefUpdate[];
let receive: PushReceiver;
let admission: GitAdmission | undefined;
const clients: GitClient[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "forge-http-"));
  gitDir = join(root, "1.git");
  await createEmptyRepository(gitDir, "main");
  desk = await openPushDesk();
  received = [];
  admission = undefined;
  receive = async ({ updates }) => {
    received.push(...updates);
    await updateRefs(gitDir, updates);
    return updates.map(({ ref }) => ({ kind: "updated", ref }));
  };
  const admit = () =>
    admission ?? {
      kind: "admitted" as const,
      gitDir,
      login: "ada",
      receive: (push: IncomingPush) => receive(push),
    };
  const listener = getRequestListener(
    async (request) => (await serveGit({ desk, admit }, request)) ?? new Response("no", { status: 404 }),
  );
  server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/octo/app.git`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await desk.close();
  for (const client of clients.splice(0)) await client.remove();
  await rm(root, { recursive: true, force: true });
});

async function clone(): Promise<GitClient> {
  const client = await cloneWithGit(url);
  clients.push(client);
  return client;
}

describe("git over HTTP", () => {
  it("takes a push and gives it back to the next clone", async () => {
    const writer = await clone();
    await writer.git("checkout", "-q", "-b", "main");
    const oid = await writer.commit("First", { "a.txt": "one\n" });
    await writer.git("push", "-q", "origin", "main");

    const reader = await clone();
    expect(await reader.git("rev-parse", "HEAD")).toBe(oid);
    expect(received).toEqual([{ ref: "refs/heads/main", before: "0".repeat(40), after: oid }]);
  });

  it("reads bodies that the client compressed and bodies that it sends in chunks", async () => {
    const writer = await clone();
    await writer.git("checkout", "-q", "-b", "main");
    // More than git's post buffer, of bytes that do not compress, makes the client send chunks.
    const noise = Array.from({ length: 60_000 }, (_, index) => Math.sin(index).toString()).join("\n");
    await writer.commit("Large", { "noise.txt": noise });
    await writer.git("-c", "http.postBuffer=65536", "push", "-q", "origin", "main");
    for (let count = 0; count < 40; count += 1) await writer.commit(`Step ${count}`, {});
    await writer.git("push", "-q", "origin", "main");

    // With this many haves the fetch request is long enough for git to gzip it.
    const other = await clone();
    await other.commit("Local", { "b.txt": "b\n" });
    await writer.commit("Remote", { "c.txt": "c\n" });
    await writer.git("push", "-q", "origin", "main");
    await other.git("fetch", "-q", "origin");
    expect(await other.git("rev-parse", "origin/main")).toBe(await writer.git("rev-parse", "HEAD"));
  });

  it("tells the client per reference what was refused and why", async () => {
    receive = async ({ updates }) => {
      const [main, ...others] = updates;
      await updateRefs(gitDir, others);
      return [
        {
          kind: "refused",
          ref: main?.ref ?? "",
          reason: "protected branch hook declined",
          messages: ["error: GH006"],
        },
        ...others.map(({ ref }) => ({ kind: "updated" as const, ref })),
      ];
    };
    const writer = await clone();
    await writer.git("checkout", "-q", "-b", "main");
    await writer.commit("First", { "a.txt": "one\n" });
    await writer.git("branch", "topic");
    const push = await writer.run("push", "origin", "main", "topic");

    expect(push.code).toBe(1);
    expect(push.stderr).toContain("remote: error: GH006");
    expect(push.stderr).toContain("! [remote rejected] main -> main (protected branch hook declined)");
    expect(push.stderr).toContain("* [new branch]      topic -> topic");
    expect((await listRefs(gitDir, "refs/")).map((ref) => ref.ref)).toEqual(["refs/heads/topic"]);
  });

  it("deletes references and fails the push when the receiver fails", async () => {
    const writer = await clone();
    await writer.git("checkout", "-q", "-b", "main");
    await writer.commit("First", { "a.txt": "one\n" });
    await writer.git("push", "-q", "origin", "main", "main:gone");
    await writer.git("push", "-q", "origin", ":gone");
    expect((await listRefs(gitDir, "refs/")).map((ref) => ref.ref)).toEqual(["refs/heads/main"]);

    receive = () => Promise.resolve([]);
    const push = await writer.run("push", "origin", "main:other");
    expect(push.code).not.toBe(0);
  });

  it("refuses pushes to the references of pull requests and hides nothing else", async () => {
    const writer = await clone();
    await writer.git("checkout", "-q", "-b", "main");
    const oid = await writer.commit("First", { "a.txt": "one\n" });
    await writer.git("push", "-q", "origin", "main");
    await updateRefs(gitDir, [{ ref: "refs/pull/1/head", before: "0".repeat(40), after: oid }]);

    expect(await writer.git("ls-remote", "origin", "refs/pull/*")).toContain("refs/pull/1/head");
    const push = await writer.run("push", "origin", "main:refs/pull/2/head");
    expect(push.stderr).toContain("(deny updating a hidden ref)");
  });

  it("fetches a single commit by its id", async () => {
    const writer = await clone();
    await writer.git("checkout", "-q", "-b", "main");
    const first = await writer.commit("First", { "a.txt": "one\n" });
    await writer.commit("Second", { "a.txt": "two\n" });
    await writer.git("push", "-q", "origin", "main");

    const checkout = await createGitClient();
    clients.push(checkout);
    await checkout.git("init", "-q");
    await checkout.git("fetch", "-q", "--depth=1", url, first);
    expect(await checkout.git("rev-parse", "FETCH_HEAD")).toBe(first);
  });

  it("passes refusals on in words", async () => {
    const client = await createGitClient();
    clients.push(client);
    admission = { kind: "refused", status: 404, text: "Repository not found." };
    const missing = await client.run("clone", url);
    expect(missing.stderr).toContain("remote: Repository not found.");

    admission = { kind: "refused", status: 401, text: "Invalid username or token." };
    const denied = await client.run("clone", url);
    expect(denied.stderr).toContain("could not read Username");
  });
});
