import { resolve } from "node:path";
import { err, ok, type Result } from "../../../base/result.ts";
import { CONFIG_PATH } from "../../../contract/repository-config/config-problem.ts";
import { WORKFLOW_PATH } from "../../../contract/workflow-path.ts";
import type { CliContext } from "../cli-context.ts";
import { git } from "../git.ts";
import { ownActionReference, parseActionReference } from "./action-reference.ts";
import { describeDifference, type PlannedFile, type WantedFile } from "./file-plan.ts";
import { parseGitHubRemote } from "./github-remote.ts";
import { proposeFiles } from "./propose-files.ts";
import { readHarnessWish, readServerWish, type InitOptions } from "./read-wishes.ts";
import { renderPolicy } from "./render-policy.ts";
import { renderWorkflow } from "./render-workflow.ts";
import { createRepositoryApi, describeRefusal, type RepositoryApi } from "./repository-api.ts";
import { planInWorkTree, writeToWorkTree } from "./write-files.ts";

/** `baton init`: writes the workflow and the policy, or proposes them. The result is the process' exit code. */
export async function runInit(context: CliContext, options: InitOptions): Promise<number> {
  const directory = resolve(context.cwd, options.repo ?? ".");
  const top = await git(directory, ["rev-parse", "--show-toplevel"]).catch(() => null);
  if (top?.exitCode !== 0) return refuse(context, `${directory} is not in a git repository.`);
  const root = top.stdout.trim();
  const wanted = await wantedFiles(context, options);
  if (!wanted.ok) return refuse(context, wanted.error);
  return options.pr === true
    ? proposeOnGitHub(context, { root, wanted: wanted.value, force: options.force === true })
    : writeHere(context, { root, wanted: wanted.value, force: options.force === true });
}

type Plan = { readonly root: string; readonly wanted: readonly WantedFile[]; readonly force: boolean };

async function wantedFiles(
  context: CliContext,
  options: InitOptions,
): Promise<Result<readonly WantedFile[], string>> {
  const harness = readHarnessWish(options);
  if (!harness.ok) return harness;
  const server = readServerWish(options);
  if (!server.ok) return server;
  const action =
    options.action === undefined
      ? await ownActionReference(context.batonRoot)
      : parseActionReference(options.action);
  if (!action.ok) return action;
  const workflow = await renderWorkflow({
    action: action.value,
    server: server.value,
    harness: harness.value.use,
  });
  return ok([
    { path: WORKFLOW_PATH, text: workflow },
    { path: CONFIG_PATH, text: renderPolicy(harness.value) },
  ]);
}

async function writeHere(context: CliContext, { root, wanted, force }: Plan): Promise<number> {
  const planned = await planInWorkTree(root, wanted);
  if (!planned.ok) return refuse(context, planned.error);
  const differing = planned.value.filter(({ state }) => state === "differs");
  if (differing.length > 0 && !force) return refuseToOverwrite(context, differing);
  await writeToWorkTree(root, planned.value);
  const said = { new: "wrote    ", differs: "replaced ", same: "unchanged" };
  for (const file of planned.value) context.print(`${said[file.state]} ${file.path}`);
  context.print("\nCommit and push them, install the Baton App, and add the label `baton` to an issue.");
  return 0;
}

async function proposeOnGitHub(context: CliContext, { root, wanted, force }: Plan): Promise<number> {
  const api = await connect(context, root);
  if (!api.ok) return refuse(context, api.error);
  try {
    const proposal = await proposeFiles(api.value, wanted, force);
    if (!proposal.ok) {
      return proposal.error.kind === "differs"
        ? await refuseToOverwrite(context, proposal.error.files)
        : refuse(context, proposal.error.sentence);
    }
    context.print(
      proposal.value.kind === "proposed"
        ? `Proposed in ${proposal.value.url}`
        : `Nothing to do: the branch ${proposal.value.branch} has these files already.`,
    );
    return 0;
  } catch (cause) {
    const sentence = describeRefusal(cause);
    if (sentence === null) throw cause;
    return refuse(context, sentence);
  }
}

async function connect(context: CliContext, root: string): Promise<Result<RepositoryApi, string>> {
  const address = await git(root, ["remote", "get-url", "origin"]);
  const remote = address.exitCode === 0 ? parseGitHubRemote(address.stdout.trim()) : null;
  if (remote === null) {
    return err(
      'The repository has no remote "origin" on GitHub, so there is nowhere to open a pull request.',
    );
  }
  const token = context.env["GITHUB_TOKEN"] ?? context.env["GH_TOKEN"] ?? "";
  if (token === "") {
    return err(
      "Set GITHUB_TOKEN or GH_TOKEN to a token that may write contents, pull requests and workflows.",
    );
  }
  return ok(createRepositoryApi(remote, token));
}

async function refuseToOverwrite(context: CliContext, files: readonly PlannedFile[]): Promise<number> {
  for (const file of files) context.complain(await describeDifference(file));
  const names = files.map(({ path }) => path).join(" and ");
  return refuse(context, `${names} would be overwritten: use --force to do it. Nothing was written.`);
}

function refuse(context: CliContext, sentence: string): number {
  context.complain(sentence);
  return 1;
}
