import type { Logger } from "probot";

const quiet = () => undefined;

/** A log for Probot that says nothing: tests ask for refusals, which Octokit and Probot would write down. */
export const silentLog = {
  level: "silent",
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  fatal: quiet,
  silent: quiet,
  child: () => silentLog,
} as unknown as Logger;
