import { CAPABILITIES } from "../../src/contract/harness/capabilities.ts";
import type { Step } from "../support/models/script.ts";
import type { Subject } from "./subject.ts";

/** How an agent of this harness hands over its result and ends: by a schema, or by a file. */
export function lastWords({ name }: Subject, summary: string): readonly Step[] {
  if (CAPABILITIES[name].has("schema")) return [{ answer: { summary, question: null } }];
  const result = JSON.stringify({ summary });
  return [{ use: [{ shell: `printf %s '${result}' > "$BATON_RESULT"` }] }, { say: summary }];
}
