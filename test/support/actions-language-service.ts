import { registerHooks } from "node:module";
import { parse } from "yaml";

// GitHub's packages import their schemas as JSON without import attributes, which bundlers accept and Node refuses.
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith(".json") || !url.includes("/@actions/")) return nextLoad(url, context);
    return nextLoad(url, { ...context, importAttributes: { type: "json" } });
  },
});

const { validate } = await import("@actions/languageservice/validate");
const { registerLogger } = await import("@actions/languageservice/log");
const { TextDocument } = await import("vscode-languageserver-textdocument");

// What goes wrong inside the service is only logged there, and the file would pass unseen.
const failures: string[] = [];
registerLogger({
  error: (message) => failures.push(message),
  warn: () => undefined,
  info: () => undefined,
  log: () => undefined,
});

let documents = 0;

/** The metadata of an action, as the workflows that use it are held to it. */
export type ActionManifest = { readonly uses: string; readonly text: string };

/**
 * What GitHub's own language service finds wrong with a workflow or an action.yml, a line each; the uses of `action`
 * are compared with its manifest.
 */
export async function lintActionsFile(
  path: string,
  text: string,
  action?: ActionManifest,
): Promise<readonly string[]> {
  // The service keeps what it parsed by the document's address.
  documents += 1;
  const document = TextDocument.create(`file:///${documents}/${path}`, "yaml", 1, text);
  const diagnostics = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name, ref }) => {
        if (action === undefined || `${owner}/${name}@${ref}` !== action.uses) return undefined;
        return parse(action.text) as never;
      },
    },
  });
  if (failures.length > 0) throw new Error(failures.splice(0).join("\n"));
  return diagnostics.map(
    ({ range, message }) =>
      `${path}:${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`,
  );
}
