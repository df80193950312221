import type { Commit } from "../../git/read-commits.ts";
import { html, type Html } from "../html.ts";
import { checkMark, type CheckLook } from "../pieces/check-state.ts";
import { timeAgo } from "../pieces/time-ago.ts";

export interface CommitRow {
  sha: string;
  title: string;
  author: string;
  at: string;
  checks: CheckLook | null;
}

export function viewCommit(commit: Commit, checks: CheckLook | null): CommitRow {
  return {
    sha: commit.oid,
    title: commitTitle(commit.message),
    author: commit.author.name,
    at: commit.committer.at.toISOString().replace(/\.\d{3}Z$/, "Z"),
    checks,
  };
}

export function commitTitle(message: string): string {
  return message.split("\n", 1)[0] || "(no message)";
}

export function commitList(commits: readonly CommitRow[], fullName: string, nowMs: number): Html {
  return html`<ul class="rows">
    ${commits.map(
      (commit) =>
        html`<li>
          <div class="row-main">
            <div class="row-line">
              <a class="row-title" href="/${fullName}/commit/${commit.sha}">${commit.title}</a>
              ${commit.checks && checkMark(commit.checks)}
            </div>
            <p class="small muted">${commit.author} committed ${timeAgo(commit.at, nowMs)}</p>
          </div>
          <a class="mono muted" href="/${fullName}/commit/${commit.sha}">${commit.sha.slice(0, 7)}</a>
        </li>`,
    )}
  </ul>`;
}
