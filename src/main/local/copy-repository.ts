import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { CONFIG_PATH, describeConfigProblem } from "../../contract/repository-config/config-problem.ts";
import { parseRepositoryConfig } from "../../contract/repository-config/parse-repository-config.ts";
import { WORKFLOW_PATH } from "../../contract/workflow-path.ts";
import { userGitEnvironment } from "../../forge/git/git-environment.ts";
import { renderPolicy, type HarnessWish } from "../../surfaces/cli/init/render-policy.ts";
import { explainFailure } from "./explain-failure.ts";
import type { CopyTarget } from "./target.ts";

const execute = promisify(execFile);

/** git with the user's own credentials and settings, pointed at no other repository and without questions. */
function run(args: readonly string[]): Promise<{ readonly stdout: string }> {
  return execute("git", args, { env: userGitEnvironment() });
}

/** A clone of the user's repository, on its default branch, that a policy has been found or written for. */
export type RepositoryCopy = {
  readonly dir: string;
  readonly defaultBranch: string;
  /** Says what a person should know before the work begins; whole sentences. */
  readonly notes: readonly string[];
};

const NO_AGENT = `has no ${CONFIG_PATH} that names an agent. Give one with --harness, as in --harness claude, or with --run, as in --run '["node", "/absolute/path/agent.mjs"]': it gets its briefing on standard input, works in a checkout, and writes its result to the file $BATON_RESULT.`;

/**
 * Clones the user's repository, which is only read, to `dir` and makes sure that it has a policy: its own, or one with
 * the agent that is wished for.
 * @returns why it cannot be worked on, in sentences for the person who named it.
 */
export async function copyRepository(
  target: CopyTarget,
  dir: string,
  wish: HarnessWish | null,
): Promise<Result<RepositoryCopy, string>> {
  const { from } = target;
  try {
    // Without a template and its hooks: nothing of the machine's own settings should act on the copy.
    await run(["clone", "--quiet", "--no-hardlinks", "--template=", "--", from, dir]);
  } catch (error) {
    return err(`${from} cannot be cloned: ${explainFailure(error)}`);
  }
  const defaultBranch = await branchOf(dir);
  if (defaultBranch === null) {
    return err(`${from} has no branch with a commit checked out: commit something, or check out a branch.`);
  }
  const notes = await uncommittedIn(from);
  const known = await readFile(join(dir, CONFIG_PATH), "utf8").catch(() => null);
  if (known !== null) {
    const refused = refusePolicy(known, target);
    return refused === null ? ok({ dir, defaultBranch, notes }) : err(refused);
  }
  if (wish === null) return err(`${from} ${NO_AGENT}`);
  await writeIn(dir, CONFIG_PATH, policyFor(wish, target.verify));
  return ok({ dir, defaultBranch, notes: [...notes, ...(await unprovedIn(dir, target))] });
}

/** Commits Baton's workflow, and the policy where it was written here, as `baton init` would. */
export async function commitSetup(
  copy: RepositoryCopy,
  { workflow, author }: { readonly workflow: string; readonly author: { login: string; name: string } },
): Promise<void> {
  await writeIn(copy.dir, WORKFLOW_PATH, workflow);
  const git = (...args: readonly string[]) => run(["-C", copy.dir, ...args]);
  await git("add", "--force", WORKFLOW_PATH, CONFIG_PATH);
  const as = `user.email=${author.login}@users.noreply.github.com`;
  const options = ["-c", `user.name=${author.name}`, "-c", as, "-c", "commit.gpgSign=false"];
  await git(...options, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", "Set up Baton");
}

function refusePolicy(text: string, target: CopyTarget): string | null {
  if (target.harness !== null || target.verify !== null) {
    return `${target.from} has a ${CONFIG_PATH} of its own, which names the agent and what proves its work: leave out --harness, --model, --run, --recording and --verify, or commit the change there.`;
  }
  const parsed = parseRepositoryConfig(text);
  if (parsed.ok) return null;
  return `The policy of ${target.from} cannot be used:\n${parsed.error.map((each) => `  ${describeConfigProblem(each)}`).join("\n")}`;
}

const NO_COMMAND = "# verify:\n#   command: null\n";

function policyFor(harness: HarnessWish, verify: string | null): string {
  const text = renderPolicy(harness);
  if (!text.includes(NO_COMMAND)) throw new Error("The default policy says otherwise what verifies.");
  const command = verify === null ? "" : `  command: ${JSON.stringify(verify)}\n`;
  // The forge has the checks of a push at once, so that there is nothing to wait for.
  return text.replace(NO_COMMAND, () => `verify:\n${command}  settle: 0s\n`);
}

async function branchOf(dir: string): Promise<string | null> {
  try {
    await run(["-C", dir, "rev-parse", "--quiet", "--verify", "HEAD^{commit}"]);
    const { stdout } = await run(["-C", dir, "symbolic-ref", "--quiet", "--short", "HEAD"]);
    return stdout.trim();
  } catch {
    // Nothing was committed yet, or no branch is checked out.
    return null;
  }
}

async function uncommittedIn(from: string): Promise<readonly string[]> {
  try {
    // Without the lock git would not even refresh the index of a repository that is only to be read.
    const { stdout } = await run(["--no-optional-locks", "-C", from, "status", "--porcelain"]);
    return stdout === ""
      ? []
      : ["Its uncommitted changes are not in the copy: commit them to have them there."];
  } catch {
    // A URL or a bare repository, which have no work tree.
    return [];
  }
}

async function unprovedIn(dir: string, target: CopyTarget): Promise<readonly string[]> {
  if (target.verify !== null) return [];
  const workflows = await readdir(join(dir, dirname(WORKFLOW_PATH))).catch(() => []);
  if (workflows.length > 0) return [];
  return [
    "It has no workflow whose checks could prove the work, so Baton will ask you at that stage: start anew with --verify 'npm test', or whatever tests it.",
  ];
}

async function writeIn(dir: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}
