import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personAt } from "./local-person.ts";
import { startLocalProcess } from "./local-process.ts";
import { createUserRepository, fingerprint, git, writeFiles } from "./user-repository.ts";

const shell = promisify(execFile);
const AGENT = fileURLToPath(new URL("own-agent.mjs", import.meta.url));

const MODEL_KEY = "key of a model";

/** What the agent is to be given; it ends with an error where it is not. */
const EXPECTED = {
  keyDigest: hash("sha256", MODEL_KEY),
  implement: {
    stage: "implement",
    issue: { title: "Greet people", body: "By their name." },
    requester: "maya",
    repository: { defaultBranch: "trunk" },
    plan: { paths: ["greet.mjs"] },
  },
};

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "baton-own-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

test("an own agent works on a copy of an own repository, and the printed command fetches what was merged", async () => {
  const files = { "README.md": "# Greetings\n", "package.json": '{ "type": "module" }\n' };
  const repository = await createUserRepository(join(dir, "my greetings"), { files, branch: "trunk" });
  await writeFiles(repository, { "README.md": "# Not committed\n", "draft.txt": "draft\n" });
  const before = await fingerprint(repository);
  const kept = join(dir, "kept");
  const local = await startLocalProcess(
    [
      ...["--repo", repository, "--dir", kept, "--verify", "node --test", "--pass-env", "MODEL_KEY"],
      ...["--run", JSON.stringify(["node", AGENT, JSON.stringify(EXPECTED)])],
    ],
    { MODEL_KEY },
  );
  expect(local.page).toMatch(/\/maya\/my-greetings$/);
  expect(local.said()).toContain("uncommitted changes are not in the copy");

  const maya = await personAt(local, kept, "maya");
  const robin = await personAt(local, kept, "robin");
  const wish = { title: "Greet people", body: "By their name.", labels: ["baton"] };
  const { data: issue } = await maya.octokit.rest.issues.create({ ...maya.place, ...wish });
  await maya.seeLabel(issue.number, "baton:ready-for-review");
  const pull = { ...robin.place, pull_number: await robin.seeReadyPull() };
  await robin.octokit.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  await maya.octokit.rest.pulls.merge({ ...pull, merge_method: "squash" });
  await maya.seeLabel(issue.number, "baton:completed");

  expect(await fingerprint(repository)).toEqual(before);
  const [, command = ""] = /^ +(git fetch .+)$/m.exec(local.said()) ?? [];
  await shell("sh", ["-c", command], { cwd: repository });
  expect(await git(["-C", repository, "show", "FETCH_HEAD:greet.mjs"])).toContain("Hello, ");
  expect(await git(["-C", repository, "log", "--format=%s", "..FETCH_HEAD"])).toBe(
    `Greet people (#${pull.pull_number})\nSet up Baton`,
  );
  // The agent's key stayed out of everything that is kept of the repository.
  expect(await git(["-C", repository, "grep", "-c", MODEL_KEY, "FETCH_HEAD"]).catch(() => "none")).toBe(
    "none",
  );
});
