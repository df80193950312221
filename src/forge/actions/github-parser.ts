import { registerHooks } from "node:module";

// The package imports its schemas as JSON without import attributes, which bundlers accept and Node refuses.
// Node loads a module's whole static graph before it runs any of it, so the hook helps only dynamic imports.
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith(".json") || !url.includes("/@actions/workflow-parser/")) return nextLoad(url, context);
    return nextLoad(url, { ...context, importAttributes: { type: "json" } });
  },
});

/** GitHub's own parser of workflow files and action manifests, under plain Node. */
export const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } =
  await import("@actions/workflow-parser");

export const { parseAction, convertActionTemplate } = await import("@actions/workflow-parser/actions/index");

export const { ErrorPolicy } = await import("@actions/workflow-parser/model/convert");
