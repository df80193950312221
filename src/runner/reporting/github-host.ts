import * as core from "@actions/core";
import type { ActionsHost } from "./actions-host.ts";

/** The Actions run, through the toolkit that GitHub publishes for it. */
export function createGitHubHost(env: Readonly<Record<string, string | undefined>>): ActionsHost {
  return {
    input: (name) => core.getInput(name),
    idToken: (audience) => core.getIDToken(audience),
    setOutput: (name, value) => {
      core.setOutput(name, value);
    },
    maskSecret: (value) => {
      core.setSecret(value);
    },
    startGroup: (title) => {
      core.startGroup(title);
    },
    endGroup: () => {
      core.endGroup();
    },
    info: (line) => {
      core.info(line);
    },
    warning: (sentence) => {
      core.warning(sentence);
    },
    fail: (sentence) => {
      core.setFailed(sentence);
    },
    summarize: async (markdown) => {
      // Runners before the summary page existed do not set it.
      if (env["GITHUB_STEP_SUMMARY"] === undefined) return;
      await core.summary.addRaw(markdown, true).write();
    },
  };
}
