import type { ForgeContext } from "../forge-context.ts";
import { registerActionsResources } from "../rest/actions/register-actions-resources.ts";
import { registerActionsPayloads } from "./actions-payloads.ts";
import { ActionsEngine } from "./engine/actions-engine.ts";

/** Workflows: REST resources, triggers, runs. */
export function registerActions(context: ForgeContext): void {
  const engine = new ActionsEngine(context.hub, context.payloads);
  registerActionsPayloads(context);
  registerActionsResources(context, engine);
  context.onStart(() => engine.start());
  context.onClose(() => engine.close());
}
