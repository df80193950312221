import type { GitPlace } from "./git-place.ts";
import { credentialSettings, readRemoteHead, type Remote } from "./remote.ts";
import { runGit } from "./run-git.ts";

export type PushOutcome =
  | { readonly kind: "pushed" }
  /** Somebody else pushed, or the branch is gone: `head` is what is there now. */
  | { readonly kind: "moved"; readonly head: string | null }
  /** The remote's own words. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/**
 * Moves a branch to a commit if it is where it is expected to be, `null` for a branch that must not exist yet. The
 * remote compares and moves in one step, so nothing that came in between is lost.
 */
export async function pushCommit(
  place: GitPlace,
  remote: Remote,
  push: { readonly sha: string; readonly branch: string; readonly expected: string | null },
): Promise<PushOutcome> {
  const ref = `refs/heads/${push.branch}`;
  const outcome = await runGit(
    place,
    [
      "push",
      "--porcelain",
      "--no-verify",
      "--no-follow-tags",
      `--force-with-lease=${ref}:${push.expected ?? ""}`,
      remote.url,
      `${push.sha}:${ref}`,
    ],
    { settings: credentialSettings(remote) },
  );
  if (outcome.exitCode === 0) return { kind: "pushed" };
  const rejected = /^!\t[^\t]*\t\[(remote rejected|rejected)\] \((.*)\)$/m.exec(
    outcome.stdout.toString("utf8"),
  );
  if (rejected === null) return { kind: "unreachable", why: lastLine(outcome.stderr) };
  const [, kind, why = ""] = rejected;
  if (kind === "remote rejected" && !isRace(why))
    return { kind: "refused", why: remoteWords(outcome.stderr, why) };
  return { kind: "moved", head: await readRemoteHead(place, remote, push.branch) };
}

/** The remote found the branch elsewhere than the client had just seen it. */
function isRace(why: string): boolean {
  return /failed to (?:update ref|lock)|cannot lock ref|fetch first|stale info|reference already exists/.test(
    why,
  );
}

/** What a hook or a branch rule printed, or else the reason in parentheses. */
function remoteWords(stderr: string, why: string): string {
  const lines = [...stderr.matchAll(/^remote: (.*)$/gm)].map((match) => (match[1] ?? "").trim());
  const said = lines.filter((line) => line !== "").join(" ");
  return said === "" ? why : `${why}: ${said.slice(0, 400)}`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
