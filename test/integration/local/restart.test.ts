import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personAt } from "./local-person.ts";
import { runLocal, startLocalProcess } from "./local-process.ts";

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "baton-restart-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

test("Ctrl+C in the middle of an attempt loses nothing: the next start on the folder goes on", async () => {
  const kept = join(dir, "kept");
  const first = await startLocalProcess(["--dir", kept]);
  const maya = await personAt(first, kept, "maya");
  const wish = { title: "Slugs lose accented letters", body: "They should keep them.", labels: ["baton"] };
  const { data: issue } = await maya.octokit.rest.issues.create({ ...maya.place, ...wish });
  await maya.seeRun();

  const second = await runLocal(["--dir", kept, "--port", "0"]);
  expect(second.code).toBe(1);
  expect(second.errors).toMatch(
    /^\S+ is in use by process \d+: end it first, or name another folder with --dir\.\n$/,
  );

  const stopped = await first.stop();
  expect(stopped).toMatchObject({ code: 0, errors: "" });
  expect(stopped.out).toContain("Stopping; the next start goes on from here.");

  const other = await runLocal(["--dir", kept, "--port", "0", "--repo", dir, "--run", "agent"]);
  expect(other).toMatchObject({
    code: 1,
    errors: `${kept} holds the demo's repository: name another folder with --dir.\n`,
  });

  const again = await startLocalProcess(["--dir", kept]);
  const robin = await personAt(again, kept, "robin");
  await robin.seeLabel(issue.number, "baton:blocked");
  expect(await robin.seeComment(issue.number, "the plan waits for approval")).toHaveLength(1);
});
