import { dirname } from "node:path";
import type { Briefing } from "../../contract/briefing.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import type { Job } from "../job.ts";
import type { Examination } from "../sandbox/examine-sandbox.ts";
import { openSandbox, type Sandbox } from "../sandbox/open-sandbox.ts";
import type { Workspace } from "../workspace.ts";
import type { OpenModel } from "./open-model.ts";

/** Opens the session's sandbox with a way to its model, and says in the run's log what it is. */
export async function confineSession(
  job: Pick<Job, "env" | "toolsDir" | "host">,
  briefing: Pick<Briefing, "sandbox">,
  given: {
    readonly examination: Examination;
    readonly workspace: Workspace;
    readonly model: OpenModel | null;
    readonly emit: (event: SessionEvent) => void;
  },
): Promise<Sandbox> {
  const { examination, workspace, model } = given;
  const { workTree, homeDir, tempDir } = workspace;
  job.host.info(examination.summary);
  return openSandbox(examination, {
    folders: { workTree, homeDir, tempDir, exchangeDir: dirname(workspace.resultFile) },
    job: job.env,
    readable: [job.toolsDir],
    wish: briefing.sandbox,
    // The model is at the same address within as without.
    forwards:
      model === null ? [] : [{ port: Number(new URL(model.access.baseUrl).port), socket: model.socketPath }],
    onRefused: (text) => {
      given.emit({ type: "notice", level: "warning", text });
    },
  });
}

/** Why a session must not begin on this machine, in one sentence with a remedy; null where it may. */
export function judgeSandbox(
  { sandbox }: Pick<Briefing, "sandbox">,
  { level, summary }: Examination,
): string | null {
  if (!sandbox.required || level === "full") return null;
  return (
    `The policy requires a sandbox that this runner does not have: use a runner that allows namespaces, as GitHub's ` +
    `own do, or take sandbox.required out of the policy. ${summary}`
  );
}
