import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files through which one step sets variables, outputs and so on, by the variable that names each. */
export interface CommandFiles {
  GITHUB_ENV: string;
  GITHUB_PATH: string;
  GITHUB_OUTPUT: string;
  GITHUB_STATE: string;
  GITHUB_STEP_SUMMARY: string;
}

export function createCommandFiles(directory: string): CommandFiles {
  const create = (kind: string): string => {
    const file = join(directory, `${kind}_${randomUUID()}`);
    writeFileSync(file, "");
    return file;
  };
  return {
    GITHUB_ENV: create("set_env"),
    GITHUB_PATH: create("add_path"),
    GITHUB_OUTPUT: create("set_output"),
    GITHUB_STATE: create("save_state"),
    GITHUB_STEP_SUMMARY: create("step_summary"),
  };
}

/**
 * Reads `name=value` lines and `name<<DELIMITER` blocks.
 * @throws with GitHub's wording when the file has another form
 */
export function readAssignments(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  const assignments: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      assignments[nameOf(line.slice(0, equals), line)] = line.slice(equals + 1);
      continue;
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    const delimiter = line.slice(heredoc + 2);
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0 || delimiter === "") {
      throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    }
    assignments[nameOf(line.slice(0, heredoc), line)] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return assignments;
}

export function readPaths(file: string): string[] {
  return readFileSync(file, "utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

function nameOf(name: string, line: string): string {
  if (name === "") throw new Error(`Invalid format '${line}'. Name must not be empty`);
  return name;
}
