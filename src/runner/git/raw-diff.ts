import { err, ok, type Result } from "../../base/result.ts";

/** One line of `git diff-tree --raw -z --no-renames`: modes as git prints them, "000000" for absent. */
export type RawChange = {
  readonly path: string;
  readonly oldMode: string;
  readonly mode: string;
  readonly oldSha: string;
  readonly sha: string;
  readonly status: "A" | "M" | "D" | "T";
};

const HEADER = /^:([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) ([AMDT])$/;

/**
 * Reads the output of `git diff-tree -r --raw -z --no-renames --no-abbrev`. Paths come as bytes: one that is no UTF-8
 * is refused, since a path that was changed in reading would pass the wrong rule.
 */
export function parseRawDiff(output: Buffer): Result<readonly RawChange[], string> {
  const changes: RawChange[] = [];
  const fields = splitAtNul(output);
  for (let index = 0; index < fields.length; index += 2) {
    const header = HEADER.exec(fields[index]?.toString("latin1") ?? "");
    const name = fields[index + 1];
    if (header === null || name === undefined)
      return err("git described the change in a form that is not known.");
    const path = name.toString("utf8");
    if (!Buffer.from(path, "utf8").equals(name)) {
      return err(`The path ${JSON.stringify(name.toString("latin1"))} is not valid UTF-8.`);
    }
    const [, oldMode = "", mode = "", oldSha = "", sha = "", status] = header;
    changes.push({ path, oldMode, mode, oldSha, sha, status: status as RawChange["status"] });
  }
  return ok(changes);
}

function splitAtNul(output: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(0, start);
    if (end === -1) {
      fields.push(output.subarray(start));
      break;
    }
    fields.push(output.subarray(start, end));
    start = end + 1;
  }
  return fields;
}
