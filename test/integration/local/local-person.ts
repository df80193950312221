import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { PATIENCE_MS } from "../../support/patience.ts";
import { awaitCondition } from "../../support/scenario/await-condition.ts";
import type { LocalProcess } from "./local-process.ts";

/** Somebody at the local forge, who acts through its API and waits for what its pages would show. */
export async function personAt(local: LocalProcess, dir: string, login: string) {
  const { origin, pathname } = new URL(local.page);
  const [, owner = "", repo = ""] = pathname.split("/");
  const place = { owner, repo };
  const { tokens } = JSON.parse(await readFile(join(dir, "world.json"), "utf8")) as {
    tokens: Readonly<Record<string, string>>;
  };
  const octokit = new Octokit({ baseUrl: `${origin}/api/v3`, auth: tokens[login] });

  /** Labels of the issue, once this one is among them. */
  async function seeLabel(issue: number, label: string): Promise<readonly string[]> {
    let seen: readonly string[] = [];
    return awaitCondition({
      async look() {
        const { data } = await octokit.rest.issues.listLabelsOnIssue({ ...place, issue_number: issue });
        seen = data.map(({ name }) => name);
        return seen.includes(label) ? seen : null;
      },
      async describe() {
        const { data } = await octokit.rest.issues.listComments({ ...place, issue_number: issue });
        const said = data.map(({ body }) => body ?? "").join("\n---\n");
        return `${label} never came, but ${seen.join(", ")}:\n${said}`;
      },
      changes: () => () => undefined,
      timeoutMs: PATIENCE_MS,
    });
  }

  /** Until a run has begun, and with it an attempt. */
  function seeRun(): Promise<number> {
    return awaitCondition({
      async look() {
        const { data } = await octokit.rest.actions.listWorkflowRunsForRepo(place);
        return data.workflow_runs.find(({ status }) => status !== "queued")?.id ?? null;
      },
      describe: async () => "No run began.",
      changes: () => () => undefined,
      timeoutMs: PATIENCE_MS,
    });
  }

  /** All comments of the issue, once one of them says this. */
  async function seeComment(issue: number, text: string): Promise<readonly string[]> {
    let said: readonly string[] = [];
    return awaitCondition({
      async look() {
        const { data } = await octokit.rest.issues.listComments({ ...place, issue_number: issue });
        said = data.map(({ body }) => body ?? "");
        return said.some((body) => body.includes(text)) ? said : null;
      },
      describe: async () => `Nobody said ${text}, but:\n${said.join("\n---\n")}`,
      changes: () => () => undefined,
      timeoutMs: PATIENCE_MS,
    });
  }

  /** The number of the one open pull request, once it is no draft. */
  function seeReadyPull(): Promise<number> {
    return awaitCondition({
      async look() {
        const { data } = await octokit.rest.pulls.list(place);
        return data.find(({ draft }) => draft === false)?.number ?? null;
      },
      describe: async () => "No pull request became ready for review.",
      changes: () => () => undefined,
      timeoutMs: PATIENCE_MS,
    });
  }

  return { place, octokit, seeLabel, seeRun, seeComment, seeReadyPull };
}
