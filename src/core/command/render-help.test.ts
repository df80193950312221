import { expect, test } from "vitest";
import { renderHelp } from "./render-help.ts";

test("help lists every command with who may use it", () => {
  const permissions = {
    approve: "maintain",
    retry: "write",
    cancel: "write",
    hold: "triage",
    resume: "triage",
  } as const;
  expect(renderHelp({ permissions }, "baton-app")).toMatchInlineSnapshot(`
    "| Command | What it does | Who may use it |
    | --- | --- | --- |
    | \`/approve [digest]\` | Approves what the task waits for, the plan or the merge; whoever asked for the work cannot approve it, nor whoever pushed onto its branch the merge. | maintain and above |
    | \`/retry [stage] [-- guidance]\` | Tries a stage again, the one the task stopped at if none is named, with your words for the agent after two dashes. | write and above |
    | \`/cancel [-- why]\` | Ends the task for good, stops what runs and closes its pull request; the branch stays. | write and above |
    | \`/hold\` | Stops what runs and keeps the task where it is until somebody resumes it. | triage and above |
    | \`/resume\` | Lets a held task go on. | triage and above |
    | \`/status\` | Brings the status comment, the checks and the label up to date. | everybody |
    | \`/help\` | Lists the commands and who may use each. | everybody |

    A command is the first word of a line of its own. \`/baton approve\` and \`@baton-app approve\` mean \`/approve\`; \`/rerun\` is \`/retry\`, \`/stop\` is \`/cancel\`, \`/pause\` is \`/hold\`, \`/unhold\` is \`/resume\`."
  `);
});

test("help without a readable policy still lists the commands", () => {
  expect(renderHelp(null, "baton-app")).toContain("| `/approve [digest]` |");
});
