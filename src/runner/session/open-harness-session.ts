import type { Briefing } from "../../contract/briefing.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import { sessionEnvironment } from "../briefing/session-environment.ts";
import type { HarnessSession, ModelAccess } from "../harness/harness.ts";
import { installCli } from "../harness/install-cli.ts";
import { installPackage } from "../harness/install-package.ts";
import type { Job } from "../job.ts";
import type { Sandbox } from "../sandbox/open-sandbox.ts";
import type { Workspace } from "../workspace.ts";
import type { StopControl } from "./stop-control.ts";

/** All that a harness may use of a job and its workspace. */
export function openHarnessSession(
  job: Pick<Job, "env" | "passEnv" | "timers" | "toolsDir">,
  given: {
    readonly briefing: Briefing;
    readonly prompt: string;
    readonly workspace: Omit<Workspace, "place" | "bundleFile">;
    readonly model: ModelAccess | null;
    readonly sandbox: Sandbox;
    readonly stop: Pick<StopControl, "signal" | "grace" | "passLimit">;
    readonly emit: (event: SessionEvent) => void;
    readonly readBaseFile: (path: string) => Promise<string | null>;
  },
): HarnessSession {
  const { briefing, workspace, sandbox, stop, emit } = given;
  const { timers } = job;
  const env = sessionEnvironment(job.env, {
    homeDir: workspace.homeDir,
    tempDir: workspace.tempDir,
    passEnv: job.passEnv,
    own: {
      ...sandbox.env,
      BATON_BRIEFING: workspace.briefingFile,
      BATON_PROMPT: workspace.promptFile,
      BATON_RESULT: workspace.resultFile,
      BATON_SKILLS: workspace.skillsDir,
      BATON_STAGE: briefing.stage,
      BATON_ATTEMPT: briefing.attempt,
    },
  });
  const machine = { directory: job.toolsDir, env: job.env, stop: stop.signal, timers, emit };
  let isStarted = false;
  return {
    briefing,
    prompt: given.prompt,
    workTree: workspace.workTree,
    homeDir: workspace.homeDir,
    resultFile: workspace.resultFile,
    skillsDir: workspace.skillsDir,
    mcpServers: [],
    env,
    model: given.model,
    isConfined: sandbox.held.level === "full",
    stop: stop.signal,
    timers,
    emit,
    started: (told) => {
      if (isStarted) return;
      isStarted = true;
      const { name, model } = briefing.harness;
      emit({ type: "run.started", harness: name, ...told, model, sandbox: sandbox.held });
      const { level, summary } = sandbox.held;
      if (level !== "full") emit({ type: "notice", level: "warning", text: summary });
    },
    readBaseFile: given.readBaseFile,
    installCli: (cli) => installCli(machine, cli),
    installPackage: (wanted) => installPackage(machine, wanted),
    run: (program) =>
      sandbox.run(
        { ...program, cwd: workspace.workTree, env: { ...env, ...program.env } },
        {
          stop: program.stop === undefined ? stop.signal : AbortSignal.any([stop.signal, program.stop]),
          grace: stop.grace,
          timers,
          onLimit: stop.passLimit,
        },
      ),
  };
}
