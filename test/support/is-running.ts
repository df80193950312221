import { readdirSync, readFileSync } from "node:fs";

/**
 * Whether a process of this machine has `text` in its command line, in whichever namespace it is: the numbers that
 * processes of other namespaces know of themselves mean nothing here.
 */
export function isRunning(text: string): boolean {
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && readCommand(name).includes(text));
}

/** Empty for a process that has ended, though its parent may not have taken note yet. */
function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
