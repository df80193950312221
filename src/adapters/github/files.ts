import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import type { DirectoryEntry, FileContent } from "../../ports/github.ts";
import { answered, reasonOf } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/** One file at a commit, branch or tag. GitHub gives files above 1 MB in another way, which no file of ours needs. */
export async function readFile(
  octokit: ProbotOctokit,
  repository: Repository,
  { path, ref }: { readonly path: string; readonly ref: string },
): Promise<FileContent> {
  const found = await readContent(octokit, repository, { path, ref });
  if (found === null) return { kind: "absent" };
  if (typeof found === "string") return { kind: "unreadable", why: found };
  if (Array.isArray(found)) return { kind: "unreadable", why: `\`${path}\` is a directory.` };
  if (found.type !== "file")
    return { kind: "unreadable", why: `\`${path}\` is a ${found.type}, not a file.` };
  if (found.encoding !== "base64") return { kind: "unreadable", why: `\`${path}\` is larger than 1 MB.` };
  return decode(path, found.content);
}

/** What lies right under a directory; null where there is no such directory. GitHub lists a thousand entries at most. */
export async function listDirectory(
  octokit: ProbotOctokit,
  repository: Repository,
  { path, ref }: { readonly path: string; readonly ref: string },
): Promise<readonly DirectoryEntry[] | null> {
  const found = await readContent(octokit, repository, { path, ref });
  if (!Array.isArray(found)) return null;
  return found
    .map((entry): DirectoryEntry => ({ path: entry.path, kind: kindOf(entry.type) }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

function kindOf(type: string): DirectoryEntry["kind"] {
  if (type === "file") return "file";
  return type === "dir" ? "directory" : "other";
}

type Content = Awaited<ReturnType<ProbotOctokit["rest"]["repos"]["getContent"]>>["data"];

/** null: absent; a sentence: GitHub may not or will not show it. */
async function readContent(
  octokit: ProbotOctokit,
  repository: Repository,
  { path, ref }: { readonly path: string; readonly ref: string },
): Promise<Content | string | null> {
  try {
    const { data } = await octokit.rest.repos.getContent({ ...coordinates(repository), path, ref });
    return data;
  } catch (error) {
    if (answered(error, 404)) return null;
    if (answered(error, 403, 422)) return `GitHub does not show \`${path}\`: ${reasonOf(error)}`;
    throw error;
  }
}

function decode(path: string, base64: string): FileContent {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64"));
    return { kind: "found", text };
  } catch {
    return { kind: "unreadable", why: `\`${path}\` is not UTF-8 text.` };
  }
}
