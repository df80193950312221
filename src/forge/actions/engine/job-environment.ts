import { delimiter, dirname } from "node:path";

/** All that a job's processes take over from the environment of the forge. */
const inherited = ["LANG", "LC_ALL", "TZ", "USER", "LOGNAME"] as const;

const fallbackPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What every process of a job starts from: an allow-list, with `extra` on top. */
export function baseEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const environment: Record<string, string> = { PATH: jobPath() };
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...extra };
}

/**
 * PATH without what npm puts in front while it runs a script, so that a job does not find the tools of the
 * project that the forge was started from. A runner has Node installed, so this Node comes last.
 */
function jobPath(): string {
  const directories = (process.env["PATH"] ?? fallbackPath)
    .split(delimiter)
    .filter((directory) => directory !== "" && !/node_modules|node-gyp-bin/.test(directory));
  return [...directories, dirname(process.execPath)].join(delimiter);
}
