import type { ActionsEngine } from "../../actions/engine/actions-engine.ts";
import type { ForgeContext } from "../../forge-context.ts";
import { registerArtifactsResource } from "./artifacts-resource.ts";
import { registerJobsResource } from "./jobs-resource.ts";
import { registerRunAttemptsResource } from "./run-attempts-resource.ts";
import { registerRunsResource } from "./runs-resource.ts";
import { SignedDownloads } from "./signed-downloads.ts";
import { registerWorkflowsResource } from "./workflows-resource.ts";

/** What the resources of Actions share. */
export interface ActionsContext extends ForgeContext {
  engine: ActionsEngine;
  downloads: SignedDownloads;
}

/** Workflows, runs, jobs, logs and artifacts. */
export function registerActionsResources(context: ForgeContext, engine: ActionsEngine): void {
  const downloads = new SignedDownloads(() => context.hub.date());
  const actions: ActionsContext = { ...context, engine, downloads };
  registerWorkflowsResource(actions);
  registerRunsResource(actions);
  registerRunAttemptsResource(actions);
  registerJobsResource(actions);
  registerArtifactsResource(actions);
}
