import { availableParallelism } from "node:os";

import type { Hub } from "../../hub/hub.ts";
import type { IdTokenGrants } from "../../oidc/id-token-grants.ts";
import type { DefaultPermissions } from "../workflow/job-permissions.ts";
import type { CancelGrace } from "../worker/job-assignment.ts";
import type { ActionsFiles } from "./actions-files.ts";
import type { ConcurrencyGroups } from "./concurrency-groups.ts";
import type { JobSlots } from "./job-slots.ts";
import type { WorkerProcesses } from "./worker-processes.ts";

/** What the parts of the engine share. */
export interface EngineServices {
  hub: Hub;
  files: ActionsFiles;
  settings: EngineSettings;
  groups: ConcurrencyGroups;
  slots: JobSlots;
  workers: WorkerProcesses;
  idTokens: IdTokenGrants;
  /** Aborted when the forge closes: nothing is recorded any more. */
  closing: AbortSignal;
}

export interface EngineSettings {
  /** Jobs that run at the same time; by default one for each processor. */
  parallelJobs: number;
  grace: CancelGrace;
  /** What a repository gives to workflows that declare no permissions. */
  defaultPermissions: DefaultPermissions;
  /** Variables for all jobs, besides the few that are taken over from the forge's own environment. */
  environment: Readonly<Record<string, string>>;
  /** Keeps the directories of ended jobs, to look at. */
  keepJobDirectories: boolean;
}

/** The periods of grace are those of GitHub's runner. */
export const defaultSettings: EngineSettings = {
  parallelJobs: availableParallelism(),
  grace: { interruptMs: 7500, terminateMs: 2500, jobMs: 300_000 },
  defaultPermissions: "read",
  environment: {},
  keepJobDirectories: false,
};
