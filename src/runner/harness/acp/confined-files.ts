import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { err, ok, type Result } from "../../../base/result.ts";
import type { HarnessSession } from "../harness.ts";
import type { RolePermissions } from "./role-permissions.ts";

/** A larger file is for the agent's own tools. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

const MAX_LINE_CHARACTERS = 64 * 1024;

/** One sentence for the agent. */
export type FileProblem = { readonly kind: "missing" | "refused"; readonly message: string };

/** The files that an agent reads and writes by way of its client. */
export type ConfinedFiles = {
  readonly read: (
    path: string,
    part: { readonly line?: number | null | undefined; readonly limit?: number | null | undefined },
  ) => Promise<Result<string, FileProblem>>;
  readonly write: (path: string, content: string) => Promise<Result<null, FileProblem>>;
};

/**
 * Reads in the work tree and beside the result, and writes what the role may. Each is done by a program of the session:
 * whatever the agent makes of a path meanwhile, it leads no further than the agent's own programs get.
 */
export function confinedFiles(
  session: Pick<HarnessSession, "workTree" | "resultFile" | "run">,
  { mayUse }: RolePermissions,
): ConfinedFiles {
  const { workTree, resultFile } = session;

  return {
    async read(path, part) {
      if (!(await isWithin(path, [workTree, dirname(resultFile)])))
        return refuse(`${path} is outside of the work tree.`);
      if (!mayUse("read", [path])) return refuse("The role reads no files.");
      const content = await readWhole(session, path);
      return content.ok ? ok(linesOf(content.value, part)) : content;
    },
    async write(path, content) {
      if (!(await isWithin(path, [workTree])) && resolve(path) !== resultFile)
        return refuse(`${path} is outside of the work tree.`);
      if (!mayUse("edit", [path])) return refuse("The role edits no files.");
      if (Buffer.byteLength(content) > MAX_FILE_BYTES)
        return refuse(`More than ${MAX_FILE_BYTES} bytes are not written.`);
      const script = 'mkdir -p -- "$(dirname -- "$0")" && cat > "$0"';
      const errors: string[] = [];
      const { exitCode } = await session.run({
        argv: ["/bin/sh", "-c", script, path],
        stdin: content,
        onLine: (_stream, line) => {
          errors.push(line);
        },
      });
      return exitCode === 0 ? ok(null) : refuse(errors.at(-1) ?? `${path} could not be written.`);
    },
  };
}

function refuse(message: string): { readonly ok: false; readonly error: FileProblem } {
  return err({ kind: "refused", message });
}

const MISSING = 66;

/** Line ends and what is no text come through in this coding only. */
const READ = `test -e "$0" || exit ${MISSING}; head -c ${MAX_FILE_BYTES + 1} < "$0" | base64`;

async function readWhole(
  session: Pick<HarnessSession, "run">,
  path: string,
): Promise<Result<string, FileProblem>> {
  let coded = "";
  const errors: string[] = [];
  const { exitCode } = await session.run({
    argv: ["/bin/sh", "-c", READ, path],
    stdin: "",
    maxLineCharacters: MAX_LINE_CHARACTERS,
    onLine: (stream, line) => {
      if (stream === "stdout") coded += line;
      else errors.push(line);
    },
  });
  if (exitCode === MISSING) return err({ kind: "missing", message: `${path} does not exist.` });
  if (exitCode !== 0 || errors.length > 0) return refuse(errors.at(-1) ?? `${path} could not be read.`);
  const bytes = Buffer.from(coded, "base64");
  if (bytes.length > MAX_FILE_BYTES) return refuse(`${path} has more than ${MAX_FILE_BYTES} bytes.`);
  return ok(bytes.toString("utf8"));
}

/** `line` counts from 1. */
function linesOf(text: string, { line, limit }: Parameters<ConfinedFiles["read"]>[1]): string {
  if (line == null && limit == null) return text;
  const lines = text.split(/(?<=\n)/);
  const from = Math.max(0, (line ?? 1) - 1);
  return lines.slice(from, limit == null ? undefined : from + limit).join("");
}

async function isWithin(path: string, roots: readonly string[]): Promise<boolean> {
  if (!isAbsolute(path) || path.includes("\0")) return false;
  const real = await realPathOf(resolve(path));
  for (const root of roots) if (isBelow(real, await realPathOf(root))) return true;
  return false;
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}

/** Where a path leads, of which the end need not be there yet. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOf(parent), path.slice(parent.length));
  }
}
