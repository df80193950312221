import { realpath } from "node:fs/promises";
import { err, ok, type Result } from "../../../base/result.ts";
import { git } from "../git.ts";
import { parseGitHubRemote } from "./github-remote.ts";

const REFERENCE = /^[\w.-]{1,100}\/[\w.-]{1,100}(?:\/[\w./-]+)?@[0-9a-f]{40}$/;

const REMEDY =
  "Name the action with --action owner/repository@<commit>, the commit as 40 hexadecimal digits.";

/** An action as a workflow names it, `owner/repository@<commit>`: only a full commit cannot be moved by others. */
export function parseActionReference(text: string): Result<string, string> {
  return REFERENCE.test(text) ? ok(text) : err(`"${text}" does not pin an action to a commit. ${REMEDY}`);
}

/** The action that belongs to this copy of Baton: the commit that is checked out, where its remote says it is. */
export async function ownActionReference(batonRoot: string): Promise<Result<string, string>> {
  const top = await git(batonRoot, ["rev-parse", "--show-toplevel"]);
  if (top.exitCode !== 0 || top.stdout.trim() !== (await realpath(batonRoot))) {
    return err(`This copy of Baton is not a git checkout, so it does not know its own commit. ${REMEDY}`);
  }
  const address = await git(batonRoot, ["remote", "get-url", "origin"]);
  const remote = address.exitCode === 0 ? parseGitHubRemote(address.stdout.trim()) : null;
  if (remote === null) {
    return err(`This checkout of Baton has no remote "origin" on GitHub that workflows could use. ${REMEDY}`);
  }
  const head = await git(batonRoot, ["rev-parse", "HEAD"]);
  const commit = head.stdout.trim();
  const published = await git(batonRoot, ["branch", "--remotes", "--contains", "HEAD"]);
  if (head.exitCode !== 0 || published.stdout.trim() === "") {
    return err(
      `The commit ${commit.slice(0, 12)} of this checkout of Baton is not on its remote yet. ${REMEDY}`,
    );
  }
  return ok(`${remote.owner}/${remote.name}@${commit}`);
}
