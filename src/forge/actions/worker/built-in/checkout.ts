import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import type { StepExecution } from "../job-state.ts";
import { StepFailure } from "../log-failure.ts";
import { schedulePostStep } from "../post-steps.ts";
import type { BuiltInAction } from "./built-in-actions.ts";
import { checkoutTarget } from "./checkout-target.ts";
import { declareInputs, refuseInputs } from "./declare-inputs.ts";
import { git, gitText } from "./git-command.ts";

const harmless = {
  submodules: "false",
  lfs: "false",
  "ssh-key": "",
  "ssh-known-hosts": "",
  "sparse-checkout": "",
  filter: "",
  "github-server-url": "",
};

/** actions/checkout: real git against the forge, with the job's token unless another is given. */
export const checkout: BuiltInAction = {
  inputs: declareInputs({
    ...harmless,
    repository: "${{ github.repository }}",
    ref: "",
    token: "${{ github.token }}",
    path: "",
    clean: "true",
    "fetch-depth": "1",
    "fetch-tags": "false",
    "persist-credentials": "true",
    "show-progress": "true",
    "set-safe-directory": "true",
    "ssh-strict": "true",
    "ssh-user": "git",
    "sparse-checkout-cone-mode": "true",
  }),
  run: async (execution, inputs) => {
    refuseInputs("actions/checkout", inputs, harmless);
    const { state, outputs } = execution;
    const { workspace } = state.directories;
    const directory = resolve(workspace, inputs["path"] ?? "");
    if (relative(workspace, directory).startsWith("..")) {
      throw new StepFailure(`Repository path '${directory}' is not under '${workspace}'`);
    }
    emptyDirectory(directory);
    const server = String(state.assignment.contexts.github["server_url"]);
    const repository = inputs["repository"] ?? "";
    const run = (...args: string[]): Promise<void> => git(execution, directory, args);
    state.log.write(`Syncing repository: ${repository}`);
    await run("init", "--quiet", "--initial-branch=main", directory);
    await run("remote", "add", "origin", `${server}/${repository}`);
    await authorize(execution, { directory, server, token: inputs["token"] ?? "" });

    const target = await checkoutTarget(execution, { directory, repository, ref: inputs["ref"] ?? "" });
    const fetchOf = (refspecs: readonly string[]): Promise<void> =>
      run("fetch", "--no-recurse-submodules", ...fetchOptions(inputs), "origin", ...refspecs);
    if (Number(inputs["fetch-depth"]) === 0) await fetchOf(allRefs);
    await fetchOf(target.refspecs);
    await run("checkout", "--quiet", "--force", ...target.checkout);

    const forget = (later: StepExecution): Promise<void> => forgetCredentials(later, directory, server);
    if (inputs["persist-credentials"] === "true")
      schedulePostStep(execution, { condition: "always()", run: forget });
    else await forget(execution);
    outputs["commit"] = await gitText(execution, directory, ["rev-parse", "HEAD"]);
    outputs["ref"] = inputs["ref"] || String(state.assignment.contexts.github["ref"]);
    state.log.write(`HEAD is now at ${await gitText(execution, directory, ["log", "-1", "--format=%h %s"])}`);
  },
};

function fetchOptions(inputs: Record<string, string>): string[] {
  const depth = Number(inputs["fetch-depth"]);
  if (!Number.isInteger(depth) || depth < 0)
    throw new StepFailure(`Invalid fetch-depth: ${inputs["fetch-depth"]}`);
  const tags = inputs["fetch-tags"] === "true" || depth === 0 ? [] : ["--no-tags"];
  return depth === 0 ? tags : [...tags, `--depth=${depth}`];
}

/**
 * Depth 0 stands for the whole history of all branches and tags. They are fetched before the run's own commit,
 * which its branch may have left behind: git takes no two values for one reference at once.
 */
const allRefs = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];

function emptyDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const entry of readdirSync(directory))
    rmSync(join(directory, entry), { recursive: true, force: true });
}

interface Credentials {
  directory: string;
  server: string;
  token: string;
}

async function authorize(execution: StepExecution, { directory, server, token }: Credentials): Promise<void> {
  if (token === "") return;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  execution.state.mask.add(basic);
  await git(execution, directory, ["config", "--local", headerKey(server), `AUTHORIZATION: basic ${basic}`]);
}

async function forgetCredentials(execution: StepExecution, directory: string, server: string): Promise<void> {
  // A step may have removed the repository or the entry itself.
  await git(execution, directory, ["config", "--local", "--unset-all", headerKey(server)]).catch(
    () => undefined,
  );
}

function headerKey(server: string): string {
  return `http.${server}/.extraheader`;
}
